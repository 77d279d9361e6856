"""Groups kept in memory: each decision solves again only what it touches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.dedup.grouping import Member, heads_of
from app.dedup.rules import Decision, Pair, What, standing
from matching.model import Thresholds


class Groupings:
    """Units with edges between them, decisions, and the group of each unit as it stands."""

    def __init__(
        self, members: Iterable[Member], edges: Mapping[Pair, float], thresholds: Thresholds
    ) -> None:
        self.members = {each.unit_id: each for each in members}
        self.edges = edges
        self.thresholds = thresholds
        self.decisions: list[Decision] = []
        self._about: defaultdict[str, list[Decision]] = defaultdict(list)
        self._near: defaultdict[str, dict[Pair, float]] = defaultdict(dict)
        for pair, bits in edges.items():
            for name in pair:
                self._near[name][pair] = bits
        self.heads = self.afresh()
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        for name, head in self.heads.items():
            self._groups[head].add(name)

    def decide(self, *decisions: Decision) -> dict[str, tuple[str, str]]:
        """Take in decisions; give the units whose group is another now, before and after."""
        self.decisions.extend(decisions)
        for decision in decisions:
            for name in decision.units:
                self._about[name].append(decision)
        return self._solve({name for each in decisions for name in each.units})

    def afresh(self) -> dict[str, str]:
        """Give the group of every unit as solving everything at once gives it."""
        return heads_of(
            self.members.values(), self.edges, standing(self.decisions), self.thresholds
        )

    def _solve(self, seeds: set[str]) -> dict[str, tuple[str, str]]:
        names = self._neighbourhood(seeds)
        inside = {
            pair: bits for name in names for pair, bits in self._near[name].items()
            if pair[0] in names and pair[1] in names
        }  # fmt: skip
        about = {each.position: each for name in names for each in self._about[name]}
        after = heads_of(
            [self.members[name] for name in names],
            inside,
            standing(about.values()),
            self.thresholds,
        )
        changed = {name: (self.heads[name], head) for name, head in after.items()}
        for name, (before, now) in changed.items():
            self._groups[before].discard(name)
            self._groups[now].add(name)
        self.heads.update(after)
        return {name: each for name, each in changed.items() if each[0] != each[1]}

    def _neighbourhood(self, seeds: set[str]) -> set[str]:
        names, waiting = set(seeds), list(seeds)
        while waiting:
            name = waiting.pop()
            near = {
                other
                for pair, bits in self._near[name].items()
                if bits >= self.thresholds.automatic
                for other in pair
            }
            near |= {
                other
                for each in self._about[name]
                if each.what is What.MERGE
                for other in each.units
            }
            near |= self._groups[self.heads[name]]
            waiting.extend(near - names)
            names |= near
        return names
