"""Pure rules of review: where a document stands, and what the server adds to a form's own rules."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from app.intake.models import REVOKED
from app.registry.fold import area_in
from app.review.models import Decision, Status
from forms.validate import Finding
from sync.journal import Entry

APPROVE: Final = "approve"
REJECT: Final = "reject"
VERDICTS: Final = {APPROVE: Status.APPROVED, REJECT: Status.REJECTED}
CLOCK_TOLERANCE: Final = timedelta(minutes=15)


def status_of(current_position: int, decisions: Iterable[Decision]) -> tuple[Status, int | None]:
    """Give the status of a document and the position of the decision that gave it.

    The latest decision about the current version counts; a new version waits for a new one.
    """
    about = [each for each in decisions if each.version_position == current_position]
    if not about:
        return Status.SUBMITTED, None
    last = max(about, key=lambda each: each.position)
    return VERDICTS[last.verdict], last.position


def area_of(told: str, lane: str) -> str:
    """Give the sub-SLS that an answer names; the lane's code where it names none of the lane."""
    return area_in(lane, told.strip()) or lane


def circumstances(entry: Entry, area_told: str | None) -> Iterator[Finding]:
    """Give what the server finds about a submission as a whole; None: it asks for no sub-SLS."""
    if area_told is not None and area_of(area_told, entry.lane) == entry.lane:
        yield Finding(
            "/",
            "area",
            "error",
            "Sub-SLS tidak diisi atau bukan dari kabupaten/kota petugas; dokumen ini "
            "terhitung sebagai tanpa wilayah.",
        )
    if entry.door.endswith(REVOKED):
        yield Finding(
            "/",
            "access",
            "warning",
            "Akses petugas sudah dicabut ketika dokumen ini diterima. Pastikan bahwa dokumen "
            "dikumpulkan sebelum itu.",
        )
    if entry.captured_at and entry.captured_at > entry.received_at + CLOCK_TOLERANCE:
        yield Finding(
            "/",
            "clock",
            "warning",
            "Jam perangkat petugas mendahului jam server. Periksa tanggal dan jam di telepon.",
        )


def strange_place() -> Finding:
    """Give the finding for a submission from where its officer was not assigned."""
    return Finding(
        "/",
        "assignment",
        "warning",
        "Petugas yang mengirim tidak ditugaskan di sub-SLS ini, baik ketika pendataan maupun "
        "ketika dokumen diterima. Pastikan sub-SLS-nya benar, atau ubah penugasannya.",
    )


def unknown_form() -> Finding:
    """Give the finding for a submission whose form or version was not published here."""
    return Finding(
        "/",
        "form",
        "error",
        "Versi formulir ini tidak dikenal server, jadi jawabannya belum diperiksa. "
        "Terbitkan versi itu, atau minta petugas memperbarui formulir.",
    )


def closed_form() -> Finding:
    """Give the finding for a submission that came after its version was closed."""
    return Finding(
        "/",
        "form",
        "warning",
        "Versi formulir ini sudah ditutup ketika dokumen diterima. Jawabannya tetap diperiksa; "
        "minta petugas memperbarui formulir.",
    )
