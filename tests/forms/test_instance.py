import pytest

from forms.errors import UnreadableXml
from forms.instance import MAX_NODES, read_submission


def test_a_submission_names_its_form_and_itself() -> None:
    found = read_submission(
        b'<data xmlns:orx="http://openrosa.org/xforms" id=" f " version="2"><a/>'
        b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID>"
        b"<orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta></data>"
    )
    assert (found.form_id, found.version) == ("f", "2")
    assert (found.instance_id, found.deprecated_id) == ("uuid:1", "uuid:0")
    assert found.root[0].tag == "a"


@pytest.mark.parametrize(
    "inner", [b"", b"<meta/>", b"<meta><instanceID> </instanceID></meta>"], ids=repr
)
def test_without_an_instance_id_there_is_none(inner: bytes) -> None:
    found = read_submission(b'<data id="f">' + inner + b"</data>")
    assert (found.version, found.instance_id, found.deprecated_id) == ("", None, None)


@pytest.mark.parametrize(
    "body",
    [b"<data/>", b'<data id=" "/>', b'<data id="f">' + b"<a/>" * MAX_NODES + b"</data>"],
    ids=["no id", "blank id", "too many nodes"],
)
def test_what_is_no_submission_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableXml):
        read_submission(body)
