"""The area lists that questionnaires choose from, as CSV for phones."""

import csv
import io
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app.areas import repository
from app.areas.codes import LENGTHS, Level
from app.areas.scope import Scope

_KECAMATAN, _KELURAHAN, _SLS = (
    LENGTHS[level] for level in (Level.DISTRICT, Level.KELURAHAN, Level.SLS)
)


def wilayah_csv(session: Session, lane: str) -> bytes:
    """Give `wilayah.csv` of a regency: name,label,kelurahan,kecamatan; one row a current sub-SLS.

    `name` is the 16-digit code; the label begins with the digits that the enumerator's map shows.
    """
    found = repository.of_level(session, Scope((lane,)), lane, LENGTHS[Level.SUB_SLS])
    rows = (
        (
            area.code,
            f"{area.code[_KELURAHAN:_SLS]}-{area.code[_SLS:]} {area.name}",
            area.code[:_KELURAHAN],
            area.code[:_KECAMATAN],
        )
        for area in found
    )
    return _csv(("name", "label", "kelurahan", "kecamatan"), rows)


def kelurahan_csv(session: Session, lane: str) -> bytes:
    """Give `kelurahan.csv` of a regency: name,label,kecamatan; one row a current kelurahan."""
    found = repository.of_level(session, Scope((lane,)), lane, _KELURAHAN)
    rows = ((area.code, area.name, area.code[:_KECAMATAN]) for area in found)
    return _csv(("name", "label", "kecamatan"), rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()
