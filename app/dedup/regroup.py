"""Groups anew, as far as something about some units has changed, and what follows from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Any, Final

from sqlmodel import Session

from app.core.outbox import AREA_TOUCHED, leave
from app.dedup import group_store, store
from app.dedup.claims import claims_about
from app.dedup.grouping import CLAIM, PAIR, Member, Question, heads_of, members_of, questions
from app.dedup.matcher import Matcher
from app.dedup.rules import Pair, Standing, joined, standing
from app.dedup.settled import settled_features
from app.dedup.survival import Source, survivor
from app.intake.feed import Change, publish
from app.registry.fold import area_in
from matching.record import FIELD, PRELIST

MERGED: Final = "merge"  # kind of change in the feed
_AREAS: Final = ("area_code", "prelist_area_code")
_TWO: Final = 2
_LARGEST_COMPARED: Final = 40  # members; of more no pair is scored that shares no key


@dataclass(frozen=True, slots=True)
class Affected:
    """Units whose group is another than before: unit → group before and now."""

    units: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Units that nothing leaves, with all that is said and known of them."""

    members: Mapping[str, Member]
    said: Standing
    edges: Mapping[Pair, float]  # also to units outside, where too weak to join


@dataclass(frozen=True, slots=True)
class _Heads:
    """The group of each unit of a neighbourhood, before and now."""

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def groups(self) -> set[str]:
        """Give all groups that are or were."""
        return {*self.before.values(), *self.after.values()}

    @property
    def together(self) -> dict[str, list[str]]:
        """Give the members of every group of several units."""
        found = members_of(self.after)
        return {head: some for head, some in found.items() if len(some) > 1}


def regroup(session: Session, lane: str, seeds: Collection[str], matcher: Matcher) -> Affected:
    """Solve the groups of these units, and of all that hang together with them, again."""
    around = neighbourhood_of(session, lane, seeds, matcher)
    names = around.members.keys()
    ghosts = set(seeds) - names  # units that are no more
    before = group_store.heads(session, lane, {*names, *ghosts})
    after = solved(session, lane, around, matcher)
    changed = {each for each in after if before[each] != after[each]}
    changed |= {each for each in ghosts if before[each] != each}
    if changed:
        group_store.keep_heads(session, lane, after | {each: each for each in ghosts})
    heads = _Heads(before, after)
    _survive(session, lane, heads)
    _ask(session, lane, around, heads, matcher)
    _tell(session, lane, changed, heads)
    return Affected({each: (before[each], after.get(each, each)) for each in sorted(changed)})


def neighbourhood_of(
    session: Session, lane: str, seeds: Collection[str], matcher: Matcher
) -> Neighbourhood:
    """Give all that hangs together with these units."""
    least = matcher.model.thresholds.automatic
    names = group_store.neighbourhood(session, lane, seeds, least)
    listed = store.members_of(session, lane, names)
    members = {unit_id: Member(unit_id, source, born) for unit_id, source, born in listed}
    said = standing(group_store.decisions_about(session, lane, names))
    return Neighbourhood(members, said, store.edges_at(session, lane, names))


def solved(session: Session, lane: str, around: Neighbourhood, matcher: Matcher) -> dict[str, str]:
    """Give the group of each unit of a neighbourhood."""
    inside = {
        pair: bits
        for pair, bits in around.edges.items()
        if pair[0] in around.members and pair[1] in around.members
    }
    bits = inside | _missing(session, lane, around, inside, matcher)
    return heads_of(around.members.values(), bits, around.said, matcher.model.thresholds)


def _missing(
    session: Session,
    lane: str,
    around: Neighbourhood,
    inside: Mapping[Pair, float],
    matcher: Matcher,
) -> dict[Pair, float]:
    """Score the pairs that hang together only through others: they may speak against it."""
    least = matcher.model.thresholds.automatic
    strong = [pair for pair, bits in inside.items() if bits >= least]
    wanted = [
        pair
        for part in joined(around.members.keys(), [*strong, *around.said.must])
        if _TWO < len(part) <= _LARGEST_COMPARED
        for pair in combinations(part, 2)
        if pair not in inside
    ]
    if not wanted:
        return {}
    names = {name for pair in wanted for name in pair}
    names -= store.silent(session, lane, names)
    features = settled_features(session, lane, names, matcher)
    return {
        (left, right): matcher.score(features[left], features[right]).bits
        for left, right in wanted
        if left in features and right in features
    }


