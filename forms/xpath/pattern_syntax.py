"""Regular expressions as trees: the part of Java's syntax that forms use."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

MAX_LENGTH = 2_000
MAX_REPEAT = 1_000
MAX_DEPTH = 30

Test = Callable[[str], bool]


class PatternError(Exception):
    """The pattern is not supported; the message says why."""


@dataclass(frozen=True, slots=True)
class One:
    """Any single character that passes the test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Edge:
    """'^' or '$': the beginning or the end of the text."""

    side: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: "tuple[Piece, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """Any one of these."""

    parts: "tuple[Piece, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`least` to `most` times; no end where `most` is None."""

    part: "Piece"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Look:  # stands beside a Piece, never within one
    """A condition on what follows, at the very beginning of the pattern."""

    part: "Piece"
    wanted: bool


Piece = One | Edge | Sequence | Either | Repeat

_ENDS = "\n\r\u0085\u2028\u2029"
_SPACE = " \t\n\x0b\f\r"
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_CLASSES: dict[str, Test] = {
    # ASCII only, as in Java
    "d": lambda c: "0" <= c <= "9",
    "s": lambda c: c in _SPACE,
    "w": lambda c: c == "_" or (c < "\x80" and c.isalnum()),
}


def read_pattern(source: str) -> tuple[list[Look], Piece]:
    """Conditions at the beginning, and the pattern itself. Raises PatternError."""
    if len(source) > MAX_LENGTH:
        raise PatternError(f"it is longer than {MAX_LENGTH} characters")
    reader = _Reader(source)
    while reader.take("^"):
        pass
    looks = []
    while reader.source.startswith(("(?=", "(?!"), reader.at):
        looks.append(reader.look())
    piece = reader.either()
    if reader.at < len(source):
        raise PatternError(f"')' at character {reader.at + 1} closes nothing")
    return looks, piece


def _opposite(test: Test) -> Test:
    return lambda c: not test(c)


def _among(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda c: any(test(c) for test in tests)


def _exactly(character: str) -> Test:
    return lambda c: c == character


def _between(low: str, high: str) -> Test:
    if low > high:
        raise PatternError(f"the range {low}-{high} runs backwards")
    return lambda c: low <= c <= high


def _category(name: str) -> Test:
    name = name.removeprefix("Is")
    plain = {"Alpha": "L", "Digit": "Nd", "Upper": "Lu", "Lower": "Ll", "Punct": "P"}
    wanted = plain.get(name, name)
    if wanted[:1] not in set("LMNPSZC") or len(wanted) > 2:  # noqa: PLR2004 - such as Lu
        raise PatternError(f"the character class \\p{{{name}}} is not supported")
    return lambda c: unicodedata.category(c).startswith(wanted)


class _Reader:
    """A cursor over the source of a pattern."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def one(self) -> str:
        character = self.next
        if not character:
            raise PatternError("it ends too early")
        self.at += 1
        return character

    def either(self) -> Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternError(f"its brackets nest deeper than {MAX_DEPTH}")
        parts = [self.sequence()]
        while self.take("|"):
            parts.append(self.sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def sequence(self) -> Piece:
        parts: list[Piece] = []
        while self.next and self.next not in "|)":
            parts.append(self.quantified(self.atom()))
        return Sequence(tuple(parts))

    def look(self) -> Look:
        self.at += 2
        wanted = self.one() == "="
        part = self.either()
        if not self.take(")"):
            raise PatternError("a bracket is not closed")
        return Look(part, wanted)

    def atom(self) -> Piece:
        character = self.one()
        if character in "^$":
            return Edge(character)
        if character == "(":
            return self.group()
        if character in "*+?{":
            raise PatternError(f"'{character}' at character {self.at} repeats nothing")
        if character == ".":
            return One(lambda c: c not in _ENDS)
        if character == "[":
            return One(self.bracket())
        return One(self.escape() if character == "\\" else _exactly(character))

    def group(self) -> Piece:
        if self.take("?") and not self.take(":"):
            raise PatternError(f"'(?{self.next}' is supported at the beginning only, if at all")
        inner = self.either()
        if not self.take(")"):
            raise PatternError("a bracket is not closed")
        return inner

    def quantified(self, part: Piece) -> Piece:
        bounds = self.bounds()
        if bounds is None:
            return part
        if self.take("+"):
            raise PatternError("possessive quantifiers are not supported")
        self.take("?")  # lazy or greedy is the same to a full match
        return self.quantified(Repeat(part, *bounds))

    def bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.take(sign):
                return bounds
        if not self.take("{"):
            return None
        text, closed, _ = self.source[self.at :].partition("}")
        low, comma, high = text.partition(",")
        self.at += len(text) + 1
        if not closed or not _is_number(low) or (high and not _is_number(high)):
            raise PatternError("'{' needs a number, as in {2} or {2,5}")
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
            raise PatternError(f"{{{text}}} is no range up to {MAX_REPEAT}")
        return least, most

    def escape(self) -> Test:
        character = self.one()
        if character.lower() in _CLASSES:
            test = _CLASSES[character.lower()]
            return test if character.islower() else _opposite(test)
        if character in "pP":
            test = _category(self.property_name())
            return test if character == "p" else _opposite(test)
        return _exactly(self.escaped(character))

    def escaped(self, character: str) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character in "xu":
            digits = self.source[self.at : self.at + (2 if character == "x" else 4)]
            self.at += len(digits)
            try:
                return chr(int(digits, 16))
            except ValueError:
                raise PatternError(f"\\{character}{digits} is no character") from None
        if character.isalnum():
            raise PatternError(f"\\{character} is not supported")
        return character

    def property_name(self) -> str:
        if not self.take("{"):
            return self.one()
        name, closed, _ = self.source[self.at :].partition("}")
        if not closed:
            raise PatternError("a bracket is not closed")
        self.at += len(name) + 1
        return name

    def bracket(self) -> Test:
        negated = self.take("^")
        tests: list[Test] = []
        while not self.take("]"):
            character = self.one()
            if character == "[" or (character == "&" and self.next == "&"):
                raise PatternError("classes within classes are not supported")
            tests.append(self.member(character))
        if not tests:
            raise PatternError("an empty class '[]' matches nothing")
        test = _among(tests)
        return _opposite(test) if negated else test

    def member(self, character: str) -> Test:
        if character == "\\":
            escape = self.next
            if escape.lower() in _CLASSES or escape in ("p", "P"):
                return self.escape()
            character = self.escaped(self.one())
        if self.next != "-" or self.source.startswith("-]", self.at):
            return _exactly(character)
        self.at += 1
        high = self.one()
        return _between(character, self.escaped(self.one()) if high == "\\" else high)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004 - far above the bound
