"""Two texts side by side, with the words that differ marked."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

Piece = tuple[bool, str]  # whether it differs, and the text

_WORDS = re.compile(r"\s+|[^\s]+")
_LONGEST = 2_000  # words; beyond, the texts differ as a whole


def marked(before: str, after: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Give both texts as pieces; joined, they are the texts again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _LONGEST:
        return [(True, before)], [(True, after)]
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        differs = kind != "equal"
        if a < b:
            left.append((differs, "".join(old[a:b])))
        if c < d:
            right.append((differs, "".join(new[c:d])))
    return left, right
