"""What may be said of assignments and announcements, and what entries say of them; pure."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.core.problems import Invalid
from sync.journal import Entry

ANNOUNCEMENT: Final = "announcement"  # kind of entries, and of changes in the feed
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE = 200, 4000, 500
_SUB_SLS = re.compile(r"[0-9]{16}", re.ASCII)
_AREA = re.compile(r"[0-9]{4}([0-9]{3}([0-9]{3}([0-9]{4}([0-9]{2})?)?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who is to work a sub-SLS; no officer: nobody."""

    idsubsls: str
    officer: UUID | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What is told in an area between two days, both included."""

    lane: str
    announcement_id: str
    area_code: str
    title: str
    text: str
    valid_from: date
    valid_until: date
    announced_by: str
    announced_at: datetime
    position: int
    is_withdrawn: bool = False


def withdrawn(entry: Entry) -> str | None:
    """Give which announcement an entry of the kind `announcement` withdraws, if it does."""
    said = json.loads(entry.body)
    return str(said["withdraws"]) if "withdraws" in said else None


def announced(entry: Entry) -> Announced:
    """Read an entry that announces something."""
    said: dict[str, Any] = json.loads(entry.body)
    return Announced(
        lane=entry.lane,
        announcement_id=entry.instance_id,
        area_code=said["area"],
        title=said["title"],
        text=said["text"],
        valid_from=date.fromisoformat(said["valid_from"]),
        valid_until=date.fromisoformat(said["valid_until"]),
        announced_by=entry.actor,
        announced_at=entry.received_at,
        position=entry.position,
    )


def checked_sub_sls(code: str) -> str:
    """Give a sub-SLS of 16 digits; raises Invalid."""
    if not _SUB_SLS.fullmatch(code):
        raise Invalid(
            "Sub-SLS ditulis dengan 16 angka.", "A sub-SLS has 16 digits.", code="bad_area"
        )
    return code


def checked_area(code: str) -> str:
    """Give the code of an area within a regency; raises Invalid."""
    if not _AREA.fullmatch(code):
        raise Invalid(
            "Pilih wilayah: kode BPS 4, 7, 10, 14 atau 16 angka.",
            "Choose an area: a BPS code of 4, 7, 10, 14 or 16 digits.",
            code="bad_area",
        )
    return code


def checked_text(text: str, longest: int, *, required: bool) -> str:
    """Give a text without what a database cannot hold; raises Invalid."""
    kept = "".join(each for each in text if each.isprintable() or each in "\r\n\t").strip()
    if required and not kept:
        raise Invalid("Judul dan isi harus diisi.", "Title and text are needed.", code="no_text")
    if len(kept) > longest:
        raise Invalid(
            f"Teks terlalu panjang; paling banyak {longest} huruf.",
            f"The text is too long; {longest} characters at most.",
            code="text_too_long",
        )
    return kept


def check_days(valid_from: date, valid_until: date) -> None:
    """Raise Invalid where an announcement would end before it begins."""
    if valid_until < valid_from:
        raise Invalid(
            "Tanggal akhir mendahului tanggal mulai.",
            "The last day lies before the first.",
            code="bad_days",
        )
