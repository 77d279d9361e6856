"""Owners: honorifics and degrees off, the many spellings of common given names to one."""

import re
from functools import lru_cache
from typing import Final

from matching.lexicon import words_of
from matching.normalise.folding import told
from matching.normalise.sound import skeleton_of

MUHAMMAD: Final = "MUHAMMAD"
HONORIFICS: Final = words_of("honorifics")
NAMED: Final = frozenset(word for word, kind in HONORIFICS.items() if kind == "name")  # TOKO BUNDA
_DEGREES: Final = words_of("degrees")
_GIVEN: Final = words_of("given_names")
_AMBIGUOUS: Final = 2  # letters; shorter abbreviations are names only in the place of one
_BRACKETS: Final = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_INITIALS: Final = re.compile(r"\b([A-Z])\.\s?(?=[A-Z]\b)")
_DEGREE: Final = re.compile(
    rf"\b([SMA])\.\s?({'|'.join(sorted({each[1:] for each in _DEGREES if each[0] in 'SMA'}))})\b"
)
_APART: Final = re.compile(r"[^A-Z0-9]+")
_SERVANT: Final = re.compile(r"ABDU(?:L|([A-Z])(?=\1))(?=[A-Z]{4})")  # ABDURRAHMAN, ABDULKARIM
_LED: Final = re.compile(r"(NUR|SITI)(?=[A-Z]{4})")
_KIN: Final = frozenset({"BIN", "BINTI", "BT", "BTE"})


def owner_words(text: str | None) -> tuple[str, ...]:
    """Give the words of an owner's name in one spelling each; none where nothing is told."""
    folded = told(text)
    if not folded:
        return ()
    bare = _BRACKETS.sub(" ", folded) if "(" in folded or "[" in folded else folded
    name = bare.partition(",")[0] or bare
    if "." in name:
        name = _DEGREE.sub(r"\1\2", name)
    return _of_person(words_in(name)) or _of_person(words_in(folded))


def words_in(text: str) -> tuple[str, ...]:
    """Give the words of folded text; initials with full stops as one word: C.V. is CV."""
    if "." in text:
        text = _INITIALS.sub(r"\1", text)
    return tuple(_APART.sub(" ", text.replace("'", "")).split())


def bag_of(name: tuple[str, ...], owner: tuple[str, ...]) -> tuple[str, ...]:
    """Give the sounds of the words of name and owner, sorted, each once; single letters left out.

    MUHAMMAD tells nothing where another word stands beside it.
    """
    words = [part for word in (*name, *owner) for part in _parts_of(word)]
    telling = {skeleton_of(word) for word in words if word != MUHAMMAD and len(word) > 1}
    return tuple(sorted(telling or {skeleton_of(word) for word in words}))


def owner_sound(words: tuple[str, ...]) -> str | None:
    """Give the sound of an owner's name without MUHAMMAD; None where there is no owner."""
    telling = [word for word in words if word != MUHAMMAD] or list(words)
    return skeleton_of("".join(telling)) if telling else None


def _of_person(words: tuple[str, ...]) -> tuple[str, ...]:
    start, end = 0, len(words)
    if end == 1 and words[0] in HONORIFICS and words[0] not in NAMED:
        return ()
    while start < end - 1 and words[start] in HONORIFICS and words[start] not in _GIVEN:
        start += 1
    while end > start + 1 and words[end - 1] in _DEGREES:
        end -= 1
    told_words = [
        part
        for at, word in enumerate(words[start:end])
        if word not in _KIN
        for part in _given(word, first=at == 0 and end - start > 1)
    ]
    return tuple(told_words)


def _given(word: str, *, first: bool) -> tuple[str, ...]:
    if word in _GIVEN and (first or len(word) > _AMBIGUOUS):
        return (_GIVEN[word],)
    return _parts_of(word)


@lru_cache(maxsize=1 << 16)
def _parts_of(word: str) -> tuple[str, ...]:
    """Give ABDURRAHMAN as ABDUL RAHMAN, NURHAYATI as NUR HAYATI, MOCHAMAD as MUHAMMAD."""
    if len(word) > _AMBIGUOUS and word in _GIVEN:
        return (_GIVEN[word],)
    servant = _SERVANT.match(word)
    if servant:
        return "ABDUL", word[servant.end() :]
    led = _LED.match(word)
    return (led[0], word[led.end() :]) if led else (word,)
