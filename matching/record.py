"""What is known of a business in one place of one source: the input of matching."""

from dataclasses import dataclass
from typing import Final

PRELIST: Final = "prelist"
FIELD: Final = "field"
ONLINE: Final = "online"
SOURCES: Final = frozenset({PRELIST, FIELD, ONLINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as it was written; nothing is cleaned yet, and everything may be absent.

    `latitude` and `longitude` are degrees (WGS 84), `accuracy` metres, `sls` 14 or 16 digits.
    """

    record_id: str
    source: str
    enumerator: str | None = None
    name: str | None = None
    owner: str | None = None
    address: str | None = None
    phone: str | None = None
    nib: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    kbli: str | None = None
    sls: str | None = None
