"""Spellings that sound alike, as one: OE is U, DJ is J, TJ is C; then without vowels."""

import re
from functools import lru_cache
from typing import Final

_SPELLINGS: Final = (
    ("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("KH", "H"), ("CH", "H"),
    ("PH", "P"), ("TH", "T"), ("DH", "D"), ("F", "P"), ("V", "P"), ("Z", "J"), ("X", "KS"),
    ("Q", "K"), ("Y", "I"),
)  # fmt: skip
_UNHEARD: Final = re.compile("[AEIOUHW]")
_DOUBLED: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def spelling_of(word: str) -> str:
    """Give a word without gaps, old spellings and doubled letters."""
    text = _DOUBLED.sub(r"\1", word.replace(" ", ""))
    heard = _heard(text)
    while heard != text:  # one spelling may uncover another: XJ, KSJ, KS
        text, heard = heard, _heard(heard)
    return heard


def _heard(text: str) -> str:
    if text.endswith("KH"):
        text = text[:-1]
    for written, heard in _SPELLINGS:
        if written in text:
            text = text.replace(written, heard)
    return _DOUBLED.sub(r"\1", text)


@lru_cache(maxsize=1 << 16)
def skeleton_of(word: str) -> str:
    """Give the sound of a word: its spelling without vowels, H and W behind the first letter.

    Numbers stay as they are. A word of vowels alone keeps its spelling: its skeleton would be
    one letter.
    """
    if word.isdigit():
        return word
    text = spelling_of(word)
    bare = _DOUBLED.sub(r"\1", text[:1] + _UNHEARD.sub("", text[1:]))
    return bare if len(bare) > 1 else text
