import pytest

from forms.errors import FormsError
from forms.lists import ListTable, StaticLists


def test_a_list_is_indexed_by_text_and_by_number() -> None:
    table = ListTable.from_csv(b'\xef\xbb\xbfname,label\r\n01,"Satu, dua"\r\n\r\n1,Tiga\r\nx,\r\n')
    assert [row["label"] for row in table.rows] == ["Satu, dua", "Tiga", ""]
    assert [row["label"] for row in table.index("name")["1"]] == ["Tiga"]
    assert [row["label"] for row in table.numbers("name")[1.0]] == ["Satu, dua", "Tiga"]
    assert len(table.index("colour")[""]) == 3
    assert table.index("name") is table.index("name")
    assert table.numbers("name") is table.numbers("name")
    assert set(table.numbers("name")) == {1.0}
    assert ListTable.from_csv(b"").rows == ()


@pytest.mark.parametrize(
    ("body", "line"),
    [(b"a,b\n1\n", 2), (b'a\n"x\n', 2), (b"a\n\xff\n", 2), (b"a\n1\n2,3\n", 3)],
)
def test_a_broken_list_says_in_which_line(body: bytes, line: int) -> None:
    with pytest.raises(FormsError, match=f"Line {line}"):
        ListTable.from_csv(body)


def test_a_list_that_is_not_held_is_none() -> None:
    table = ListTable([{"name": "1"}])
    lists = StaticLists({"a": table})
    assert lists.table("a") is table
    assert lists.table("b") is None
