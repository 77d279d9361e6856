"""Linkage of a few records by their ids: what a decision touched, solved again by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from matching.linkage.graph import Ints, Pairs, Rules, Weights
from matching.linkage.solve import group

Edge = tuple[str, str, float]
Named = tuple[str, str]
_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Linked:
    """Groups of ids, each ascending, in the order of their first; and must-links refused."""

    groups: tuple[tuple[str, ...], ...]
    refused: tuple[Named, ...]

    def lowest(self) -> dict[str, str]:
        """Tell for each id the lowest of its group."""
        return {member: members[0] for members in self.groups for member in members}


def link(
    ids: Iterable[str],
    edges: Iterable[Edge],
    *,
    must: Iterable[Named] = (),
    cannot: Iterable[Named] = (),
    rules: Rules = _RULES,
) -> Linked:
    """Group `ids` by average linkage; ties go to the id that sorts first.

    `must` come in order of precedence; a cannot-link always holds. Raises KeyError where an edge or
    a link names an id that is not among `ids`.
    """
    names = sorted(set(ids))
    place = {name: here for here, name in enumerate(names)}
    scored = list(edges)
    wanted = list(must)
    left, right = _places(place, ((one, other) for one, other, _ in scored))
    bits = np.array([bits for _, _, bits in scored], np.float64)
    found = group(
        len(names),
        Weights(left, right, bits),
        must=Pairs(*_places(place, wanted)),
        cannot=Pairs(*_places(place, cannot)),
        rules=rules,
    )
    members: dict[int, list[str]] = {}
    for name, lowest in zip(names, found.of.tolist(), strict=True):
        members.setdefault(lowest, []).append(name)
    return Linked(
        tuple(map(tuple, members.values())),
        tuple(wanted[place] for place in found.refused.tolist()),
    )


def _places(place: Mapping[str, int], pairs: Iterable[Named]) -> tuple[Ints, Ints]:
    found = [(place[one], place[other]) for one, other in pairs]
    left, right = np.array(found, np.int64).reshape(-1, 2).T
    return left, right
