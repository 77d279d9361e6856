"""Reading documents and deciding about them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.models import FIELD_STAFF, Role
from app.auth.scope import Scope
from app.core.problems import Forbidden, Invalid, NotFound
from app.dedup.late_files import files_of
from app.intake.repository import entry_at
from app.intake.service import decide as append_decision
from app.questionnaires.shelf import Shelf
from app.review import repository
from app.review.models import Decision, Document, FindingRow, Status
from app.review.projectors import REVIEW
from app.review.reading import read_answers
from app.review.rules import REJECT, VERDICTS
from app.review.schemas import (
    DecisionRow,
    DocumentDetail,
    DocumentRow,
    Page,
    Remark,
    VersionRow,
)
from sync.envelope import Arrival
from sync.receipts import Receipt

REVIEWERS = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.REGENCY_ADMIN, Role.NATIONAL_ADMIN})
READERS = FIELD_STAFF
LONGEST_NOTE = 2000


def documents(
    session: Session,
    scope: Scope,
    area: str = "",
    *,
    status: Status | None = None,
    with_findings: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Give a page of an area's documents, newest first. Raises Invalid for a foreign cursor."""
    rows = repository.page(
        session,
        scope,
        area,
        status=status,
        with_findings=with_findings,
        before=_parse_cursor(cursor),
        limit=limit + 1,
    )
    shown = [_row(each) for each in rows[:limit]]
    more = len(rows) > limit
    return Page(tuple(shown), _cursor(shown[-1]) if more else None)


def document(
    session: Session, actor: Actor, lane: str, document_id: str, *, language: str = "id"
) -> DocumentDetail:
    """Give a document with answers, findings, versions and decisions. Raises NotFound."""
    found = _found(session, actor.scope, lane, document_id)
    entry = entry_at(session, lane, found.current_position)
    assert entry is not None, "a document's current version is an entry of the journal"
    shelf = Shelf(session)
    form = shelf.form(found.form_id, found.form_version, entry.received_at)
    lists = shelf.lists(found.form_id, found.form_version, entry.received_at)
    versions = _versions(session, actor.scope, found)
    remarks = [_remark(each) for each in repository.findings(session, actor.scope, found)]
    if any(each.is_current and not each.is_checked for each in versions):
        remarks.insert(0, _unchecked(language))
    files = {each.name: each.sha256 for each in files_of(session, lane, {0: entry})[0]}
    sections, rest = read_answers(form, lists, entry.body, remarks, files=files, language=language)
    decisions = repository.decisions_on(session, lane, {document_id}).get(document_id, [])
    return DocumentDetail(
        lane=lane,
        document_id=document_id,
        form_id=found.form_id,
        form_version=found.form_version,
        unit_id=found.unit_id,
        area_code=found.area_code,
        status=Status(found.status),
        current_position=found.current_position,
        received_at=found.received_at,
        sections=sections,
        remarks=rest,
        versions=versions,
        decisions=tuple(_decision(each, found) for each in decisions),
        may_decide=actor.role in REVIEWERS,
    )


def decide(  # noqa: PLR0913 - a decision is made of these facts
    session: Session,
    actor: Actor,
    lane: str,
    document_id: str,
    *,
    version_position: int,
    verdict: str,
    note: str,
    decision_id: UUID,
    now: datetime,
) -> Receipt:
    """Record a supervisor's decision about the version that was read.

    The same decision id again changes nothing. Raises NotFound, Forbidden, Invalid.
    """
    if actor.role not in REVIEWERS:
        raise Forbidden(
            "Hanya pengawas dan admin yang dapat memutuskan dokumen.",
            "Only supervisors and admins decide about documents.",
        )
    found = _found(session, actor.scope, lane, document_id)
    if version_position not in _positions(session, actor.scope, found):
        raise NotFound
    content: dict[str, object] = {
        "document_id": document_id,
        "version_position": version_position,
        "verdict": _valid_verdict(verdict, note),
        "note": _storable(note),
    }
    # the document lies in the actor's scope, so its lane is the one to write to
    arrival = Arrival(lane=lane, actor=str(actor.id), received_at=now, door="office")
    return append_decision(session, REVIEW, str(decision_id), content, arrival)


