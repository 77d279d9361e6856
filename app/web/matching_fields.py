"""Two records field by field, with what differs marked inside the texts; pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from app.web.language import msg
from matching.normalise.numbers import phone_number

Piece = tuple[bool, str]  # whether it differs, and the text

SAME: Final = "same"
CLOSE: Final = "close"  # the same to the eye: capitals, points, spaces
DIFFERENT: Final = "different"
ONE: Final = "one"  # only one of the two says anything
_WORDS: Final = re.compile(r"\d+|[^\W\d_]+|\W+|_+")
_ALIKE: Final = 0.5  # share of letters from which on two words are compared by letters
_LONGEST: Final = 2_000  # letters


@dataclass(frozen=True, slots=True)
class Field:
    """One field of two records; `verdict` is same, close, different or one."""

    name: str
    label: str
    left: Sequence[Piece]
    right: Sequence[Piece]
    verdict: str


VERDICTS: Final = {
    SAME: msg("sama"),
    CLOSE: msg("sama, beda cara menulis"),
    DIFFERENT: msg("berbeda"),
    ONE: msg("hanya satu yang tahu"),
}


def field_of(
    name: str, label: str, left: str, right: str, *, key: Callable[[str], str | None] | None = None
) -> Field | None:
    """Compare two texts of a field; None where neither says anything.

    `key` gives what of a text counts; its capitals and signs do not by default.
    """
    if not left and not right:
        return None
    if not left or not right:
        return Field(name, label, _whole(left), _whole(right), ONE)
    if left == right:
        return Field(name, label, _whole(left), _whole(right), SAME)
    counts = key or folded
    ours, theirs = counts(left), counts(right)
    if ours is not None and ours == theirs:
        return Field(name, label, _whole(left), _whole(right), CLOSE)
    before, after = marked(left, right)
    return Field(name, label, before, after, DIFFERENT)


def folded(text: str) -> str:
    """Give the letters and digits of a text, all capital."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def phone_key(text: str) -> str | None:
    """Give a phone number as it is dialled within the country; None: it is none."""
    return phone_number(text)


def marked(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Give both texts as pieces, those marked that the other does not have in their place."""
    if len(left) + len(right) > _LONGEST:
        return [(True, left)], [(True, right)]
    old, new = _WORDS.findall(left), _WORDS.findall(right)
    before: list[Piece] = []
    after: list[Piece] = []
    steps = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False).get_opcodes()
    for kind, a, b, c, d in steps:
        mine, theirs = "".join(old[a:b]), "".join(new[c:d])
        if kind == "replace":
            ours, others = _letters(mine, theirs)
            before += ours
            after += others
        else:
            before += [(kind != "equal" and _counts(mine), mine)] if mine else []
            after += [(kind != "equal" and _counts(theirs), theirs)] if theirs else []
    return _joined(before), _joined(after)


def _keys(words: Sequence[str]) -> list[str]:
    return [folded(each) or " " for each in words]


def _letters(mine: str, theirs: str) -> tuple[list[Piece], list[Piece]]:
    """Compare two runs of words by their letters, where they are alike enough for that to help."""
    found = SequenceMatcher(None, mine.upper(), theirs.upper(), autojunk=False)
    if found.ratio() < _ALIKE:
        return [(True, mine)], [(True, theirs)]
    before = [(kind != "equal", mine[a:b]) for kind, a, b, _, _ in found.get_opcodes() if a < b]
    after = [(kind != "equal", theirs[c:d]) for kind, _, _, c, d in found.get_opcodes() if c < d]
    return before, after


def _counts(text: str) -> bool:
    return bool(folded(text))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join neighbours that are marked alike."""
    found: list[Piece] = []
    for differs, text in pieces:
        if found and found[-1][0] == differs:
            found[-1] = (differs, found[-1][1] + text)
        else:
            found.append((differs, text))
    return found


def _whole(text: str) -> list[Piece]:
    return [(False, text)] if text else []
