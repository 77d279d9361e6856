"""What a release shows and what it keeps back."""

import re
from typing import Final

from forms.dictionary import Variable

# Written into a cell in place of an answer; the codebook explains them.
NOT_ASKED: Final = "-1"
NO_ANSWER: Final = "-2"
NOT_VALID: Final = "-3"  # what stands there fits no code or is no number: it may be anything

#: Direct identifiers, coordinates and free text, by leaf name: never in a release.
WITHHELD: Final = frozenset(
    {
        "business_name", "commercial_name", "street", "block_no", "rt", "rw", "postcode", "phone",
        "mobile", "email", "website", "nib", "owner_name", "owner_nik", "respondent_name", "geotag",
        "front_photo", "notes", "visit_note", "unit_id", "entity_id", "fresh_id",
        "unit_label", "branch_label", "returned",
        "letter_code", "duplicate_of", "idsubsls", "building_no", "business_no",
        "zone_name", "activity", "inputs", "process", "deviceid", "audit", "instanceID",
        "instanceName", "start", "end", "today",
        "kelurahan",  # stands as a key column, taken from the document's sub-SLS
    }
)  # fmt: skip

#: Answers in the officer's or the respondent's own words may name somebody.
_OPEN_TYPES: Final = frozenset({"string", "binary", "geopoint", "geotrace", "geoshape", "barcode"})

_FORMULA: Final = re.compile(r"[=+\-@\t\r](?!\d+([.,]\d+)?$)", re.ASCII)

_NUMBERS: Final = frozenset({"int", "long", "decimal"})
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MOMENTS: Final = frozenset({"date", "time", "dateTime"})
_MOMENT: Final = re.compile(r"[0-9T:.+Z-]{1,40}", re.ASCII)

FOUND: Final = frozenset({"1", "2"})  # presence of an establishment that was interviewed


def is_released(variable: Variable) -> bool:
    """Tell whether a variable may leave: no identifier, and no open text but calculations."""
    if variable.kind == "meta" or variable.name in WITHHELD:
        return False
    is_open = variable.type in _OPEN_TYPES and not variable.codes and variable.external is None
    return not is_open or variable.kind == "calculation"


def fits_type(variable: Variable, value: str) -> bool:
    """Tell whether an answer to a question for a number or a moment can be one."""
    if variable.type in _NUMBERS:
        return _NUMBER.fullmatch(value) is not None
    return variable.type not in _MOMENTS or _MOMENT.fullmatch(value) is not None


def inert(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula; numbers stay as they are."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def has_labels(variable: Variable) -> bool:
    """Tell whether its values are codes that a second column puts into words."""
    return bool(variable.codes) or variable.external is not None
