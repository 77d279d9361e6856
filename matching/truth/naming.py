"""How a source writes the name and the owner of a business."""

from collections.abc import Sequence
from random import Random
from typing import Final

from matching.truth import spelling
from matching.truth.chance import happens
from matching.truth.noise import Noise
from matching.truth.units import Person, Unit

_MUHAMMAD: Final = ("M.", "MOH.", "MUH.", "MUHAMAD", "MOHAMAD", "MUCHAMMAD", "MOCH.", "MHD")
_ABBREVIATED: Final = {"ABDUL": "ABD.", "AHMAD": "ACHMAD", "SITI": "ST.", "NUR": "NOER"}
_FORMS: Final = {"PT": ("PT.", "PT", "P.T."), "CV": ("CV.", "CV", "C.V."), "UD": ("UD.", "UD")}
_DEGREES: Final = ("SE", "S.PD", "ST", "S.KOM", "SH", "M.M", "DRS.")
_NOBODY: Final = ("-", "TIDAK ADA", "9999", "XXX", "TDK ADA", "8888")
_HONOUR_SHORT: Final = {"PAK": "BPK", "BU": "IBU", "MBAK": "MBA", "MAS": "MAS"}


def written_name(rng: Random, unit: Unit, noise: Noise) -> str | None:
    """Write the name of a business as a source has it; None when it has none."""
    if happens(rng, noise.no_name):
        return None
    if rng.random() < (noise.described if unit.core else 0.6):
        return rng.choice(unit.kind.described)
    words = _core(rng, unit, noise)
    if happens(rng, noise.word_lost) and len(words) > 1:
        words.pop(rng.randrange(1, len(words)))
    words = misspelt(rng, words, noise)
    kind = _type(rng, unit, noise, bare=not words)
    parts = [*_form(rng, unit, noise), *([kind] if kind else []), *words]
    if happens(rng, noise.word_order) and kind and words:
        parts = [*words, kind]
    if unit.ordinal and not happens(rng, noise.word_lost):
        parts.append(unit.ordinal)
    if happens(rng, noise.owner_behind):
        parts.append(f"({unit.owner.called})" if happens(rng, 0.7) else f"/ {unit.owner.called}")
    return " ".join(parts)


def written_owner(rng: Random, person: Person, noise: Noise) -> str | None:
    """Write somebody's name, with or without titles; None when the source has none."""
    if happens(rng, noise.no_owner):
        return None
    if happens(rng, noise.sentinel / 4):
        return rng.choice(_NOBODY)
    words = list(person.words)
    if happens(rng, noise.owner_part):
        words = [person.called] if happens(rng, 0.6) or len(words) == 1 else words[:-1]
    words = [_abbreviated(rng, word) for word in words]
    if happens(rng, noise.owner_typo):
        at = spelling.longest(words)
        words = spelling.with_word(words, at, spelling.slipped(rng, words[at]))
    if happens(rng, noise.old_spelling):
        at = spelling.longest(words)
        words = spelling.with_word(words, at, spelling.old_spelling(rng, words[at]))
    return " ".join(_titled(rng, person, words))


def misspelt(rng: Random, words: Sequence[str], noise: Noise) -> list[str]:
    """Write words with the slips that this source makes."""
    if not words:
        return []
    written = list(words)
    at = spelling.longest(written)
    if happens(rng, noise.typo):
        written[at] = spelling.slipped(rng, written[at])
    if happens(rng, noise.old_spelling):
        written[at] = spelling.old_spelling(rng, written[at])
    if happens(rng, noise.glued):
        written = spelling.glued(rng, written)
    elif happens(rng, noise.torn):
        written = spelling.torn(rng, written)
    return written


def _core(rng: Random, unit: Unit, noise: Noise) -> list[str]:
    if happens(rng, noise.by_owner) and not unit.brand:
        called = unit.owner.called
        return [unit.owner.honour, called] if happens(rng, 0.6) else [called]
    words = list(unit.core)
    if words and words[0] in _HONOUR_SHORT and happens(rng, 0.25):
        words[0] = _HONOUR_SHORT[words[0]]
    return words


def _type(rng: Random, unit: Unit, noise: Noise, *, bare: bool) -> str | None:
    kind = unit.kind
    word = unit.type_word
    if happens(rng, noise.type_other):
        word = rng.choice(kind.types)
    if word is None:
        return rng.choice(kind.described) if bare else None
    if happens(rng, noise.type_lost) and not bare:
        return None
    if happens(rng, noise.type_short):
        short = kind.short.get(word, word)
        return f"{short}." if happens(rng, 0.4) else short
    return spelling.slipped(rng, word) if happens(rng, noise.typo / 4) else word


def _form(rng: Random, unit: Unit, noise: Noise) -> list[str]:
    if unit.form is None or happens(rng, noise.form_lost):
        return []
    return [rng.choice(_FORMS.get(unit.form, (unit.form,)))]


def _abbreviated(rng: Random, word: str) -> str:
    if word in {"MUHAMMAD", "MOHAMMAD"} and happens(rng, 0.6):
        return rng.choice(_MUHAMMAD)
    return _ABBREVIATED[word] if word in _ABBREVIATED and happens(rng, 0.2) else word


def _titled(rng: Random, person: Person, words: list[str]) -> list[str]:
    if person.pilgrim and happens(rng, 0.6):
        return [
            rng.choice(("HJ.", "HJ", "HAJAH") if person.female else ("H.", "H", "HAJI")),
            *words,
        ]
    if happens(rng, 0.08):
        return [rng.choice(("IBU", "BU") if person.female else ("BAPAK", "BPK", "PAK")), *words]
    if happens(rng, 0.03):
        return [*words[:-1], f"{words[-1]},", rng.choice(_DEGREES)]
    return words
