"""From the journal to documents and to findings; two projectors, each with its own cursor."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlmodel import Session, SQLModel

from app.core.outbox import AREA_TOUCHED, DOCUMENT_TOUCHED, leave
from app.core.rows import upsert
from app.intake.chains import Chain, chains_of
from app.intake.repository import entries_at
from app.questionnaires.answers import Told, told_in
from app.questionnaires.shelf import Shelf
from app.registry.fold import MAIN_FORM, NEW, PRESENCES, is_about_unit, is_unit_id
from app.review import repository
from app.review.models import (
    AssignmentWord,
    Decision,
    Document,
    DocumentVersion,
    FindingRow,
    Validation,
)
from app.review.places import keep_words, places_of
from app.review.rules import (
    area_of,
    circumstances,
    closed_form,
    status_of,
    strange_place,
    unknown_form,
)
from app.review.verdicts import VERDICT, publish_checked, publish_verdicts
from forms.validate import Finding, validate
from sync.envelope import SUBMISSION
from sync.journal import Entry

REVIEW = "review"  # kind of the entries that carry a supervisor's decision


class DocumentsProjector:
    """Documents, their versions and the decisions about them."""

    name: ClassVar = "documents"
    tables: ClassVar[Sequence[type[SQLModel]]] = (Document, DocumentVersion, Decision)
    feeds: ClassVar[Sequence[str]] = (VERDICT,)

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Work out again every document that these entries speak of."""
        decided = [row for entry in entries if (row := _decision(entry))]
        upsert(session, repository.DECISION, decided)
        spoken_of = {entry.instance_id for entry in entries if entry.kind == SUBMISSION}
        spoken_of |= {str(row["document_id"]) for row in decided}
        chains = chains_of(session, lane, spoken_of, entries[-1].position)
        if chains:
            self._put(session, lane, chains)

    def _put(self, session: Session, lane: str, chains: Sequence[Chain]) -> None:
        names = {name for chain in chains for name in chain.named}
        ids = {chain.document_id for chain in chains}
        before = repository.areas_of(session, lane, ids)
        before += repository.forget_documents(session, lane, names - ids)
        bodies = entries_at(session, lane, {chain.current.position for chain in chains})
        decisions = repository.decisions_on(session, lane, names)
        rows = [
            _document(lane, chain, bodies[chain.current.position], _about(chain, decisions))
            for chain in chains
        ]
        upsert(session, repository.DOCUMENT, rows)
        upsert(session, repository.VERSION, [v for c in chains for v in _versions(lane, c)])
        leave(session, AREA_TOUCHED, lane, {*before, *(row["area_code"] for row in rows)})
        leave(session, DOCUMENT_TOUCHED, lane, names)
        judged = [chain for chain in chains if _about(chain, decisions)]
        renamed = {name for chain in judged for name in chain.named} - ids
        publish_verdicts(session, lane, {each.document_id for each in judged}, renamed)


class FindingsProjector:
    """What every submission breaks of its questionnaire's rules."""

    name: ClassVar = "findings"
    tables: ClassVar[Sequence[type[SQLModel]]] = (
        Validation,
        FindingRow,
        AssignmentWord,
    )
    feeds: ClassVar[Sequence[str]] = ()

    def apply(self, session: Session, lane: str, entries: Sequence[Entry]) -> None:
        """Check the submissions among these entries against the version that each names."""
        keep_words(session, entries)
        submissions = [entry for entry in entries if entry.kind == SUBMISSION]
        validations: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        shelf = Shelf(session)
        told = {entry.position: told_in(entry.body) for entry in submissions}
        codes = {at: each.values.get("idsubsls", "").strip() for at, each in told.items() if each}
        actors = {entry.actor for entry in submissions}
        places = places_of(session, lane, codes.values(), actors)
        for entry in submissions:
            found = _check(shelf, entry, told[entry.position])
            code = area_of(codes.get(entry.position, ""), lane)
            if code != lane and places.is_strange(entry, code):
                found.append(strange_place())
            validations.append(_validation(entry, found))
            rows.extend(_finding(entry, ordinal, each) for ordinal, each in enumerate(found))
        upsert(session, repository.VALIDATION, validations)
        upsert(session, repository.FINDING, rows)
        leave(session, DOCUMENT_TOUCHED, lane, {entry.instance_id for entry in submissions})
        publish_checked(session, lane, {entry.position for entry in submissions})


