"""The review desk: questions whether two records are one business, one after the other."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.areas.repository import of_level
from app.auth.actor import Actor, require
from app.core.db import View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import language_of
from app.coverage.rules import Level
from app.coverage.service import home_of
from app.dedup import claims, desk, service
from app.dedup.grouping import CLAIM
from app.dedup.schemas import CaseDetail, DecisionOut
from app.web.addresses import with_query
from app.web.matching_case import view_of
from app.web.matching_fields import VERDICTS
from app.web.matching_pair import PLAIN
from app.web.matching_words import LITTLE, THEMES, certainty, details_of, share_of, themes_of
from app.web.pages import CANDIDATE_READERS, page

PAGE_LENGTH = 25
QUEUE = "/kandidat"

router = APIRouter(prefix=QUEUE)

Reader = Annotated[Actor, Depends(require(*CANDIDATE_READERS))]
AreaText = Annotated[str, Query(pattern="^[0-9]{0,16}$")]
CaseId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Marker = Annotated[str, Query(max_length=400)]
State = Literal["", "open", "second", "deferred"]
#: a decision as addresses name it: regency and id
DecisionName = Annotated[str, Query(pattern="^([0-9]{4}[.][0-9a-f-]{36})?$")]


@router.get("")
def show_queue(  # noqa: PLR0917 - query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    wilayah: AreaText = "",
    keadaan: State = "",
    cursor: Marker = "",
    keputusan: DecisionName = "",
) -> Response:
    """Show what is asked of the reader's area, the weightiest question first."""
    states = [keadaan] if keadaan else service.ASKED
    found = service.queue(session, actor, wilayah, states=states, cursor=cursor, limit=PAGE_LENGTH)
    home = home_of(actor.scope, office_of(request).settings.regency)
    return page(
        request,
        "matching_queue.html",
        actor,
        found=found,
        areas=of_level(session, actor.scope, home, Level.KELURAHAN.digits),
        themes={each.case_id: themes_of(each.reasons) for each in found.items},
        theme_names=THEMES,
        certainty=certainty,
        wilayah=wilayah,
        keadaan=keadaan,
        cursor=cursor,
        done=done_of(session, actor, keputusan),
        new_id=new_id,
    )


@router.get("/berikut")
def go_on(session: View, actor: Reader, wilayah: AreaText = "", setelah: Marker = "") -> Response:
    """Open the next question, or the queue where there is none."""
    return to_next(session, actor, wilayah, setelah)


@router.get("/{case_id}")
def show_case(  # noqa: PLR0917 - path, query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    case_id: CaseId,
    wilayah: AreaText = "",
    keputusan: DecisionName = "",
) -> Response:
    """Show one question with everything that helps to answer it."""
    return case_page(request, session, actor, case_id, wilayah, keputusan=keputusan)


def case_page(  # noqa: PLR0913 - a page is made of these
    request: Request,
    session: Session,
    actor: Actor,
    case_id: str,
    wilayah: str,
    *,
    keputusan: str = "",
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """Give the page of a question; `problem` says why the last answer did not count."""
    view = view_of(session, actor, case_id, language_of(request))
    return page(
        request,
        "matching_case.html",
        actor,
        status=status,
        view=view,
        case=view.case,
        left_over=service.open_questions(session, actor.scope, wilayah),
        wilayah=wilayah,
        decision_id=new_id(),
        new_id=new_id,
        problem=problem,
        verdicts=VERDICTS,
        plain_fields=PLAIN,
        theme_names=THEMES,
        details_of=details_of,
        share_of=share_of,
        little=LITTLE,
        done=done_of(session, actor, keputusan),
        claimed=_claimed(session, actor, view.case),
    )


def _claimed(session: Session, actor: Actor, case: CaseDetail) -> dict[str, str]:
    """Tell which unit of a question an officer called the other one."""
    if case.kind != CLAIM:
        return {}
    ends = {each.unit_id for each in (case.left, case.right) if each.unit_id is not None}
    return claims.claimed(session, actor.scope, case.lane, ends)


def done_of(session: Session, actor: Actor, named: str) -> DecisionOut | None:
    """Give the decision that an address names; None where there is none in the scope."""
    lane, _, decision_id = named.partition(".")
    return desk.decision(session, actor.scope, lane, decision_id) if decision_id else None


def to_next(
    session: Session, actor: Actor, wilayah: str, setelah: str, keputusan: str = ""
) -> Response:
    """Lead to the question behind a marker; at the end of the queue to its beginning."""
    found = desk.after(session, actor, wilayah, setelah)
    path = QUEUE if found is None else case_address(found.case_id)
    goal = with_query(path, wilayah=wilayah, keputusan=keputusan)
    return RedirectResponse(goal, status_code=303)


def case_address(case_id: str) -> str:
    """Give where a question is shown."""
    return f"{QUEUE}/{quote(case_id)}"
