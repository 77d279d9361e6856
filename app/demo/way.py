"""An enumerator's way through a day: at which firms they call, and what they find there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from app.demo.chance import chance
from app.demo.firms import InventedFirm, invent_firm, names_taken, spot_of
from app.demo.interview import CLOSED, DUPLICATE, FOUND, NEW, NOT_FOUND, SILENT
from app.demo.spelling import respelt
from app.demo.staff import Person

_KELURAHAN = 10
_NEW_SHARE = 0.08
_FATES: Mapping[str, float] = {FOUND: 88.7, CLOSED: 5.5, NOT_FOUND: 3.4, SILENT: 2.4}
_TWIN_SEEN = 0.9  # share of units listed twice that the officer sees through
_TWICE = 0.5  # share of officers who report a listed unit again as new
_FORGETFUL = 7  # every so many officers fills in a new firm twice
_WANDERER = 3  # every so many officers calls at a unit of the kelurahan next door


@dataclass(frozen=True, slots=True)
class Stop:
    """A firm on the way and what is found; `plain`: to be written down without mistakes.

    `other` is, for a unit that is listed twice, the unit that it is.
    """

    firm: InventedFirm
    presence: str
    other: str = ""
    plain: bool = False


def way_of(
    rng: Random, officer: Person, firms: Sequence[InventedFirm], seed: int, count: int
) -> list[Stop]:
    """Give `count` stops: listed firms sub-SLS by sub-SLS, new ones strewn among them.

    Some firms are counted twice: a listed one again as new, one on the border by both officers who
    meet there, one next door, and a new one by an officer who forgot having been there.
    """
    areas = set(officer.areas)
    own = _in_order([firm for firm in firms if firm.idsubsls in areas], seed)
    if not own:
        return []
    fresh = round(count * _NEW_SHARE)
    stops = [_stop(firm, seed) for firm in own[: count - fresh]]
    doubled = [*_on_the_border(own, firms, seed), *_told_again(rng, stops)]
    extra = [*doubled, *_new(rng, own, max(fresh - len(doubled), 0)), *_next_door(own, firms, seed)]
    for stop in extra:
        stops.insert(rng.randint(len(stops) // 4, len(stops)), stop)
    return [*stops, *_forgotten(own, firms, stops)]


def elsewhere_of(rng: Random, officer: Person, firms: Sequence[InventedFirm]) -> str:
    """Give a sub-SLS of another kelurahan; empty where the firms name none."""
    own = {area[:_KELURAHAN] for area in officer.areas}
    found = sorted({firm.idsubsls for firm in firms if firm.idsubsls[:_KELURAHAN] not in own})
    return rng.choice(found) if found else ""


def _in_order(firms: Sequence[InventedFirm], seed: int) -> list[InventedFirm]:
    """Give firms by sub-SLS, within it in the order of a walk."""
    return sorted(
        firms, key=lambda firm: (firm.idsubsls, chance(seed, "walk", firm.unit_id).random())
    )


def _stop(firm: InventedFirm, seed: int) -> Stop:
    rng = chance(seed, "fate", firm.unit_id)
    if firm.twin_of is None:
        return Stop(firm, rng.choices(list(_FATES), list(_FATES.values()))[0])
    if rng.random() < _TWIN_SEEN:
        return Stop(firm, DUPLICATE, firm.twin_of)
    return Stop(firm, FOUND, plain=True)


def _new(rng: Random, own: Sequence[InventedFirm], count: int) -> list[Stop]:
    """Invent firms that the register did not know, near those of the day."""
    taken = names_taken(own)
    near = own[: len(own) // 2 + 1]
    return [Stop(invent_firm(rng, spot_of(rng.choice(near)), taken), NEW) for _ in range(count)]


def _told_again(rng: Random, stops: Sequence[Stop]) -> list[Stop]:
    """Take a listed firm for a new one, under another spelling."""
    found = [stop.firm for stop in stops if stop.presence == FOUND and not stop.firm.twin_of]
    if not found or rng.random() >= _TWICE:
        return []
    return [Stop(_unlisted(rng, rng.choice(found)), NEW, plain=True)]


def _on_the_border(
    own: Sequence[InventedFirm], firms: Sequence[InventedFirm], seed: int
) -> list[Stop]:
    """Give the new firm between two kelurahan that both officers report, each in their words."""
    kelurahan = _kelurahan(firms)
    here = kelurahan.index(own[0].idsubsls[:_KELURAHAN])
    pair = kelurahan[here - here % 2 : here - here % 2 + 2]
    if len(pair) == 1:
        return []
    rng = chance(seed, "border", *pair)
    near = [firm for firm in firms if firm.idsubsls[:_KELURAHAN] in pair]
    firm = invent_firm(rng, spot_of(near[0]), names_taken(near))
    if here % 2:
        firm = replace(_unlisted(rng, firm), idsubsls=own[0].idsubsls, rt=own[0].rt, rw=own[0].rw)
    return [Stop(firm, NEW, plain=True)]


def _next_door(own: Sequence[InventedFirm], firms: Sequence[InventedFirm], seed: int) -> list[Stop]:
    """Cross the border: call at a unit with which the officer next door begins."""
    kelurahan = _kelurahan(firms)
    here = kelurahan.index(own[0].idsubsls[:_KELURAHAN])
    if here % _WANDERER or here + 1 == len(kelurahan):
        return []
    theirs = [firm for firm in firms if firm.idsubsls.startswith(kelurahan[here + 1])]
    first = (_stop(firm, seed) for firm in _in_order(theirs, seed))
    return [next(stop for stop in first if stop.presence == FOUND)]


def _forgotten(
    own: Sequence[InventedFirm], firms: Sequence[InventedFirm], stops: Sequence[Stop]
) -> list[Stop]:
    """Fill in a new firm a second time, word for word: few officers do, at the end of the day."""
    here = _kelurahan(firms).index(own[0].idsubsls[:_KELURAHAN])
    fresh = [stop for stop in stops if stop.presence == NEW]
    return [replace(fresh[-1], plain=True)] if fresh and here % _FORGETFUL == 0 else []


def _kelurahan(firms: Sequence[InventedFirm]) -> list[str]:
    return sorted({firm.idsubsls[:_KELURAHAN] for firm in firms})


def _unlisted(rng: Random, firm: InventedFirm) -> InventedFirm:
    """Give a firm as one that is not on the prelist, spelt another way."""
    name = respelt(rng, firm.business_name, firm.owner.name)
    return replace(firm, unit_id="", business_name=name, listed=None)
