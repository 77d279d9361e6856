"""One name in two spellings, as officers and registers write it."""

from collections.abc import Sequence
from random import Random

from matching.normalise.names import business_name
from matching.normalise.sound import skeleton_of

_LETTERS = (("J", "DJ"), ("U", "OE"), ("I", "Y"), ("S", "SS"), ("L", "LL"), ("K", "Q"), ("R", "RR"))
_SHORT = (("TOKO ", "TK "), ("WARUNG ", "WRG "), ("BENGKEL ", "BKL "), ("RUMAH MAKAN ", "RM "))
_TITLES = ((" PAK ", " BPK "), (" BU ", " IBU "))


def sound_of(name: str) -> str:
    """Give what usual spellings of one name share."""
    parted = business_name(name)
    return f"{skeleton_of(''.join(parted.words))}#{parted.ordinal or ''}"


def respelt(rng: Random, name: str, owner: str) -> str:
    """Write a name another way that sounds the same: old letters, short words, an owner behind."""
    words = name.split(" ")
    heard = sound_of(name)
    core = business_name(name).words  # nobody misspells TOKO
    longest = max(range(len(words)), key=lambda at: (words[at] in core, len(words[at])))
    ways = [_relettered(words, longest, *pair) for pair in _LETTERS]
    alike = [way for way in ways if way != name and sound_of(way) == heard]
    written = rng.choice(alike or [name])
    for word, short in (*_SHORT, *_TITLES):
        if rng.random() < 1 / 2:
            written = written.replace(word, short, 1)
    return f"{written} ({owner})" if written == name or rng.random() < 1 / 3 else written


def _relettered(words: Sequence[str], place: int, plain: str, other: str) -> str:
    word = words[place]
    changed = word[:1] + word[1:].replace(plain, other, 1)
    return " ".join([*words[:place], changed, *words[place + 1 :]])
