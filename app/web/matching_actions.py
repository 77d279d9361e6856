"""What one answers at the review desk: the same, different, ask the field; undo; twins at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.ids import named_id, new_id
from app.core.office import office_of
from app.core.problems import Invalid, NotFound, Problem, language_of
from app.dedup import desk, service
from app.dedup.rules import What
from app.dedup.schemas import LONGEST_REASON, CaseDetail, EndOut, Saying, Undoing
from app.review import service as review
from app.review.rules import REJECT
from app.web.addresses import local, with_query
from app.web.matching import QUEUE, AreaText, CaseId, case_address, case_page, to_next
from app.web.matching_words import certainty
from app.web.pages import page

ANSWERS: Final = {"same": What.MERGE, "different": What.UNMERGE, "ask": What.DEFER}

router = APIRouter(prefix=QUEUE)

Decider = Annotated[Actor, Depends(require(*service.DECIDERS))]
Area = Annotated[str, Form(pattern="^[0-9]{0,16}$")]
Lane = Annotated[str, Form(pattern="^[0-9]{4}$")]
Note = Annotated[str, Form()]
DecisionId = Annotated[UUID, Form()]


class _Asking:
    """To whom a question goes: a document by its side, and the version of it that was read."""

    def __init__(
        self,
        dokumen: Annotated[Literal["", "left", "right"], Form()] = "",
        left_position: Annotated[int, Form(ge=0)] = 0,
        right_position: Annotated[int, Form(ge=0)] = 0,
    ) -> None:
        self.side = dokumen
        self.positions = {"left": left_position, "right": right_position}


@router.get("/kembar")
def show_twins(request: Request, session: View, actor: Decider, wilayah: AreaText = "") -> Response:
    """List pairs that say the same of everything, to be chosen and joined in one go."""
    return _twins_page(request, session, actor, wilayah)


@router.post("/kembar")
def merge_twins(  # noqa: PLR0917 - form and dependencies
    request: Request,
    session: Tx,
    actor: Decider,
    batch: DecisionId,
    wilayah: Area = "",
    kasus: Annotated[list[str] | None, Form(max_length=desk.MOST_TWINS)] = None,
) -> Response:
    """Join the pairs that were chosen, and tell what became of each."""
    now = office_of(request).clock()
    chosen = set(kasus or ())
    report = desk.merge_twins(session, actor, chosen, batch, now)
    return _twins_page(request, session, actor, wilayah, report, gone=len(chosen) - len(report))


@router.post("/batal")
def undo(  # noqa: PLR0913, PLR0917 - form and dependencies
    request: Request,
    session: Tx,
    actor: Decider,
    lane: Lane,
    decision: Annotated[UUID, Form()],
    decision_id: DecisionId,
    kasus: Annotated[str, Form(pattern="^([0-9a-f]{32})?$")] = "",
    kembali: Annotated[str, Form()] = "",
    wilayah: Area = "",
) -> Response:
    """Take a decision back, and lead to its question again, or to where one came from."""
    undoing = Undoing(decision_id=decision_id)
    service.undo(session, actor, lane, str(decision), undoing, office_of(request).clock())
    goal = urlsplit(local(kembali)).path if kembali else QUEUE
    if kasus and _is_asked(session, actor, kasus):
        goal = case_address(kasus)
    told = f"{lane}.{decision}"
    return RedirectResponse(with_query(goal, wilayah=wilayah, keputusan=told), status_code=303)


@router.post("/{case_id}")
def answer(  # noqa: PLR0913, PLR0917 - path, form and dependencies
    request: Request,
    session: Tx,
    actor: Decider,
    case_id: CaseId,
    decision_id: DecisionId,
    asking: Annotated[_Asking, Depends()],
    jawaban: Annotated[Literal["same", "different", "ask"], Form()],
    alasan: Note = "",
    wilayah: Area = "",
) -> Response:
    """Record an answer and open the next question, or say what is missing."""
    try:
        with session.begin_nested():  # what was half done goes when something is missing
            case = service.case(session, actor, case_id)
            said = _saying(case, decision_id, ANSWERS[jawaban], alasan)
            now = office_of(request).clock()
            service.decide(session, actor, case.lane, said, now)
            if jawaban == "ask" and asking.side:
                _return(session, actor, case, said, asking, now=now)
    except Invalid as problem:
        return case_page(
            request, session, actor, case_id, wilayah,
            problem=problem.told(language_of(request)), status=problem.status,
        )  # fmt: skip
    done = f"{case.lane}.{decision_id}"
    return to_next(session, actor, wilayah, desk.place_of(case), done)


def _twins_page(
    request: Request,
    session: Session,
    actor: Actor,
    wilayah: str,
    report: Sequence[desk.Merged] | None = None,
    *,
    gone: int = 0,
) -> Response:
    """Give the page of exact twins; `report` tells what became of those that were chosen."""
    return page(
        request,
        "matching_twins.html",
        actor,
        found=desk.twins(session, actor, wilayah),
        certainty=certainty,
        most=desk.MOST_TWINS,
        wilayah=wilayah,
        batch=new_id(),
        new_id=new_id,
        report=report,
        gone=gone,
    )


def _saying(case: CaseDetail, decision_id: UUID, what: What, note: str) -> Saying:
    """Give what is said of the pair that asks."""
    if case.left.unit_id is None or case.right.unit_id is None:
        raise NotFound
    if what is What.DEFER and not note.strip():
        raise Invalid(
            "Tulis apa yang harus ditanyakan di lapangan.",
            "Please write what has to be asked in the field.",
            code="note_missing",
        )
    if len(note) > LONGEST_REASON:
        raise Invalid(
            f"Catatan terlalu panjang; paling banyak {LONGEST_REASON} huruf.",
            f"The note is too long; {LONGEST_REASON} characters at most.",
            code="note_too_long",
        )
    return Saying(
        decision_id=decision_id,
        what=what,
        left=[case.left.unit_id],
        right=[case.right.unit_id],
        reason=note,
        evidence={"case_id": case.case_id, "bits": case.bits, "probability": case.probability},
    )


def _return(
    session: Session,
    actor: Actor,
    case: CaseDetail,
    said: Saying,
    asking: _Asking,
    *,
    now: datetime,
) -> None:
    """Return the document that was chosen to its officer, with the question as its remark."""
    end: EndOut = case.left if asking.side == "left" else case.right
    if end.document_id is None:
        raise Invalid(
            "Unit ini tidak punya dokumen yang dapat dikembalikan.",
            "This unit has no document that could be returned.",
            code="no_document",
        )
    review.decide(
        session,
        actor,
        case.lane,
        end.document_id,
        version_position=asking.positions[asking.side],
        verdict=REJECT,
        note=said.reason,
        decision_id=named_id("asked", str(said.decision_id)),
        now=now,
    )


def _is_asked(session: Session, actor: Actor, case_id: str) -> bool:
    try:
        service.case(session, actor, case_id)
    except Problem:
        return False
    return True