def _survive(session: Session, lane: str, heads: _Heads) -> None:
    """Make the golden records of these groups true; tell the areas where they count otherwise."""
    groups = heads.together
    held = group_store.golden(session, lane, heads.groups)
    if not held and not groups:
        return
    sources = group_store.sources_of(session, lane, {n for some in groups.values() for n in some})
    made = {
        head: golden_row(lane, some, head, [one for name in some for one in sources.get(name, ())])
        for head, some in groups.items()
    }
    changed = sorted(head for head in made if made[head] != held.get(head))
    gone = held.keys() - made.keys()
    group_store.keep_golden(session, lane, gone, [made[head] for head in changed])
    rows = [table[head] for table in (held, made) for head in (*changed, *gone) if head in table]
    areas = {str(row[name]) for row in rows for name in _AREAS if row[name]}
    leave(session, AREA_TOUCHED, lane, areas)


def golden_row(
    lane: str, members: Collection[str], head: str, sources: Sequence[Source]
) -> dict[str, object]:
    """Give the golden record of a group by all that speaks of its members."""
    found = survivor(sources)
    home = None if found.home is None else area_in(lane, found.home) or lane
    return {
        "lane": lane,
        "unit_id": head,
        "member_count": len(members),
        "origin": FIELD if found.home is None else PRELIST,
        "area_code": found.area_code or home or lane,
        "prelist_area_code": home,
        "presence": found.presence,
        **found.values,
        "document_id": found.document_id,
        "report_count": found.report_count,
        "provenance": dict(found.provenance),
    }


def _ask(
    session: Session, lane: str, around: Neighbourhood, heads: _Heads, matcher: Matcher
) -> None:
    """Make the questions about these groups true."""
    spoken_of = {name for pair in around.edges for name in pair}
    claimed = claims_about(session, lane, heads.after.keys())
    said = around.said
    spoken_of |= {name for pair in (*said.waiting, *said.cannot, *claimed) for name in pair}
    outside = spoken_of - heads.after.keys()
    everybody = group_store.heads(session, lane, outside) | dict(heads.after)
    sizes = {head: len(some) for head, some in heads.together.items()}
    sizes |= group_store.sizes(session, lane, {everybody[each] for each in outside})
    asked = questions(everybody, sizes, around.edges, said, matcher.model, claimed=claimed)
    made = {row["case_id"]: row for row in (_case_row(lane, each) for each in asked)}
    held = group_store.cases_of(session, lane, heads.groups)
    changed = [case_id for case_id, row in made.items() if row != held.get(case_id)]
    group_store.keep_cases(
        session, lane, held.keys() - made.keys(), [made[each] for each in sorted(changed)]
    )


def _case_row(lane: str, question: Question) -> dict[str, Any]:
    left, right = question.pair
    left_group, right_group = question.groups
    return {
        "lane": lane,
        "case_id": case_id_of(lane, question.kind, question.pair),
        "left_id": left,
        "right_id": right,
        "left_group": left_group,
        "right_group": right_group,
        "kind": question.kind,
        "state": question.state,
        "bits": question.bits,
        "gain": question.gain,
        "said_position": question.said_position,
    }


def case_id_of(lane: str, kind: str, pair: Pair) -> str:
    """Give the name of a question, the same whenever it is asked again."""
    asked = PAIR if kind == CLAIM else kind  # whoever asks whether two are one, it is one question
    return sha256("\x1f".join((lane, asked, *pair)).encode()).hexdigest()[:32]


def _tell(session: Session, lane: str, changed: Collection[str], heads: _Heads) -> None:
    """Tell the floors above and devices whose group is another now."""
    if not changed:
        return
    before, after = heads.before, heads.after
    groups = {head for each in changed for head in (before[each], after.get(each, each))}
    names = {each for each in after if before[each] in groups or after[each] in groups}
    areas = group_store.areas_of(session, lane, names)
    leave(session, AREA_TOUCHED, lane, {area for some in areas.values() for area in some})
    told = [_change(each, areas[each], after[each]) for each in sorted(areas.keys() & changed)]
    publish(session, lane, told)


def _change(unit_id: str, areas: Sequence[str], head: str) -> Change:
    payload = None if head == unit_id else {"unit_id": unit_id, "merged_into": head}
    return Change(kind=MERGED, key=unit_id, area_code=areas[0], payload=payload)
