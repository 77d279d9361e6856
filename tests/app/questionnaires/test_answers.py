from app.questionnaires.answers import leaf_values, told_in
from forms.instance import read_submission


def values(inner: str, head: str = "") -> dict[str, str]:
    return leaf_values(read_submission(f'<data id="f" {head}>{inner}</data>'.encode()))


def test_leaves_are_found_at_any_depth_by_their_local_name() -> None:
    assert values("<a>1</a><g><h><b> two </b></h></g>") == {"a": "1", "b": "two"}


def test_namespaces_do_not_matter() -> None:
    head = 'xmlns="urn:form" xmlns:orx="http://openrosa.org/xforms"'
    inner = "<a>1</a><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
    assert values(inner, head) == {"a": "1", "instanceID": "uuid:1"}


def test_of_a_repeat_the_first_counts() -> None:
    assert values("<v><r>1</r></v><v><r>2</r></v>") == {"r": "1"}


def test_an_empty_leaf_is_empty_and_a_group_is_no_leaf() -> None:
    assert values("<a/><g> <b/> </g>") == {"a": "", "b": ""}


def test_comments_are_no_answers() -> None:
    assert values("<a><!-- remark -->1</a>") == {"a": "1"}


def test_bytes_are_told_alike_whoever_asks_and_however_long() -> None:
    short = b'<data id="f" version="1"><a>1</a></data>'
    long = short.replace(b"1</a>", b"1" * 60_000 + b"</a>")
    for body in (short, short, long):
        told = told_in(body)
        assert told is not None
        assert told.submission.form_id == "f"
        assert told.values == leaf_values(read_submission(body))


def test_what_is_no_submission_tells_nothing() -> None:
    assert told_in(b"<data") is None
    assert told_in(b"<data/>") is None
