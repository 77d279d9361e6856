"""Where a cell of a questionnaire's source stands, and what is wrong there."""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from forms.errors import FormsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS = {"en": ("line", "row", "column"), "id": ("baris", "baris", "kolom")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands.

    file: path within the definition, or the sheet's name where `in_sheet`
    line: line of the file or row of the sheet, from 1
    column: the column's name, '' for the whole row
    """

    file: str
    line: int
    column: str = ""
    in_sheet: bool = False

    def __str__(self) -> str:
        """File, line and column for a person, in English."""
        return self.told("en")

    def told(self, language: str) -> str:
        """File, line and column for a person: `survey, baris 14, kolom “constraint”`."""
        line, row, column = _WORDS.get(language, _WORDS["en"])
        where = f"{self.file}, {row if self.in_sheet else line} {self.line}"
        return f"{where}, {column} “{self.column}”" if self.column else where

    def at(self, column: str) -> "Place":
        """Give the place of another column of the same row."""
        return replace(self, column=column)

    def error(self, what: str, todo: str, *, indonesian: str = "") -> "DefinitionError":
        """Make the error for this place: what is wrong, what to do."""
        return DefinitionError(f"{what} {todo}", place=self, indonesian=indonesian)


class DefinitionError(FormsError):
    """A questionnaire's source that cannot be compiled: says where, what, and what to do.

    place: the cell, None where the fault has none
    texts: what is wrong and what to do, by language, without the place
    """

    def __init__(self, message: str, *, place: Place | None = None, indonesian: str = "") -> None:
        self.place = place
        self.texts: Mapping[str, str] = MappingProxyType(
            {"en": message, "id": indonesian or message}
        )
        super().__init__(f"{place}: {message}" if place else message)

    def told(self, language: str) -> str:
        """Say it for a person, with the place."""
        text = self.texts.get(language, self.texts["en"])
        return f"{self.place.told(language)}: {text}" if self.place else text
