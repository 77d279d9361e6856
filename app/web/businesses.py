"""A business that one or several units are, and the pictures that came with documents."""

from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import NotFound
from app.dedup import desk, service
from app.dedup.desk import Business
from app.dedup.late_files import files_of
from app.dedup.rules import What, may_withdraw
from app.dedup.schemas import Saying
from app.intake.blobs import ObjectBlobs
from app.intake.repository import entry_at
from app.review import repository as documents
from app.web.language import msg
from app.web.matching import DecisionName, done_of
from app.web.matching_pair import photos_of
from app.web.matching_words import certainty
from app.web.pages import CANDIDATE_READERS, page

FIELDS: Final = {
    "business_name": msg("Nama usaha"),
    "owner_name": msg("Pemilik"),
    "address": msg("Alamat"),
    "phone": msg("Telepon"),
    "nib": msg("NIB"),
    "kbli": msg("KBLI"),
}
_KINDS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"RIFF", "image/webp"),
)

router = APIRouter()

Reader = Annotated[Actor, Depends(require(*CANDIDATE_READERS))]
Decider = Annotated[Actor, Depends(require(*service.DECIDERS))]
Lane = Annotated[str, Path(pattern="^[0-9]{4}$")]


@router.get("/usaha/{lane}/{unit_id:path}")
def show_business(  # noqa: PLR0917 - path, query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    lane: Lane,
    unit_id: str,
    keputusan: DecisionName = "",
) -> Response:
    """Show what is known of a business, value by value with its source, and its records."""
    found = desk.known(session, actor, lane, unit_id)
    return page(
        request,
        "business.html",
        actor,
        business=found,
        fields=FIELDS,
        photos={
            unit_id: [one for each in found.told.get(unit_id, ()) for one in photos_of(lane, each)]
            for unit_id in _unit_ids(found)
        },
        told_of={unit_id: found.told.get(unit_id, ()) for unit_id in _unit_ids(found)},
        said=_sayings(found),
        withdrawable=_withdrawable(found, actor),
        certainty=certainty,
        may_decide=actor.role in service.DECIDERS,
        new_id=new_id,
        done=done_of(session, actor, keputusan),
    )


def _unit_ids(found: Business) -> list[str]:
    return [each.unit_id for each in found.members if each.unit_id is not None]


def _withdrawable(found: Business, actor: Actor) -> set[str]:
    """Give the decisions that the reader may take back, as far as the role tells."""
    return {
        each.decision_id
        for each in found.history
        if each.what is not What.RETRACT
        and not each.is_withdrawn
        and actor.role in service.DECIDERS
        and may_withdraw(actor.role, each.role)
    }


def _sayings(found: Business) -> dict[tuple[str, str | None], Any]:
    """Give everything that is said of the records, by unit and document."""
    return {
        (unit_id, each.source.document_id): each
        for unit_id, some in found.told.items()
        for each in some
    }


@router.post("/usaha/{lane}/{unit_id:path}")
def part(  # noqa: PLR0917 - path, form and dependencies
    request: Request,
    session: Tx,
    actor: Decider,
    lane: Lane,
    unit_id: str,
    decision_id: Annotated[UUID, Form()],
    pisah: Annotated[str, Form(max_length=250)],
) -> Response:
    """Say that one record is another business than the rest of its group."""
    now = office_of(request).clock()
    found = desk.known(session, actor, lane, unit_id)
    others = [each.unit_id for each in found.members if each.unit_id and each.unit_id != pisah]
    if pisah not in found.told or not others:
        raise NotFound
    said = Saying(
        decision_id=decision_id,
        what=What.UNMERGE,
        left=[pisah],
        right=others,
        evidence={"page": "business"},
    )
    service.decide(session, actor, lane, said, now)
    goal = f"/usaha/{quote(lane)}/{quote(pisah)}?keputusan={lane}.{decision_id}"
    return RedirectResponse(goal, status_code=303)


@router.get("/foto/{lane}/{sha256}/{document_id:path}")
def show_photo(  # noqa: PLR0917 - path and dependencies
    request: Request,
    session: View,
    actor: Reader,
    lane: Lane,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    document_id: str,
) -> Response:
    """Give a picture that came with a document's current version; nobody else keeps it."""
    document = documents.document(session, actor.scope, lane, document_id)
    entry = entry_at(session, lane, document.current_position) if document else None
    files = files_of(session, lane, {entry.position: entry})[entry.position] if entry else ()
    if sha256 not in {each.sha256 for each in files}:
        raise NotFound
    content = ObjectBlobs.of(office_of(request).settings).get(sha256)
    kind = next((kind for start, kind in _KINDS if content and content.startswith(start)), None)
    if content is None or kind is None:  # not arrived yet, or no picture
        raise NotFound
    return Response(content, media_type=kind, headers={"Cache-Control": "private, max-age=3600"})
