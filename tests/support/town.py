"""An invented corner of a city to count in: areas, units and documents, straight in the tables."""

from datetime import UTC, datetime
from itertools import count

from sqlmodel import Session

from app.areas.models import Area, AreaVersion
from app.registry.models import Unit, UnitReport
from app.review.models import Document, Status, Validation

LANE = "3375"
WEST, EAST = "3375010", "3375020"
MEDONO, TIRTO, KAUMAN = "3375010004", "3375010010", "3375020003"
MEDONO_A, MEDONO_B = f"{MEDONO}000100", f"{MEDONO}000200"
TIRTO_A, KAUMAN_A = f"{TIRTO}000100", f"{KAUMAN}000100"
NAMES = {
    LANE: "Kota Pekalongan",
    WEST: "Pekalongan Barat",
    EAST: "Pekalongan Timur",
    MEDONO: "Medono",
    TIRTO: "Tirto",
    KAUMAN: "Kauman",
    MEDONO_A[:14]: "RT 001 RW 001",
    MEDONO_B[:14]: "RT 002 RW 001",
    TIRTO_A[:14]: "RT 001 RW 002",
    KAUMAN_A[:14]: "RT 003 RW 004",
    MEDONO_A: "RT 001 RW 001",
    MEDONO_B: "RT 002 RW 001",
    TIRTO_A: "RT 001 RW 002",
    KAUMAN_A: "RT 003 RW 004",
}
CENTROIDS = {
    MEDONO: (-6.903, 109.666),
    TIRTO: (-6.893, 109.652),
    KAUMAN: (-6.889, 109.680),
}
_MORNING = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
_numbers = count(1)


def build(session: Session) -> None:
    """Lay out the areas."""
    session.add(
        AreaVersion(
            id=1, label="try", source_digest="0" * 64, imported_at=_MORNING, imported_by="test"
        )
    )
    session.flush()
    for code in sorted(NAMES, key=len):
        latitude, longitude = CENTROIDS.get(code, (None, None))
        session.add(
            Area(
                code=code,
                name=NAMES[code],
                parent_code=_parent(code),
                latitude=latitude,
                longitude=longitude,
                expected_load=5 if len(code) == 16 else None,
                since_version=1,
            )
        )
        session.flush()


def settle(
    session: Session,
    area: str,
    *presences: str | None,
    listed: str | None = None,
    status: Status | None = None,
    errors: int = 0,
) -> None:
    """Let units stand in `area`, one of each presence; with a status, each has a document.

    Presence 2 makes a new unit, any other one of the prelist, which lists it in `listed` or here.
    """
    for presence in presences:
        number = next(_numbers)
        document_id = f"uuid:{number}" if status else None
        is_new = presence == "2"
        session.add(
            Unit(
                lane=LANE,
                unit_id=document_id if is_new and document_id else str(number),
                origin="field" if is_new else "prelist",
                area_code=area,
                prelist_area_code=None if is_new else (listed or area),
                presence=presence,
                document_id=document_id,
                updated_position=number,
            )
        )
        if status and document_id:
            session.add(Validation(lane=LANE, position=number, error_count=errors, warning_count=0))
            session.add(_document(area, number, presence, status))
            session.add(_report(area, number, presence))
    session.flush()


def _document(area: str, number: int, presence: str | None, status: Status) -> Document:
    return Document(
        lane=LANE,
        document_id=f"uuid:{number}",
        form_id="se2026_l",
        form_version="2026061501",
        unit_id=f"uuid:{number}" if presence == "2" else str(number),
        area_code=area,
        status=status,
        presence=presence or "",
        current_position=number,
        current_instance_id=f"uuid:{number}",
        actor="ppl",
        received_at=_MORNING,
    )


def _report(area: str, number: int, presence: str | None) -> UnitReport:
    texts = ("business_name", "owner_name", "address", "kbli", "mobile", "nib", "owner_key")
    return UnitReport(
        lane=LANE,
        document_id=f"uuid:{number}",
        position=number,
        unit_id=f"uuid:{number}" if presence == "2" else str(number),
        claimed_id="",
        form_id="se2026_l",
        presence=presence,
        area_code=area,
        **dict.fromkeys(texts, ""),
    )


def _parent(code: str) -> str | None:
    lengths = (4, 7, 10, 14, 16)
    return next((code[:n] for n in reversed(lengths) if n < len(code)), None)
