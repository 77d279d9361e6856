"""Merged cells lose texts; a workbook with them is refused where they stand."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from forms.places import DefinitionError
from forms.workbook import read_workbook


def written(span: str) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in (["type", "name", "label", "_note"], ["text", "a", "A", "x"], ["text", "b", "B"]):
        sheet.append(row)
    sheet.merge_cells(span)
    body = BytesIO()
    book.save(body)
    return body.getvalue()


@pytest.mark.parametrize(("span", "place"), [("C2:C3", "survey, baris 2, kolom “label”")])
def test_merged_cells_are_refused_at_their_place(span: str, place: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_workbook(written(span), "a.xlsx")
    assert refused.value.place is not None
    assert refused.value.place.told("id") == place
    assert span in refused.value.texts["id"]


@pytest.mark.parametrize("span", ["F2:F9", "F1:G1"])
def test_cells_beyond_the_table_may_be_merged(span: str) -> None:
    assert len(read_workbook(written(span), "a.xlsx").rows("survey")) == 2
