"""Choice lists: rows with an index per column, built when first asked for."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, Self

from forms.errors import FormsError
from forms.xpath.context import Row
from forms.xpath.values import to_number


class ListTable:
    """A list in memory. `rows` keep the order of the file; every cell is text."""

    __slots__ = ("_by_number", "_by_text", "rows")

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: Sequence[Row] = tuple(rows)
        self._by_text: dict[str, dict[str, list[Row]]] = {}
        self._by_number: dict[str, dict[float, list[Row]]] = {}

    @classmethod
    def from_csv(cls, body: bytes) -> Self:
        """Read UTF-8 CSV with a header line. Raises FormsError naming the line."""
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            raise FormsError(
                f"Line {line} of the list is not UTF-8: save it as CSV UTF-8"
            ) from None
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = next(reader, [])
            rows = [
                dict(zip(header, cells, strict=True))
                for cells in reader
                if any(map(str.strip, cells))
            ]
        except (csv.Error, ValueError):
            raise FormsError(
                f"Line {reader.line_num} of the list does not match the header: "
                "give every line as many cells as the first, and close every quote"
            ) from None
        return cls(rows)

    def index(self, column: str) -> Mapping[str, Sequence[Row]]:
        """Rows by the exact text of a column; a row without the column counts as ''."""
        found = self._by_text.get(column)
        if found is None:
            found = {}
            for row in self.rows:
                found.setdefault(row.get(column, ""), []).append(row)
            self._by_text[column] = found
        return found

    def numbers(self, column: str) -> Mapping[float, Sequence[Row]]:
        """Rows by the number in a column; rows without a number there are left out."""
        found = self._by_number.get(column)
        if found is None:
            found = {}
            for row in self.rows:
                number = to_number(row.get(column, ""))
                if number == number:  # noqa: PLR0124 - only NaN differs from itself
                    found.setdefault(number, []).append(row)
            self._by_number[column] = found
        return found


class Lists(Protocol):
    """The external lists this side holds, by the stem of their file name ('kbli')."""

    def table(self, name: str) -> ListTable | None:
        """Return the list; None when it is not known here: membership is then not checked."""


class StaticLists:
    """Lists held in a dictionary."""

    def __init__(self, tables: Mapping[str, ListTable] | None = None) -> None:
        self._tables = dict(tables or {})

    def table(self, name: str) -> ListTable | None:
        """Return the list, or None."""
        return self._tables.get(name)
