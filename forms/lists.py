"""Choice lists: rows with an index per column, built when first asked for."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, Self

from lxml import etree

from forms.errors import FormsError
from forms.features import read_features
from forms.safexml import parse_xml
from forms.xpath.context import Row
from forms.xpath.entries import Entry
from forms.xpath.values import to_number


class ListTable:
    """A list in memory. `rows` keep the order of the file; every cell is text.

    A list read from XML or GeoJSON may have any shape: it is then a tree as well, and has rows as
    far as its outermost element holds elements of one name.
    """

    __slots__ = ("_by_number", "_by_text", "_root", "flat", "names", "rows")

    def __init__(
        self,
        rows: Iterable[Row],
        names: tuple[str, str] = ("root", "item"),
        root: Entry | None = None,
    ) -> None:
        self.rows: Sequence[Row] = tuple(rows)
        self.names = names
        self.flat = root is None or _is_flat(root)
        self._root = root
        self._by_text: dict[str, dict[str, list[Row]]] = {}
        self._by_number: dict[str, dict[float, list[Row]]] = {}

    @classmethod
    def from_file(cls, name: str, body: bytes) -> Self:
        """Read a list by the ending of its file's name: .xml, .geojson, else CSV.

        Raises FormsError, saying what is wrong and where.
        """
        ending = name.rpartition(".")[2].lower()
        if ending == "xml":
            return cls.from_xml(body)
        return cls.from_geojson(body) if ending == "geojson" else cls.from_csv(body)

    @classmethod
    def from_xml(cls, body: bytes) -> Self:
        """Read XML of any shape. Raises UnreadableXml."""
        return cls.from_element(parse_xml(body))

    @classmethod
    def from_element(cls, element: etree._Element) -> Self:
        """Read a list whose outermost element is at hand."""
        root = Entry.from_element(element)
        names = (root.name, next(iter(root.kids), "item"))
        plain = len(root.kids) == 1
        return cls(map(_row, root.kids[names[1]]) if plain else (), names, root)

    @classmethod
    def from_geojson(cls, body: bytes) -> Self:
        """Read a collection of features as ODK does: properties, geometry and id are columns."""
        return cls(read_features(body))

    @property
    def root(self) -> Entry:
        """The list as a tree, made when first asked for."""
        if self._root is None:
            self._root = Entry.from_rows(self.names, self.rows)
        return self._root

    @property
    def none(self) -> "ListTable":
        """A list without rows."""
        return _NONE

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


def _row(entry: Entry) -> Row:
    row = {name: kids[0].value for name, kids in entry.kids.items()}
    row.update((f"@{name}", text) for name, text in entry.attributes.items())
    if entry.value:
        row[""] = entry.value
    return row


def _is_flat(root: Entry) -> bool:
    """Whether rows say all there is: one level of elements that occur once each."""
    if len(root.kids) > 1 or root.attributes:
        return False
    cells = [cell for rows in root.kids.values() for row in rows for cell in row.kids.values()]
    return all(len(cell) == 1 and not cell[0].kids and not cell[0].attributes for cell in cells)


_NONE = ListTable(())


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

    def having(self, tables: "Mapping[str, ListTable]") -> "StaticLists":
        """Return these lists and more, which take the place of those of the same name."""
        return StaticLists({**self._tables, **tables})
