"""What an entry says of a unit, and what a unit is by all that was said of it; pure."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.areas.codes import LENGTHS, Level
from app.questionnaires.answers import told_in
from app.registry.identity import owner_key
from matching.normalise.numbers import phone_number
from sync.envelope import is_identifier
from sync.journal import Entry

PRELIST = "prelist"  # kind of entry, and origin of a unit
FIELD = "field"
NEW, DUPLICATE = "2", "4"
PRESENCES = frozenset({"00", "1", NEW, "3", DUPLICATE, "9"})
MAIN_FORM = "se2026_l"
LISTINGS = frozenset({"se2026_p", "se2026_psls", "se2026_lkp"})  # of many units, or of none
KELURAHAN_DIGITS = LENGTHS[Level.KELURAHAN]
SUB_SLS_DIGITS = LENGTHS[Level.SUB_SLS]
LONGEST = 300  # characters of a text that is shown; the journal keeps the whole
PRELIST_TEXTS = (
    "idsbr", "idsubsls", "business_name", "owner_name", "address", "kbli", "phone", "nib",
)  # fmt: skip
_SUB_SLS = re.compile(r"[0-9]{16}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prelisted:
    """A row of `prelist_unit`."""

    lane: str
    unit_id: str
    position: int
    instance_id: str
    digest: str
    idsbr: str = ""
    idsubsls: str = ""
    business_name: str = ""
    owner_name: str = ""
    address: str = ""
    kbli: str = ""
    phone: str = ""
    nib: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A row of `unit_report`."""

    lane: str
    document_id: str
    position: int
    unit_id: str
    claimed_id: str
    form_id: str
    presence: str | None
    duplicate_of: str = ""
    area_code: str | None
    business_name: str
    owner_name: str
    address: str
    kbli: str
    mobile: str
    nib: str
    owner_key: str
    latitude: float | None
    longitude: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A row of `unit`."""

    lane: str
    unit_id: str
    origin: str
    area_code: str
    prelist_area_code: str | None
    presence: str | None
    business_name: str
    owner_name: str
    address: str
    kbli: str
    latitude: float | None
    longitude: float | None
    document_id: str | None
    report_count: int
    updated_position: int


@dataclass(frozen=True, slots=True)
class Sources:
    """All that speaks of one unit: the prelist, the newest report, and how many there are."""

    prelist: Prelisted | None
    report: Reported | None
    report_count: int


def prelisted(entry: Entry) -> Prelisted | None:
    """Read a prelist entry; None where its body is no prelist row."""
    try:
        told = json.loads(entry.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not is_unit_id(told.get("unit_id")):
        return None
    texts = {name: _text(told.get(name)) for name in PRELIST_TEXTS}
    return Prelisted(
        lane=entry.lane,
        unit_id=told["unit_id"],
        position=entry.position,
        instance_id=entry.instance_id,
        digest=entry.digest,
        **texts,
    )


def reported(entry: Entry, document_id: str) -> Reported | None:
    """Read what a submission, the current version of a document, says of its unit.

    None where the body cannot be read, or is another kind of questionnaire.
    """
    told = told_in(entry.body)
    if told is None or not is_about_unit(entry.form_id, told.values):
        return None
    values = told.values
    claimed = values.get("unit_id", "")
    claimed = claimed if is_unit_id(claimed) else ""
    presence = values.get("presence", "")
    latitude, longitude, accuracy = geopoint(values.get("geotag", ""))
    return Reported(
        lane=entry.lane,
        document_id=document_id,
        position=entry.position,
        unit_id=document_id if presence == NEW or not claimed else claimed,
        claimed_id=claimed,
        form_id=entry.form_id,
        presence=presence if presence in PRESENCES else None,
        duplicate_of=_twin(presence, values.get("duplicate_of", "")),
        area_code=area_in(entry.lane, values.get("idsubsls", "")),
        business_name=_text(values.get("business_name") or values.get("commercial_name")),
        owner_name=_text(values.get("owner_name")),
        address=_address(values),
        kbli=_text(values.get("kbli")),
        mobile=_mobile(values),
        nib=_text(values.get("nib")),
        owner_key=owner_key(entry.lane, values.get("owner_nik", "")),
        latitude=latitude,
        longitude=longitude,
        accuracy=accuracy,
    )


def _twin(presence: str, named: str) -> str:
    return named if presence == DUPLICATE and is_unit_id(named) else ""


def is_about_unit(form_id: str, values: Mapping[str, str]) -> bool:
    """Tell whether a submission is about one unit; a listing names units without being so."""
    return form_id == MAIN_FORM or (form_id not in LISTINGS and "presence" in values)


def derived(lane: str, unit_id: str, sources: Sources) -> Derived | None:
    """Give the unit that these sources make; None where nothing speaks of it any more."""
    prelist, report = sources.prelist, sources.report
    if prelist is None and report is None:
        return None
    home = None if prelist is None else area_in(lane, prelist.idsubsls) or lane
    seen = None if report is None else report.area_code
    said = [each for each in (report, prelist) if each is not None]
    # beyond its kelurahan the prelist is silent: who names a unit must not be shown it for that
    told = [report] if report is not None and _is_beyond(seen, home) else said

    def best(name: str) -> str:
        return next((text for each in told if (text := str(getattr(each, name)))), "")

    return Derived(
        lane=lane,
        unit_id=unit_id,
        origin=FIELD if prelist is None else PRELIST,
        area_code=seen or home or lane,
        prelist_area_code=home,
        presence=None if report is None else report.presence,
        business_name=best("business_name"),
        owner_name=best("owner_name"),
        address=best("address"),
        kbli=best("kbli"),
        latitude=None if report is None else report.latitude,
        longitude=None if report is None else report.longitude,
        document_id=None if report is None else report.document_id,
        report_count=sources.report_count,
        updated_position=max(each.position for each in said),
    )


def _is_beyond(seen: str | None, home: str | None) -> bool:
    """Tell whether a sub-SLS lies in another kelurahan than a unit of the prelist."""
    if home is None or seen is None or len(seen) < SUB_SLS_DIGITS:
        return False
    return seen[:KELURAHAN_DIGITS] != home[:KELURAHAN_DIGITS]


def area_in(lane: str, idsubsls: str) -> str | None:
    """Give a sub-SLS of the lane, the lane's own code for one elsewhere; None: no sub-SLS."""
    if not _SUB_SLS.fullmatch(idsubsls):
        return None
    return idsubsls if idsubsls.startswith(lane) else lane


def is_unit_id(text: object) -> bool:
    """Tell whether something can name a unit: an identifier without spaces."""
    return isinstance(text, str) and is_identifier(text) and not re.search(r"\s", text)


def geopoint(text: str) -> tuple[float | None, float | None, float | None]:
    """Read an ODK geopoint as latitude, longitude (degrees) and accuracy (metres)."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return None, None, None
    latitude, longitude, _, accuracy = [*numbers, *[math.nan] * 4][:4]
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees
        return None, None, None
    return latitude, longitude, accuracy if math.isfinite(accuracy) else None


def _text(told: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(told, str):
        return ""
    return _UNPRINTABLE.sub(" ", told).strip()[:LONGEST]


def _address(values: Mapping[str, str]) -> str:
    street, number, rt, rw = (
        "" if (told := values.get(name, "").strip()) == "-" else told
        for name in ("street", "block_no", "rt", "rw")
    )
    parts = [street, number, "/".join(filter(None, (rt and f"RT {rt}", rw and f"RW {rw}")))]
    return _text(" ".join(filter(None, parts)))


def _mobile(values: Mapping[str, str]) -> str:
    told = [values.get(name, "") for name in ("mobile", "phone")]
    return _text(next((text for text in told if phone_number(text)), ""))
