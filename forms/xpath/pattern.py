"""Regular expressions for `regex()`: full match, in time linear in the text.

Python's `re` backtracks, and an answer of thirty characters can stop a server whose form has an
innocent-looking pattern. Full match needs no backtracking: the pattern becomes an automaton whose
sets of states are computed as they are met, and remembered.
"""

from collections.abc import Iterable

from forms.xpath.pattern_syntax import (
    Edge,
    Either,
    Look,
    One,
    PatternError,
    Piece,
    Repeat,
    Sequence,
    Test,
    read_pattern,
)

__all__ = ["Pattern", "PatternError"]

MAX_STATES = 4_000
MAX_REMEMBERED = 2_000  # sets of states per pattern
MAX_MOVES = 500  # characters remembered per set
MAX_TEXT = 20_000  # a longer answer matches nothing

_ANY = One(lambda _: True)


class Pattern:
    """A compiled pattern. Raises PatternError for what is not supported."""

    def __init__(self, source: str) -> None:
        looks, piece = read_pattern(source)
        self._main = _Automaton(piece)
        self._looks = [(_Automaton(_followed(look)), look.wanted) for look in looks]

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        if len(text) > MAX_TEXT or not self._main.accepts(text):
            return False
        return all(automaton.accepts(text) is wanted for automaton, wanted in self._looks)


def _followed(look: Look) -> Piece:
    return Sequence((look.part, Repeat(_ANY, 0, None)))


class _Set:
    """States that are possible at once, and where each character leads from them."""

    __slots__ = ("accepting", "moves", "states")

    def __init__(self, states: frozenset[int], *, accepting: bool) -> None:
        self.states = states
        self.accepting = accepting
        self.moves: dict[str, _Set] = {}


class _Automaton:
    """Thompson's construction; sets of states are built when a text first needs them."""

    def __init__(self, piece: Piece) -> None:
        self._free: list[list[tuple[str, int]]] = []  # moves without a character: (edge, state)
        self._tests: list[tuple[Test, int] | None] = []
        begin, self._end = self._state(), self._state()
        self._build(piece, begin, self._end)
        self._known: dict[frozenset[int], _Set] = {}
        first = self._closure([begin], "^")
        self._first = _Set(first, accepting=self._end in self._closure(first, "^$"))

    def accepts(self, text: str) -> bool:
        """Follow the text, character by character."""
        here = self._first
        for character in text:
            following = here.moves.get(character)
            if following is None:
                following = self._after(here, character)
                if len(here.moves) < MAX_MOVES:
                    here.moves[character] = following
            here = following
        return here.accepting

    def _after(self, here: _Set, character: str) -> _Set:
        reached = [
            move[1]
            for move in (self._tests[state] for state in here.states)
            if move is not None and move[0](character)
        ]
        states = self._closure(reached, "")
        known = self._known.get(states)
        if known is None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
                self._first.moves.clear()
            known = _Set(states, accepting=self._end in self._closure(states, "$"))
            self._known[states] = known
        return known

    def _closure(self, states: Iterable[int], edges: str) -> frozenset[int]:
        """States reachable without a character, through the edges that are true here."""
        waiting = list(states)
        found = set(waiting)
        while waiting:
            for edge, target in self._free[waiting.pop()]:
                if edge in edges and target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    # -- construction -------------------------------------------------------------------------
    def _state(self) -> int:
        if len(self._free) >= MAX_STATES:
            raise PatternError("its repetitions multiply to too many states")
        self._free.append([])
        self._tests.append(None)
        return len(self._free) - 1

    def _build(self, piece: Piece, begin: int, end: int) -> None:
        match piece:
            case One(test=test):
                self._tests[begin] = (test, end)
            case Edge(side=side):
                self._free[begin].append((side, end))
            case Sequence(parts=parts):
                self._free[self._chain(parts, begin)].append(("", end))
            case Either(parts=parts):
                for part in parts:
                    self._free[self._branch(part, begin)].append(("", end))
            case Repeat():
                self._repeat(piece, begin, end)

    def _chain(self, parts: Iterable[Piece], at: int) -> int:
        for part in parts:
            at = self._branch(part, at)
        return at

    def _branch(self, part: Piece, at: int) -> int:
        """Build a part on states of its own, entered from `at`; its last state."""
        begin, end = self._state(), self._state()
        self._free[at].append(("", begin))
        self._build(part, begin, end)
        return end

    def _repeat(self, piece: Repeat, begin: int, end: int) -> None:
        at = self._chain([piece.part] * piece.least, begin)
        if piece.most is None:
            again = self._branch(piece.part, at)
            self._free[again].append(("", at))
        else:
            for _ in range(piece.most - piece.least):
                self._free[at].append(("", end))
                at = self._branch(piece.part, at)
        self._free[at].append(("", end))
