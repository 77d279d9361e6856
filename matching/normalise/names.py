"""Business names in their parts; only the distinctive words tell one business from the next."""

import re
from dataclasses import dataclass, field
from typing import Final

from matching.normalise.folding import is_placeholder, told
from matching.normalise.people import HONORIFICS, NAMED, words_in
from matching.normalise.phrases import Phrase, mended, phrase_at

_BRACKETS: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_OWNED: Final = re.compile(
    r"(?:(?<=\S) [/|] |\b(?:MILIK|PEMILIK|OWNER|A/N|A\.N\.?|ATAS NAMA|PUNYA|PENGUSAHA|PENGELOLA)\b)"
    r"[\s:.]*(.+)$"
)
_NUMBERED: Final = re.compile(r"([A-Z]{3,})(\d+)$")
_ROMAN: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7",
                 "VIII": "8", "IX": "9", "X": "10"}  # fmt: skip
_ORDINALS: Final = {"BARU": "BARU", "BR": "BARU", "LAMA": "LAMA", "PUSAT": "PUSAT",
                    "SATU": "1", "DUA": "2", "TIGA": "3"}  # fmt: skip
_BRANCH: Final = frozenset({"CABANG", "CAB", "CBG", "BRANCH", "UNIT", "KCP", "CABANGNYA"})
_KIN: Final = frozenset(word for word, kind in HONORIFICS.items() if kind == "kin") - {"MAS", "TEH"}
_VOWEL: Final = re.compile("[AEIOUY]")
_SHORT: Final = 4  # letters of an abbreviation
_LARGEST: Final = 20  # a larger number is part of the name: TOKO 99
_IDLE: Final = frozenset({"DAN", "DI", "THE", "AND", "OF", "N", "DLL", "DKK", "KEPUNYAAN"})


@dataclass(slots=True)
class Name:
    """A business name in its parts."""

    words: tuple[str, ...] = ()  # the distinctive ones
    legal_form: str | None = None
    type: str | None = None
    trade: str | None = None
    ordinal: str | None = None
    honorific: str | None = None
    owner: str = ""  # folded text in brackets or behind MILIK, A/N


@dataclass(slots=True)
class _Parts:
    core: list[str] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    honorifics: list[str] = field(default_factory=list)


def business_name(text: str | None) -> Name:
    """Part a business name; whatever stands in brackets or behind MILIK is told apart."""
    whole = told(text)
    if not whole:
        return Name()
    outside, owner = _owner_apart(whole)
    name = _named(outside)
    if not name.words and owner and not name.type:
        return _named(owner)
    if not name.words and name.honorific and owner:
        name.words = _named(owner).words
    name.owner = owner
    return name


def _owner_apart(text: str) -> tuple[str, str]:
    found = _BRACKETS.search(text) if "(" in text or "[" in text or "{" in text else None
    if found is None:
        found = _OWNED.search(text)
    if found is None:
        return text, ""
    inside = found[1].strip()
    return _BRACKETS.sub(" ", text[: found.start()] + " " + text[found.end() :]), inside


def _named(text: str) -> Name:
    parts = _parted(_mended_words(text))
    core, ordinal = _ordinal_apart([word for word in parts.core if word not in _IDLE])
    if not core and parts.honorifics and parts.honorifics[-1] in NAMED:
        core = parts.honorifics[-1:]
    joined = "".join(core)
    if not joined.isdigit() and is_placeholder(joined):
        core = []
    types = [each for each in parts.phrases if each.type]
    kind = next((each for each in types if each.trade), types[0] if types else None)
    legal = next((each.legal_form for each in parts.phrases if each.legal_form), None)
    return Name(
        words=tuple(core),
        legal_form=legal,
        type=kind.type if kind else None,
        trade=(kind.trade or None) if kind else None,
        ordinal=" ".join(ordinal) or None,
        honorific=parts.honorifics[0] if parts.honorifics else None,
    )


def _mended_words(text: str) -> tuple[str, ...]:
    """Give the words, typing errors in trade words mended and glued ones split."""
    flat = text.replace("&", " DAN ").replace("+", " DAN ")
    words: list[str] = []
    for word in words_in(flat):
        numbered = _NUMBERED.fullmatch(word)
        parts = (numbered[1], numbered[2]) if numbered else (word,)
        for part in parts:
            words.extend(mended(part))
    return tuple(words)


def _parted(words: tuple[str, ...]) -> _Parts:
    parts = _Parts()
    at = 0
    while at < len(words):
        phrase = phrase_at(words, at)
        if phrase is not None and not _is_inside(phrase, parts, words, at):
            parts.phrases.append(phrase)
            at += len(phrase.words)
            continue
        word = words[at]
        leads = word in HONORIFICS and (word not in NAMED or at + 1 < len(words))
        (parts.honorifics if leads else parts.core).append(word)
        at += 1
    if len(parts.core) > 1 and _is_shorthand(parts.core[0]) and not parts.phrases:
        del parts.core[0]
    return parts


def _is_inside(phrase: Phrase, parts: _Parts, words: tuple[str, ...], at: int) -> bool:
    """Tell a trade word that is part of the name: WARUNG MULIA KELAPA JAYA, PAK BASO."""
    if at and words[at - 1] in _KIN and len(phrase.words) == 1:
        return True
    known = any(each.type for each in parts.phrases)
    return known and bool(parts.core) and len(phrase.words) == 1 and at + 1 < len(words)


def _is_shorthand(word: str) -> bool:
    """Tell an abbreviation that no table knows, such as LDR: letters without a vowel."""
    return word.isalpha() and 1 < len(word) <= _SHORT and not _VOWEL.search(word)


def _ordinal_apart(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the words that only say which one of several; one word always stays."""
    for at in range(1, len(words)):
        if words[at] in _BRANCH:
            return words[:at], ["CABANG", *(_number(word) for word in words[at + 1 :])]
    end = len(words)
    while end > 1 and _is_ordinal(words[end - 1]):
        end -= 1
    return words[:end], [_number(word) for word in words[end:]]


def _number(word: str) -> str:
    return _ROMAN.get(word) or _ORDINALS.get(word) or word.lstrip("0") or word


def _is_ordinal(word: str) -> bool:
    if word.isdigit():
        return len(word) <= 3 and int(word) <= _LARGEST  # noqa: PLR2004 - longer: a code
    return word in _ROMAN or word in _ORDINALS
