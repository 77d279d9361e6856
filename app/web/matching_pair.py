"""Two units side by side as the desk shows them: fields with what differs, map, photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.areas.codes import AreaCode
from app.areas.repository import path_to
from app.areas.scope import Scope
from app.auth.actor import Actor
from app.dedup import desk
from app.dedup.desk import Told
from app.dedup.schemas import EndOut
from app.web import words
from app.web.language import moment, msg, number, told
from app.web.matching_fields import Field, field_of, phone_key
from app.web.matching_map import PairMap, Point, pair_map
from matching.record import FIELD, PRELIST

_LEAST_NAMED: Final = 7  # digits of an area code: from the kecamatan down


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a document, by its address."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Side:
    """One unit of the pair, with the prelist row or the document that speaks of it."""

    end: EndOut
    said_at: datetime | None
    said_by: str
    photos: tuple[Photo, ...]
    position: int | None  # of the document's version that is shown
    count: int  # of records of the business that it is


@dataclass(frozen=True, slots=True)
class PairView:
    """Two units as they stand side by side."""

    lane: str
    left: Side
    right: Side
    fields: Sequence[Field]
    map: PairMap | None


def pair_of(
    session: Session,
    actor: Actor,
    lane: str,
    ends: tuple[EndOut, EndOut],
    *,
    counts: tuple[int, int] = (1, 1),
    language: str,
) -> PairView:
    """Gather what is shown of two units; `counts` says of how many records each business is."""
    said = desk.sides(session, actor.scope, lane, {e.unit_id for e in ends if e.unit_id})
    parts = [said.get(end.unit_id or "", []) for end in ends]
    left, right = (
        _side(lane, end, some, count) for end, some, count in zip(ends, parts, counts, strict=True)
    )
    areas = [_area_name(session, actor.scope, end.area_code) for end in ends]
    records = [
        _record(end, some, area, language)
        for end, some, area in zip(ends, parts, areas, strict=True)
    ]
    return PairView(lane, left, right, _fields(*records), _map(session, actor, lane, ends, parts))


def _side(lane: str, end: EndOut, some: Sequence[Told], count: int) -> Side:
    speaking = speaking_of(end.document_id, some)
    document = speaking if speaking and speaking.source.document_id else None
    return Side(
        end=end,
        said_at=document.said_at if document else None,
        said_by=document.said_by if document else "",
        photos=photos_of(lane, document) if document else (),
        position=document.source.position if document else None,
        count=count,
    )


def speaking_of(document_id: str | None, some: Sequence[Told]) -> Told | None:
    """Give what speaks for a unit: its document, or else its row in the prelist."""
    by_id = {each.source.document_id: each for each in some}
    return by_id.get(document_id) or by_id.get(None)


def photos_of(lane: str, told: Told) -> tuple[Photo, ...]:
    """Give the pictures that came with a document."""
    document_id = told.source.document_id
    return tuple(
        Photo(f"/foto/{lane}/{each.sha256}/{document_id}", each.name)
        for each in told.photos
        if is_picture(each.name)
    )


def is_picture(name: str) -> bool:
    """Tell whether a file's name is that of something to look at."""
    return name.lower().endswith((".jpg", ".jpeg", ".png", ".webp"))


def _area_name(session: Session, scope: Scope, code: str) -> str:
    """Give the names of an area from the kelurahan down; its code where it has none."""
    try:
        steps = path_to(session, scope, AreaCode.parse(code))
    except ValueError:
        return code
    names = [each.name for each in steps if len(each.code) > _LEAST_NAMED]
    kept = [name for at, name in enumerate(names) if name not in names[:at]]
    return " · ".join(reversed(kept)) or code


def _record(end: EndOut, some: Sequence[Told], area: str, language: str) -> Mapping[str, str]:
    """Give a unit's fields as they are written side by side."""
    report = speaking_of(end.document_id, some)
    listed = next((each for each in some if each.source.kind == PRELIST), None)
    sources = [each.source for each in (report, listed) if each is not None]
    accuracy = next((each.accuracy for each in sources if each.accuracy is not None), None)
    point = ""
    if end.latitude is not None and end.longitude is not None:
        about = "" if accuracy is None else f" ± {number(language, round(accuracy))} m"
        point = f"{end.latitude:.5f}, {end.longitude:.5f}{about}"
    presence = words.PRESENCE.get(end.presence or "", msg("Belum dikunjungi"))
    said_at = report.said_at if report else None
    return {
        "name": end.name,
        "owner": end.owner_name or "",
        "address": end.address or "",
        "area": area,
        "phone": next((each.phone for each in sources if each.phone), ""),
        "nib": next((each.nib for each in sources if each.nib), ""),
        "kbli": end.kbli or "",
        "presence": told(language, presence) if end.unit_id else "",
        "point": point,
        "origin": told(language, words.ORIGINS[end.origin]) if end.origin in words.ORIGINS else "",
        "said": " · ".join(
            part
            for part in (
                report.said_by if report else "",
                moment(language, said_at) if said_at else "",
            )
            if part
        ),
    }


_LABELS: Final = {
    "name": msg("Nama usaha"),
    "owner": msg("Pemilik"),
    "address": msg("Alamat"),
    "area": msg("Wilayah"),
    "phone": msg("Telepon"),
    "nib": msg("NIB"),
    "kbli": msg("KBLI"),
    "presence": msg("Hasil kunjungan"),
    "point": msg("Titik"),
    "origin": msg("Asal"),
    "said": msg("Dicatat oleh"),
}
# facts about the record, of which a difference says nothing of the business
PLAIN: Final = frozenset({"origin", "presence", "said", "point"})


def _fields(left: Mapping[str, str], right: Mapping[str, str]) -> list[Field]:
    found = (
        field_of(name, label, left[name], right[name], key=phone_key if name == "phone" else None)
        for name, label in _LABELS.items()
    )
    return [each for each in found if each is not None]


def _map(
    session: Session,
    actor: Actor,
    lane: str,
    ends: tuple[EndOut, EndOut],
    parts: Sequence[Sequence[Told]],
) -> PairMap | None:
    left, right = (_point(end, some) for end, some in zip(ends, parts, strict=True))
    near = desk.neighbours(session, actor.scope, lane, [end.area_code for end in ends])
    pair = {end.unit_id for end in ends}
    return pair_map(left, right, [place for name, place in near.items() if name not in pair])


def _point(end: EndOut, some: Sequence[Told]) -> Point | None:
    if end.latitude is None or end.longitude is None:
        return None
    here = [each.source for each in some if each.source.kind == FIELD]
    accuracy = next((each.accuracy for each in here if each.document_id == end.document_id), None)
    return Point(end.latitude, end.longitude, accuracy)
