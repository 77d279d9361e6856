"""One question as the desk shows it: two records side by side, map, photos, reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.auth.actor import Actor
from app.dedup import desk, service
from app.dedup.grouping import CONTRADICTION, DEFERRED, SECOND
from app.dedup.rules import What, may_withdraw
from app.dedup.schemas import CaseDetail, DecisionOut
from app.web.matching_fields import Field
from app.web.matching_map import PairMap
from app.web.matching_pair import Side, pair_of
from app.web.matching_words import Theme, certainty, themes_of, weighty


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything on the page of a question."""

    case: CaseDetail
    lane: str
    left: Side
    right: Side
    fields: Sequence[Field]
    map: PairMap | None
    themes: Sequence[Theme]
    reasons: Sequence[Any]
    certainty: str
    first: DecisionOut | None  # who has said it first, where a second person is waited for
    is_first_mine: bool
    deferred: DecisionOut | None
    against: Sequence[DecisionOut]  # words that contradict one another
    withdrawable: frozenset[str]  # decisions that the reader may take back
    place: str  # behind which the queue goes on


def view_of(session: Session, actor: Actor, case_id: str, language: str) -> CaseView:
    """Gather the page of a question; raises NotFound where it is not asked, or not in the scope."""
    case = service.case(session, actor, case_id)
    counts = (len(case.left_members), len(case.right_members))
    ends = (case.left, case.right)
    pair = pair_of(session, actor, case.lane, ends, counts=counts, language=language)
    first = _first(case)
    return CaseView(
        case=case,
        lane=pair.lane,
        left=pair.left,
        right=pair.right,
        fields=pair.fields,
        map=pair.map,
        themes=themes_of(case.reasons),
        reasons=weighty(case.reasons),
        certainty=certainty(case.probability),
        first=first,
        is_first_mine=first is not None and first.actor == str(actor.id),
        deferred=_deferred(case),
        against=[each for each in _about(case) if each.what in {What.MERGE, What.UNMERGE}]
        if case.kind == CONTRADICTION
        else [],
        withdrawable=frozenset(
            each.decision_id
            for each in case.history
            if each.what is not What.RETRACT
            and not each.is_withdrawn
            and case.may_decide
            and may_withdraw(actor.role, each.role)
        ),
        place=desk.place_of(case),
    )


def _about(case: CaseDetail) -> list[DecisionOut]:
    """Give the standing words on this very pair, newest first; of a contradiction all there are."""
    standing = [
        each for each in case.history if not each.is_withdrawn and each.what is not What.RETRACT
    ]
    if case.kind == CONTRADICTION:
        return standing
    pair = {case.left.unit_id, case.right.unit_id}
    return [
        each
        for each in standing
        if any({one, other} == pair for one in each.left for other in each.right)
    ]


def _first(case: CaseDetail) -> DecisionOut | None:
    if case.state != SECOND:
        return None
    words_said = [
        each for each in _about(case) if each.needs_second and each.what is not What.DEFER
    ]
    return words_said[-1] if words_said else None


def _deferred(case: CaseDetail) -> DecisionOut | None:
    if case.state != DEFERRED:
        return None
    return next((each for each in _about(case) if each.what is What.DEFER), None)
