"""What `fill` writes, `validate` has nothing against, where the answers keep the rules."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from forms.fill import fill
from forms.instance import read_submission
from forms.validate import validate
from tests.support.questionnaires import NO_LISTS, questionnaire

FORM = questionnaire(
    """
    | type          | name   | relevant     | required | constraint    | calculation        |
    | integer       | n      |              | yes      | . >= 0        |                    |
    | begin_group   | many   | ${n} > 10    |          |               |                    |
    | text          | why    |              | yes      | . != 'no'     |                    |
    | calculate     | long   |              |          |               | string-length(${why}) > 5 |
    | end_group     |        |              |          |               |                    |
    | begin_repeat  | visit  | ${n} > 5     |          |               |                    |
    | decimal       | paid   |              | yes      | . >= 0        |                    |
    | text          | extra  | ${paid} > ${n} |        |               |                    |
    | calculate     | place  |              |          |               | position(..)       |
    | end_repeat    |        |              |          |               |                    |
    | calculate     | total  |              |          |               | sum(${paid}) div 3 |
    | calculate     | key    |              |          |               | once(uuid())       |
    | calculate     | now    |              |          |               | now()              |
    | calculate     | day    |              |          |               | today()            |"""
)
WORDS = st.text("abc dé<&>", min_size=1, max_size=12).filter(str.strip)
MONEY = st.decimals(0, 10**12, places=2, allow_nan=False).map(str)
ROWS = st.lists(st.fixed_dictionaries({"paid": MONEY, "extra": WORDS}), max_size=4)


@given(
    st.fixed_dictionaries({"n": st.integers(0, 20).map(str), "why": WORDS, "visit": ROWS}),
    st.uuids(),
)
def test_right_answers_have_no_findings(answers: dict[str, object], instance: object) -> None:
    body = fill(
        FORM,
        answers,
        NO_LISTS,
        instance_id=f"uuid:{instance}",
        start=datetime(2026, 6, 20, 2, tzinfo=UTC),
        end=datetime(2026, 6, 20, 3, tzinfo=UTC),
        device_id="device",
    )
    submission = read_submission(body)
    report = validate(FORM, submission, NO_LISTS)
    assert report.findings == ()
    assert submission.instance_id == f"uuid:{instance}"
    assert report.values["/data/n"] == answers["n"]
    assert ("/data/many/why" in report.values) == (int(str(answers["n"])) > 10)
