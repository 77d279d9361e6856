"""The columns of a release, and the cells of one document."""

from collections.abc import Iterator, Mapping, Sequence

from app.export.rules import (
    NO_ANSWER,
    NOT_ASKED,
    NOT_VALID,
    fits_type,
    has_labels,
    is_released,
)
from forms.dictionary import Variable, variables
from forms.lists import Lists
from forms.schema import Questionnaire


def released(form: Questionnaire) -> list[Variable]:
    """Give the variables that a release of this form shows, in the form's order."""
    return [variable for variable in variables(form) if is_released(variable)]


def header(shown: Sequence[Variable]) -> list[str]:
    """Give the names of the columns: a coded variable has one for its code, one for its words."""
    return [name for variable in shown for name in _names(variable)]


def cells(
    shown: Sequence[Variable], values: Mapping[str, str], lists: Lists, *, row: str = ""
) -> list[str]:
    """Give one row. `values` holds every relevant node by path; `row` is a repeat's own path."""
    return [cell for variable in shown for cell in _cells(variable, values, lists, row)]


def rows_of(repeat: str, values: Mapping[str, str]) -> list[str]:
    """Give the paths of the instances of a repeat, in order: `/data/visit[1]` first."""
    found: dict[str, None] = {}
    for path in values:
        if path.startswith(f"{repeat}["):
            found[path[: path.index("]", len(repeat)) + 1]] = None
    return list(found)


def _names(variable: Variable) -> Iterator[str]:
    yield variable.name
    if has_labels(variable):
        yield f"{variable.name}_label"


def _cells(variable: Variable, values: Mapping[str, str], lists: Lists, row: str) -> Iterator[str]:
    path = row + variable.path.removeprefix(variable.repeat or "") if row else variable.path
    value = values.get(path)
    if has_labels(variable):
        yield from _coded(variable, value, lists)
    elif value is None:
        yield NOT_ASKED
    elif value == "":
        yield NO_ANSWER
    else:
        yield value if fits_type(variable, value) else NOT_VALID


def _coded(variable: Variable, value: str | None, lists: Lists) -> tuple[str, str]:
    """Give code and words; what is no code of the question may be anything, and stays here."""
    if value is None:
        return NOT_ASKED, NOT_ASKED
    if value == "":
        return NO_ANSWER, NO_ANSWER
    words = [_label(variable, each, lists) for each in _values(variable, value)]
    if None in words:
        return NOT_VALID, NOT_VALID
    return value, "; ".join(word for word in words if word)


def _values(variable: Variable, value: str) -> list[str]:
    return value.split() if variable.type in {"select", "rank"} else [value]


def _label(variable: Variable, value: str, lists: Lists) -> str | None:
    """Give the words of a code; None for what is no code."""
    for code, labels in variable.codes:
        if code == value:
            return next(iter(labels.values()), "")
    table = lists.table(variable.external) if variable.external else None
    rows = table.index("name").get(value, ()) if table else ()
    return rows[0].get("label", "") if rows else None