def _decision(entry: Entry) -> dict[str, Any] | None:
    if entry.kind != REVIEW:
        return None
    said = json.loads(entry.body)
    return {
        "lane": entry.lane,
        "position": entry.position,
        "document_id": said["document_id"],
        "version_position": said["version_position"],
        "verdict": said["verdict"],
        "note": said["note"],
        "actor": entry.actor,
        "decided_at": entry.received_at,
    }


def _about(chain: Chain, decisions: Mapping[str, Sequence[Decision]]) -> list[Decision]:
    return [decision for name in chain.named for decision in decisions.get(name, ())]


def _document(
    lane: str, chain: Chain, entry: Entry, decisions: Sequence[Decision]
) -> dict[str, Any]:
    answers = _answers(entry)
    status, decided = status_of(entry.position, decisions)
    presence, unit_id = answers.get("presence", ""), answers.get("unit_id")
    # as the registry reads it
    is_named = is_about_unit(entry.form_id, answers) and presence != NEW and is_unit_id(unit_id)
    return {
        "lane": lane,
        "document_id": chain.document_id,
        "form_id": entry.form_id,
        "form_version": entry.form_version,
        "unit_id": unit_id if is_named else chain.document_id,
        "area_code": area_of(answers.get("idsubsls", ""), lane),
        "status": status,
        "presence": presence if presence in PRESENCES else "",
        "current_position": entry.position,
        "current_instance_id": entry.instance_id,
        "version_count": len(chain.versions),
        "rival_count": sum(version.is_rival for version in chain.versions),
        "actor": entry.actor,
        "received_at": entry.received_at,
        "decided_position": decided,
    }


def _versions(lane: str, chain: Chain) -> list[dict[str, Any]]:
    return [
        {
            "lane": lane,
            "position": version.position,
            "document_id": chain.document_id,
            "instance_id": version.instance_id,
            "prior_instance_id": version.prior_instance_id,
            "is_rival": version.is_rival,
        }
        for version in chain.versions
    ]


def _answers(entry: Entry) -> Mapping[str, str]:
    told = told_in(entry.body)
    return told.values if told else {}


def _check(shelf: Shelf, entry: Entry, told: Told | None) -> list[Finding]:
    """Give everything that is found about a submission by itself."""
    answers = told.values if told else {}
    # firms that fill in alone are not asked for their sub-SLS
    claimed = answers.get("idsubsls", "" if entry.form_id == MAIN_FORM else None)
    found = list(circumstances(entry, claimed))
    form = shelf.form(entry.form_id, entry.form_version, entry.received_at)
    if told is None or form is None:
        found.append(unknown_form())
    else:
        if shelf.is_closed(entry.form_id, entry.form_version, entry.received_at):
            found.append(closed_form())
        lists = shelf.lists(entry.form_id, entry.form_version, entry.received_at)
        found.extend(validate(form, told.submission, lists).findings)
    return found


def _validation(entry: Entry, found: Sequence[Finding]) -> dict[str, Any]:
    errors = sum(each.severity == "error" for each in found)
    return {
        "lane": entry.lane,
        "position": entry.position,
        "error_count": errors,
        "warning_count": len(found) - errors,
    }


def _finding(entry: Entry, ordinal: int, each: Finding) -> dict[str, Any]:
    return {
        "lane": entry.lane,
        "position": entry.position,
        "ordinal": ordinal,
        "path": each.path,
        "rule": each.rule,
        "severity": each.severity,
        "message": each.message,
    }
