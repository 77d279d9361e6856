import pytest

from sync.codecs import stream
from sync.codecs.batch import PullAnswer
from sync.cursor import Change
from sync.errors import Unreadable

FIRST = [Change(1, "unit", "u1", {"name": "Warung é\n"}, "3375"), Change(2, "unit", "u2", None)]
THEN = [Change(0, "area", "", None)]


def answer() -> list[str]:
    body = stream.head(2, {"3375": 17})
    body += b"".join(map(stream.line, FIRST)) + stream.mark("one", has_more=True)
    body += b"".join(map(stream.line, THEN)) + stream.mark("two", has_more=False)
    return body.decode().splitlines()


def stretch(changes: list[Change], cursor: str, *, more: bool) -> PullAnswer:
    return PullAnswer(
        epoch=2,
        backed_up_through={"3375": 17},
        changes=tuple(changes),
        next_cursor=cursor,
        has_more=more,
    )


def test_an_answer_comes_out_as_it_went_in() -> None:
    assert list(stream.read(answer())) == [
        stretch(FIRST, "one", more=True),
        stretch(THEN, "two", more=False),
    ]


@pytest.mark.parametrize("count", range(6))
def test_what_arrived_before_a_break_is_given_and_the_break_told(count: int) -> None:
    lines = answer()[:count]
    if count == 4:
        lines.append('{"seq":')  # in the middle of one
    given: list[PullAnswer] = []
    with pytest.raises(Unreadable) as error:
        given.extend(stream.read(lines))
    assert error.value.code == "bad_answer"
    assert given == ([stretch(FIRST, "one", more=True)] if count >= 4 else [])


@pytest.mark.parametrize(
    "line",
    ["[]", "{}", '{"seq": 1, "kind": "k", "key": 1}', '{"next_cursor": 7}', '{"seq": -1}'],
)
def test_a_line_that_is_none_is_told_as_such(line: str) -> None:
    with pytest.raises(Unreadable):
        list(stream.read([answer()[0], line, answer()[-1]]))
