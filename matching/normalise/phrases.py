"""Which words of a name are trade, legal form or honorific; typing errors in long ones mended."""

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

from matching.lexicon import rows_of, words_of

_LONG: Final = 6  # letters from which one wrong letter is mended
_SPLIT: Final = 5  # letters of a trade word that is looked for inside glued words
_REST: Final = 3  # letters that must remain when a glued word is split
_SHORTHAND: Final = 3  # letters of an abbreviation without vowels
_USED: Final = 3  # phrases that have a word, for it to be mended though it says nothing alone
_VOWELS: Final = str.maketrans("", "", "AEIOU")


class Phrase(NamedTuple):
    """A phrase of the lexicon: a legal form, or a business type with its trade."""

    words: tuple[str, ...]
    legal_form: str
    type: str
    trade: str  # empty where the type says little: TOKO, USAHA


def _phrases() -> dict[str, tuple[Phrase, ...]]:
    """Give first word → phrases, longest first."""
    found: dict[tuple[str, ...], Phrase] = {}
    for text, kind, trade in rows_of("types"):
        words = tuple(text.split())
        found[words] = Phrase(words, "", kind, trade)
    for text, form in words_of("legal_forms").items():
        words = tuple(text.split())
        found[words] = Phrase(words, form, "", "")
    first: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in sorted(found.values(), key=lambda each: -len(each.words)):
        first[phrase.words[0]].append(phrase)
    return {word: tuple(phrases) for word, phrases in first.items()}


_HONORIFIC: Final = re.compile(
    r"(BAPAK|BPK|PAK(?=[^AIUEO])|MBAK|MBAH|MBOK|HAJI|IBU(?!NDA))(?=[A-Z]{4})"
)
_PHRASES: Final = _phrases()
_KNOWN: Final = frozenset(
    word for phrases in _PHRASES.values() for each in phrases for word in each.words
)
_ALONE: Final = frozenset(
    each.words[0] for phrases in _PHRASES.values() for each in phrases if len(each.words) == 1
)


def _missing_one(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _mendable() -> dict[str, tuple[str, ...]]:
    """Give every spelling with at most one letter left out → the long words it may be."""
    words: dict[str, list[str]] = defaultdict(list)
    used = Counter(word for phrases in _PHRASES.values() for each in phrases for word in each.words)
    for word in sorted(_KNOWN):
        if len(word) >= _LONG and (word in _ALONE or used[word] >= _USED):
            for spelling in (word, *sorted(_missing_one(word))):
                words[spelling].append(word)
    return {spelling: tuple(found) for spelling, found in words.items()}


def _shorthands() -> dict[str, str]:
    """Give words without their vowels → the word, where only one word is meant."""
    words: dict[str, set[str]] = defaultdict(set)
    for word in _ALONE:
        short = word[0] + word[1:].translate(_VOWELS)
        if len(word) > len(short) >= _SHORTHAND:
            words[short].add(word)
    return {short: found.pop() for short, found in words.items() if len(found) == 1}


_MENDABLE: Final = _mendable()
_SHORTHANDS: Final = _shorthands()


def phrase_at(words: tuple[str, ...], at: int) -> Phrase | None:
    """Give the longest phrase of the lexicon that begins at this word."""
    for phrase in _PHRASES.get(words[at], ()):
        size = len(phrase.words)
        if size == 1 or words[at : at + size] == phrase.words:
            return phrase
    return None


@lru_cache(maxsize=1 << 16)
def mended(word: str) -> tuple[str, ...]:
    """Give a word as the lexicon spells it, a glued one in two; other words as they are."""
    if word in _KNOWN or not word.isalpha():
        return (word,)
    if word in _SHORTHANDS:
        return (_SHORTHANDS[word],)
    return _one_edit(word) or _unglued(word) or (word,)


def _one_edit(word: str) -> tuple[str, ...]:
    """Give the long word that differs by one letter less, more, other, or two exchanged."""
    if len(word) < _LONG - 1:  # a long word may have lost a letter
        return ()
    spellings = (word, *_missing_one(word))
    near = {known for each in spellings for known in _MENDABLE.get(each, ())}
    fitting = sorted(
        known
        for known in near
        if _differs_by_one(word, known) and (len(known) > _LONG or word[0] == known[0])
    )
    return (fitting[0],) if fitting else ()


def _differs_by_one(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


def _unglued(word: str) -> tuple[str, ...]:
    """Give TOKOBERKAH as TOKO BERKAH, SARIBATIK as SARI BATIK, PAKSLAMET as PAK SLAMET."""
    honorific = _HONORIFIC.match(word)
    if honorific is not None:
        return honorific[0], word[honorific.end() :]
    for size in range(len(word) - _REST, _SPLIT - 2, -1):
        if size >= _SPLIT - (word[:size] in {"TOKO", "KIOS"}) and word[:size] in _ALONE:
            return word[:size], word[size:]
        if size >= _SPLIT and word[-size:] in _ALONE:
            return word[:-size], word[-size:]
    return ()