def _storable(note: str) -> str:
    """Give a note without what a database's text cannot hold."""
    return "".join(each for each in note if each.isprintable() or each in "\r\n\t").strip()


def _valid_verdict(verdict: str, note: str) -> str:
    if verdict not in VERDICTS:
        raise Invalid(
            "Pilih setujui atau kembalikan.", "Please either approve or reject.", code="bad_verdict"
        )
    if verdict == REJECT and not _storable(note):
        raise Invalid(
            "Tulis apa yang harus diperbaiki petugas sebelum mengembalikan dokumen.",
            "Please write what the officer has to correct before you return the document.",
            code="note_missing",
        )
    if len(note) > LONGEST_NOTE:
        raise Invalid(
            f"Catatan terlalu panjang; paling banyak {LONGEST_NOTE} huruf.",
            f"The note is too long; {LONGEST_NOTE} characters at most.",
            code="note_too_long",
        )
    return verdict


def _found(session: Session, scope: Scope, lane: str, document_id: str) -> Document:
    found = repository.document(session, scope, lane, document_id)
    if found is None:
        raise NotFound
    return found


def _positions(session: Session, scope: Scope, found: Document) -> set[int]:
    return {row["position"] for row in repository.versions(session, scope, found)}


def _versions(session: Session, scope: Scope, found: Document) -> tuple[VersionRow, ...]:
    return tuple(
        VersionRow(
            position=row["position"],
            instance_id=row["instance_id"],
            is_rival=row["is_rival"],
            is_current=row["position"] == found.current_position,
            is_checked=row["error_count"] is not None,
            error_count=row["error_count"] or 0,
            warning_count=row["warning_count"] or 0,
        )
        for row in repository.versions(session, scope, found)
    )


def _decision(said: Decision, found: Document) -> DecisionRow:
    return DecisionRow(
        position=said.position,
        version_position=said.version_position,
        verdict=said.verdict,
        note=said.note,
        decided_at=said.decided_at,
        is_effective=said.position == found.decided_position,
    )


def _remark(found: FindingRow) -> Remark:
    return Remark(found.path, found.rule, found.severity, found.message)


def _unchecked(language: str) -> Remark:
    """Tell that nobody held these answers against the rules: silence must not look like praise."""
    said = (
        "The server has not checked these answers yet. If this stays, please tell the admin."
        if language == "en"
        else "Server belum memeriksa jawaban ini. Jika tetap begini, sampaikan kepada admin."
    )
    return Remark("/", "unchecked", "warning", said)


def _row(row: sa.RowMapping) -> DocumentRow:
    return DocumentRow(
        lane=row["lane"],
        document_id=row["document_id"],
        business_name=row["business_name"] or "",
        area_code=row["area_code"],
        status=Status(row["status"]),
        presence=row["presence"],
        error_count=row["error_count"] or 0,
        warning_count=row["warning_count"] or 0,
        rival_count=row["rival_count"],
        version_count=row["version_count"],
        received_at=row["received_at"],
        current_position=row["current_position"],
    )


def _cursor(last: DocumentRow) -> str:
    return f"{last.lane}.{last.current_position}"


def _parse_cursor(cursor: str | None) -> tuple[str, int] | None:
    if not cursor:
        return None
    lane, _, position = cursor.partition(".")
    if not (cursor.isascii() and lane.isdigit() and position.isdigit() and len(position) < 19):  # noqa: PLR2004 - bigint
        raise Invalid(
            "Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama.",
            "The page marker is unknown. Please start again from the first page.",
            code="bad_cursor",
        )
    return lane, int(position)
