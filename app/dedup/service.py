"""Questions of matching for people, what they decide, and what follows.

- `queue`, `open_questions`, `case`: what there is to decide
- `decide`, `undo`: entries of the journal; each answers the units that it affected
- `history`, `business`: what was decided of a unit, and what is known of the business it is

`app.dedup.near` finds the units that are most like a description.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Session

from app.areas.scope import Scope
from app.auth.actor import Actor
from app.auth.repository import by_ids
from app.core.markers import marker, read_marker
from app.core.problems import Conflict, Forbidden, Invalid, NotFound
from app.dedup import group_store, keeper, repository
from app.dedup.grouping import CONTRADICTION, OPEN, SECOND
from app.dedup.matcher import Matcher, unpacked
from app.dedup.projector import decision_row
from app.dedup.references import matcher_of
from app.dedup.regroup import regroup
from app.dedup.rules import MATCH, RANK, Decision, What, effective, may_withdraw
from app.dedup.schemas import (
    CaseDetail,
    CaseOut,
    CasePage,
    Decided,
    DecisionOut,
    EndOut,
    GoldenOut,
    MemberOut,
    Moved,
    ReasonOut,
    Saying,
    Undoing,
)
from app.intake.repository import entry_at
from app.intake.service import decide as append_decision
from sync.envelope import Arrival
from sync.receipts import Outcome, Receipt

DECIDERS: Final = frozenset(RANK)
ASKED: Final = (OPEN, SECOND)  # states of questions that wait for somebody
LARGEST_ALONE: Final = 5  # members of a group that one person may join


def queue(
    session: Session,
    actor: Actor,
    area: str,
    *,
    states: Collection[str] = ASKED,
    cursor: str = "",
    limit: int = 25,
) -> CasePage:
    """Give a page of the questions with at least one unit within `area`, the weightiest first.

    Raises NotFound for an area outside the scope, Invalid for a foreign cursor.
    """
    scope = actor.scope
    if not scope.touches(area):
        raise NotFound
    found = repository.cases(
        session, scope, area, states=states, after=_after(cursor), limit=limit + 1
    )
    matchers = {lane: matcher_of(session, lane) for lane in {row["lane"] for row in found}}
    last = found[limit - 1] if len(found) > limit else None
    return CasePage(
        items=[case_out(row, actor, matchers[row["lane"]]) for row in found[:limit]],
        total=repository.case_count(session, scope, area, states),
        next_cursor=marker(repr(last["gain"]), last["lane"], last["case_id"]) if last else None,
    )


def open_questions(session: Session, scope: Scope, area: str) -> int:
    """Count the questions with at least one unit within `area` and the scope."""
    return repository.case_count(session, scope, area, ASKED)


def case(session: Session, actor: Actor, case_id: str) -> CaseDetail:
    """Give one question; raises NotFound where it is not asked, or not in the scope."""
    row = repository.case(session, actor.scope, case_id)
    if row is None:
        raise NotFound
    lane = row["lane"]
    units = repository.members(session, actor.scope, lane, {row["left_group"], row["right_group"]})
    sides = {
        side: [MemberOut.of(each) for each in units if each["group_id"] == row[f"{side}_group"]]
        for side in ("left", "right")
    }
    told = case_out(row, actor, matcher_of(session, lane))
    return CaseDetail(
        **told.model_dump(),
        left_members=sides["left"],
        right_members=sides["right"],
        history=history(session, actor.scope, lane, {row["left_id"], row["right_id"]}),
        needs_second=_needs_second(session, lane, units),
    )


def history(
    session: Session, scope: Scope, lane: str, unit_ids: Collection[str]
) -> list[DecisionOut]:
    """Give what was decided of these units, newest first, as far as it touches the scope."""
    rows = repository.decisions(session, scope, lane, unit_ids)
    said = [group_store.decision_of(row) for row in rows]
    standing = {each.decision_id for each in effective(said)}
    names = by_ids(session, {UUID(row["actor"]) for row in rows if is_account(row["actor"])})
    shown = {str(each): known.display_name for each, known in names.items()}
    return [
        DecisionOut(
            lane=lane,
            decision_id=row["decision_id"],
            position=row["position"],
            what=row["what"],
            left=row["left_ids"],
            right=row["right_ids"],
            actor=row["actor"],
            actor_name=shown.get(row["actor"], row["actor"]),
            role=row["role"],
            reason=row["reason"],
            evidence=row["evidence"],
            decided_at=row["decided_at"],
            needs_second=row["needs_second"],
            withdraws=row["withdraws"],
            is_withdrawn=row["what"] != What.RETRACT and row["decision_id"] not in standing,
        )
        for row in rows
    ]


def business(session: Session, scope: Scope, lane: str, unit_id: str) -> GoldenOut:
    """Give what is known of the business that a unit is one record of.

    Raises NotFound where there is no such unit in the scope, or where it is the only record.
    """
    group_id = repository.group_of(session, scope, lane, unit_id)
    row = repository.golden(session, scope, lane, group_id) if group_id else None
    if row is None or group_id is None:
        raise NotFound
    units = repository.members(session, scope, lane, {group_id})
    return GoldenOut.of(row, [MemberOut.of(each) for each in units])


def decide(session: Session, actor: Actor, lane: str, said: Saying, now: datetime) -> Decided:
    """Record what somebody decides of units, and carry it out.

    The same decision id again changes nothing. Raises NotFound where a unit is not in the actor's
    scope, Forbidden, Invalid, Conflict.
    """
    if said.what is What.RETRACT:
        raise Invalid("Gunakan pembatalan.", "Please undo the decision instead.")
    left, right = sorted(set(said.left)), sorted(set(said.right))
    if set(left) & set(right):
        raise Invalid(
            "Satu unit tidak dapat berada di kedua sisi.", "A unit cannot be on both sides."
        )
    _check_decider(session, actor, lane, {*left, *right})
    keeper.lock(session, lane)
    groups = set(group_store.heads(session, lane, {*left, *right}).values())
    units = repository.members(session, actor.scope, lane, groups)
    decision = Decision(
        position=0,
        decision_id=str(said.decision_id),
        what=said.what,
        left=tuple(left),
        right=tuple(right),
        actor=str(actor.id),
        role=actor.role,
        needs_second=said.what is not What.DEFER and _needs_second(session, lane, units),
    )
    return _carried_out(session, lane, decision, said, now)


def undo(  # noqa: PLR0917 - who takes back what, where and when
    session: Session, actor: Actor, lane: str, decision_id: str, undoing: Undoing, now: datetime
) -> Decided:
    """Take a decision back, and give the units that this affected.

    Raises NotFound where there is none in the actor's scope, Forbidden where somebody of a higher
    role decided.
    """
    row = repository.decision(session, actor.scope, lane, decision_id)
    if row is None:
        raise NotFound
    target = group_store.decision_of(row)
    _check_decider(session, actor, lane, target.units)
    if not may_withdraw(actor.role, target.role):
        raise Forbidden(
            "Keputusan ini dibuat oleh peran yang lebih tinggi, yang juga membatalkannya.",
            "A higher role made this decision; only that role takes it back.",
        )
    keeper.lock(session, lane)
    retraction = Decision(
        position=0,
        decision_id=str(undoing.decision_id),
        what=What.RETRACT,
        left=target.left,
        right=target.right,
        actor=str(actor.id),
        role=actor.role,
        withdraws=target.decision_id,
    )
    return _carried_out(session, lane, retraction, undoing, now)


def _carried_out(
    session: Session, lane: str, decision: Decision, said: Saying | Undoing, now: datetime
) -> Decided:
    """Append a decision to the journal and do at once what its projection will find done."""
    content: dict[str, object] = {
        "what": decision.what,
        "left": list(decision.left),
        "right": list(decision.right),
        "withdraws": decision.withdraws,
        "needs_second": decision.needs_second,
        "role": decision.role,
        "reason": _storable(said.reason),
        "evidence": said.evidence if isinstance(said, Saying) else {},
    }
    arrival = Arrival(lane=lane, actor=decision.actor, received_at=now, door="office")
    receipt = append_decision(session, MATCH, decision.decision_id, content, arrival)
    _refuse_rival(receipt)
    affected: dict[str, tuple[str, str]] = {}
    if receipt.outcome is Outcome.STORED:
        entry = entry_at(session, lane, receipt.position)
        assert entry is not None, "what was just appended is in the journal"
        group_store.keep_decisions(session, lane, [decision_row(entry)])
        affected = dict(regroup(session, lane, decision.units, matcher_of(session, lane)).units)
    return Decided(
        decision_id=decision.decision_id,
        lane=lane,
        position=receipt.position,
        waits=decision.needs_second and not _is_seconded(session, lane, decision),
        affected=[
            Moved(unit_id=each, before=before, now=after)
            for each, (before, after) in sorted(affected.items())
        ],
    )


def _refuse_rival(receipt: Receipt) -> None:
    if receipt.outcome is Outcome.RIVAL:
        raise Conflict(
            "Nomor keputusan ini sudah dipakai untuk keputusan lain.",
            "This decision id has been used for another decision.",
        )


def _is_seconded(session: Session, lane: str, decision: Decision) -> bool:
    """Tell whether somebody else has said the same of the same pairs."""
    about = effective(group_store.decisions_about(session, lane, decision.units))
    alike = [
        each
        for each in about
        if each.what is decision.what and set(each.pairs) >= set(decision.pairs)
    ]
    return len({each.actor for each in alike}) > 1 or any(not each.needs_second for each in alike)


def _check_decider(session: Session, actor: Actor, lane: str, unit_ids: Collection[str]) -> None:
    """Raise unless the actor's role decides and all these units lie in the actor's scope."""
    if actor.role not in DECIDERS:
        raise Forbidden(
            "Hanya pengawas dan admin yang memutuskan usaha yang sama.",
            "Only supervisors and admins decide what is one business.",
        )
    if len(repository.areas_in(session, actor.scope, lane, unit_ids)) < len(set(unit_ids)):
        raise NotFound(
            "Salah satu unit tidak ada atau di luar wilayah kerja Anda; serahkan kepada yang "
            "wilayahnya mencakup keduanya.",
            "One of the units does not exist or lies outside your area; leave it to somebody whose "
            "area holds both.",
        )


def _needs_second(session: Session, lane: str, units: Sequence[RowMapping]) -> bool:
    """Tell whether two people must say the same: of many units, or of approved documents."""
    if len(units) > LARGEST_ALONE:
        return True
    said = group_store.sources_of(session, lane, {row["unit_id"] for row in units})
    return any(source.is_verified for some in said.values() for source in some)


def case_out(row: RowMapping, actor: Actor, matcher: Matcher) -> CaseOut:
    """Describe a question as far as the actor may see it."""
    bits = row["bits"]
    both = row["left_visible"] and row["right_visible"]
    return CaseOut(
        lane=row["lane"],
        case_id=row["case_id"],
        kind=row["kind"],
        state=row["state"],
        bits=bits,
        probability=None if bits is None else matcher.model.probability(bits),
        gain=row["gain"],
        left=EndOut.of(row, "left"),
        right=EndOut.of(row, "right"),
        reasons=_reasons(row, matcher),
        may_decide=both and actor.role in DECIDERS,
    )


def _reasons(row: RowMapping, matcher: Matcher) -> list[ReasonOut]:
    if row["kind"] == CONTRADICTION and row["bits"] is None:
        return []
    kept = [row["left_features"], row["right_features"]]
    if None in kept:
        return []
    left, right = (matcher.settled(unpacked(each)) for each in kept)
    return [
        ReasonOut.of(each, shows_left=row["left_visible"], shows_right=row["right_visible"])
        for each in matcher.reasons(left, right)
    ]


def _after(cursor: str) -> tuple[float, str, str] | None:
    parts = read_marker(cursor, 3)
    if not parts:
        return None
    try:
        return float(parts[0]), parts[1], parts[2]
    except ValueError as bad:
        raise Invalid(
            "Penanda halaman ini tidak dikenal. Mulai lagi tanpa cursor.",
            "This page marker is not one of ours. Begin again without a cursor.",
        ) from bad


def _storable(note: str) -> str:
    """Give a note without what a database's text cannot hold."""
    return "".join(each for each in note if each.isprintable() or each in "\r\n\t").strip()


def is_account(actor: str) -> bool:
    """Tell whether an actor is named by an account's id."""
    try:
        UUID(actor)
    except ValueError:
        return False
    return True
