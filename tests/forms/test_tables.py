import pytest

from forms.tables import DefinitionError, Place, as_sheet, join_rows, read_tables

QUESTIONS = """
# Blok / Block

Prose | with a bar is no table.

| type | name | label |
|---|:--|---|
| text | a | A |
| calculate | b | |

Then the rules:

| name | relevant |
|---|---|
| b | `${a} = 'x\\|y'` |
"""
AGAIN = "| name | x |\n|---|---|\n| a | B |\n"


def rows_of(text: str) -> list[dict[str, str]]:
    return [row.cells for row in join_rows(read_tables(text, "block.md"))]


def test_narrow_tables_join_by_name() -> None:
    assert rows_of(QUESTIONS) == [
        {"type": "text", "name": "a", "label": "A"},
        {"type": "calculate", "name": "b", "relevant": "${a} = 'x|y'"},
    ]


def test_every_cell_knows_where_it_was_written() -> None:
    _, second = join_rows(read_tables(QUESTIONS, "block.md"))
    assert second.places["name"] == Place("block.md", 9, "name")
    assert str(second.places["relevant"]) == "block.md, line 15, column “relevant”"


def test_only_a_whole_cell_in_backquotes_is_code() -> None:
    table = "| type | name | label |\n|---|---|---|\n| text | a | say `a` and `b` now |\n"
    assert rows_of(table)[0]["label"] == "say `a` and `b` now"


def test_a_sheet_leaves_empty_cells_out_and_knows_all_columns() -> None:
    sheet, header = as_sheet(join_rows(read_tables(QUESTIONS, "block.md")))
    assert "label" not in sheet[1]
    assert list(header[0]) == ["type", "name", "label", "relevant"]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("| type | name |\n| text | a |\n", "line 1", "dashes"),
        ("| type | name |\n", "line 1", "dashes"),
        ("| type | type |\n|---|---|\n", "line 1", "twice"),
        ("| type | |\n|---|---|\n", "line 1", "no name"),
        ("| type | name |\n|---|---|\n| text |\n", "line 3", "1 cells"),
        ("| type | name |\n|---|---|\n| text | a | b |\n", "line 3", "3 cells"),
        (
            "| type | name |\n|---|---|\n| text | a |\n\n| name | hint |\n|---|---|\n| b | B |\n",
            "line 7",
            "“b”",
        ),
        (
            "| type | name | x |\n|---|---|---|\n| text | a | A |\n\n" + AGAIN,
            "line 7, column “x”",
            "already in line 3",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, where: str, what: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        rows_of(text)
    assert f"block.md, {where}" in str(caught.value)
    assert what in str(caught.value)


def test_a_text_without_tables_has_none() -> None:
    assert read_tables("# Only a heading\n\nand prose.\n", "block.md") == ()
