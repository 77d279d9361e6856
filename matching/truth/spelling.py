"""Words as people write them: slips of the finger, old letters, lost and moved blanks."""

from collections.abc import Sequence
from random import Random
from typing import Final

from matching.truth.chance import happens

_OLD: Final = (
    *(("U", "OE"), ("J", "DJ"), ("C", "TJ"), ("Y", "J"), ("SY", "SJ"), ("I", "IE"), ("F", "V")),
    *(("F", "P"), ("Z", "J"), ("K", "Q"), ("KS", "X"), ("KH", "H"), ("I", "Y"), ("S", "Z")),
    *(("D", "DH"), ("T", "TH"), ("L", "LL"), ("N", "NN"), ("S", "SS"), ("A", "AH")),
)
_NEAR: Final = dict(
    pair.split(":")
    for pair in [  # letters, and those they are taken for
        *("A:SQE", "B:VN", "C:XV", "D:SF", "E:RIW", "F:DG", "G:FH", "H:GJ", "I:UOE", "J:HK"),
        *("K:JL", "L:KO", "M:N", "N:MB", "O:IPU", "P:OB", "Q:W", "R:ET", "S:AD", "T:RY"),
        *("U:IOY", "V:CB", "W:QE", "X:ZC", "Y:TU", "Z:SX"),
    ]
)
_SHORTEST: Final = 3  # letters of a word that is misspelt
_TEARABLE: Final = 6  # letters of a word that is torn
_DIGITS: Final = "0123456789"


def slipped(rng: Random, word: str) -> str:
    """Write a word with one slip; a word of two letters stays."""
    if len(word) < _SHORTEST:
        return word
    at = rng.randrange(1, len(word))
    match rng.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at - 1] + word[at:]
        case 2:
            near = _NEAR.get(word[at], word[at])
            return word[:at] + rng.choice(near) + word[at + 1 :]
        case _:
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def old_spelling(rng: Random, word: str) -> str:
    """Write a word by the rules of another time or school."""
    ways = [(new, old) for new, old in _OLD if new in word[:-1]]
    if not ways:
        return word
    new, old = rng.choice(ways)
    return word.replace(new, old, 1)


def longest(words: Sequence[str]) -> int:
    """Give the place of the longest word, where slips fall."""
    return max(range(len(words)), key=lambda at: len(words[at]))


def with_word(words: Sequence[str], at: int, word: str) -> list[str]:
    """Give the words with one replaced."""
    return [*words[:at], word, *words[at + 1 :]]


def glued(rng: Random, words: Sequence[str]) -> list[str]:
    """Leave out one blank."""
    if len(words) <= 1:
        return list(words)
    at = rng.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]


def torn(rng: Random, words: Sequence[str]) -> list[str]:
    """Put a blank inside the longest word."""
    at = longest(words)
    if len(words[at]) < _TEARABLE:
        return list(words)
    cut = rng.randrange(3, len(words[at]) - 2)
    return [*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]]


def wrong_digit(rng: Random, number: str) -> str:
    """Give a number with one digit changed, or two of them exchanged."""
    at = rng.randrange(len(number) // 2, len(number) - 1)
    if happens(rng, 0.5):
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + rng.choice(_DIGITS) + number[at + 1 :]


def digits(rng: Random, count: int) -> str:
    """Throw a number of so many digits."""
    return f"{rng.randrange(10**count):0{count}d}"
