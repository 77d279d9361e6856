"""A comparison: an ordered list of levels, of which the first that holds counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.levels.atom import Atom, Tongue

ELSE = "ELSE"


@dataclass(frozen=True, slots=True)
class Level:
    """One grade of agreement; `when` None holds always, `silent` weighs nothing."""

    name: str
    when: Atom | None
    silent: bool = False
    frequency: str | None = None  # the field whose rarity adds to the weight

    def condition(self, tongue: Tongue) -> str:
        """Return the level's condition in that tongue."""
        return self.when.said(tongue) if self.when is not None else ELSE


@dataclass(frozen=True, slots=True)
class Fact:
    """What can be said of a pair in a few words, of which the first that holds counts."""

    name: str  # lower case, no blanks
    fields: tuple[str, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels from the first asked to the last; the last always holds.

    `fields` are those a person is shown as its reason; `falling` promises that no level outweighs
    one before it (silent levels stand apart). `facts`, where given, are the two whose every
    combination is a level.
    """

    name: str
    fields: tuple[str, ...]
    levels: tuple[Level, ...]
    falling: bool = False
    facts: tuple[Fact, ...] = ()

    def values(self) -> list[int]:
        """Return Splink's value of each level: -1 when silent, else counting down to 0."""
        left = sum(not level.silent for level in self.levels)
        found = []
        for level in self.levels:
            left -= not level.silent
            found.append(-1 if level.silent else left)
        return found


def comparison(name: str, fields: str, *levels: Level, falling: bool = False) -> Comparison:
    """Build a comparison of fields (with blanks between); its last level is for all the rest."""
    assert levels[-1].when is None, f"{name}: the last level holds for all the rest"
    assert all(level.when is not None for level in levels[:-1]), name
    assert sum(level.silent for level in levels) <= 1, f"{name}: one silent level at most"
    return Comparison(name, tuple(fields.split()), levels, falling)


def fact(name: str, fields: str, *levels: Level) -> Fact:
    """Build a fact of fields (with blanks between); its last level is for all the rest."""
    assert levels[-1].when is None, f"{name}: the last level holds for all the rest"
    return Fact(name, tuple(fields.split()), levels)


def together(one: Fact, other: Fact) -> Comparison:
    """Build the comparison of every combination of two facts; of the very last nothing follows.

    In this order the first combination that holds is that of the first levels that hold, although
    no condition says what does *not* hold.
    """
    levels = [
        Level(f"{mine.name}, {its.name}", _and(mine.when, its.when))
        for mine in one.levels
        for its in other.levels
    ]
    levels[-1] = Level(levels[-1].name, None)
    fields = tuple(dict.fromkeys((*one.fields, *other.fields)))
    return Comparison(f"{one.name} and {other.name}", fields, tuple(levels), facts=(one, other))


def _and(one: Atom | None, other: Atom | None) -> Atom | None:
    if one is None or other is None:
        return one or other
    return one & other


def level(name: str, when: Atom, *, frequency: str | None = None) -> Level:
    """Build a level that weighs."""
    return Level(name, when, frequency=frequency)


def silent(when: Atom, name: str = "unknown") -> Level:
    """Build the level of which nothing follows."""
    return Level(name, when, silent=True)


def rest(name: str = "else") -> Level:
    """Build the last level."""
    return Level(name, None)


def frequencies(comparisons: Sequence[Comparison]) -> list[str]:
    """Return the fields whose term frequencies the comparisons ask for, in order."""
    found = {one.frequency: None for each in comparisons for one in each.levels if one.frequency}
    return list(found)
