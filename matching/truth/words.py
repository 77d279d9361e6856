"""The words of a world: drawn from several pools that know nothing of each other, or made up."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from matching.truth.chance import Weighted, between, happens, zipf


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of business: its code, how it is called, and what it is mistaken for."""

    kbli: str
    types: tuple[str, ...]
    short: Mapping[str, str]  # a type → its abbreviation
    described: tuple[str, ...]  # what an officer writes of a business without a name
    near: tuple[str, ...]  # codes given by mistake
    forms: tuple[str, ...]  # legal forms that occur
    market: bool


@dataclass(frozen=True, slots=True)
class People:
    """Names of one people."""

    male: Weighted[str]
    female: Weighted[str]
    last: Weighted[str]
    one_word: float
    honours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """All words of a world."""

    peoples: Weighted[People]
    brands: Weighted[str]
    tails: Weighted[str]
    streets: Sequence[str]
    markets: Sequence[str]
    kinds: Weighted[Kind]
    market_kinds: Weighted[Kind]


_ONSETS = ("B", "C", "D", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "W", "Y")
_MORE = ("NG", "NY", "TR", "PR", "KR", "BR", "SW", "DW", "GL", "ST", "SY", "KH")
_VOWELS = ("A", "I", "U", "E", "O", "A", "AI", "AU", "IA")
_CODAS = ("", "", "", "N", "R", "NG", "S", "K", "T", "L", "H", "M")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Sounds from which one world makes words that are in no list."""

    onsets: Sequence[str]
    vowels: Sequence[str]
    codas: Sequence[str]

    @classmethod
    def drawn(cls, rng: Random) -> "Tongue":
        """Give a tongue of its own sounds."""
        return cls(
            rng.sample(_ONSETS, 11) + rng.sample(_MORE, 3),
            rng.sample(_VOWELS, 6),
            rng.sample(_CODAS, 8),
        )

    def word(self, rng: Random) -> str:
        """Make a word of two or three syllables."""
        count = 2 + (happens(rng, 0.4))
        syllables = [rng.choice(self.onsets) + rng.choice(self.vowels) for _ in range(count)]
        return "".join(syllables) + rng.choice(self.codas)

    def some(self, rng: Random, count: int) -> list[str]:
        """Make words, each once."""
        return list(dict.fromkeys(self.word(rng) for _ in range(count)))


def words_of(rng: Random) -> Words:
    """Draw the words of a world; the share of made-up ones differs from none to nearly all."""
    tongue = Tongue.drawn(rng)
    made = rng.choice((0.0, 0.15, 0.4, 0.9))
    steep = between(rng, 0.55, 1.0)
    brands = _mixed(rng, _some(rng, _pools()["brands"], 3, 6), tongue, made)
    streets = _mixed(rng, _some(rng, _pools()["streets"], 3, 6), tongue, made)
    kinds = _kinds_of(rng, tongue, made)
    return Words(
        peoples=_peoples(rng, tongue, made, steep),
        brands=zipf(brands, steep),
        tails=zipf(_shuffled(rng, _pools()["tails"]), between(rng, 0.4, 0.9)),
        streets=streets,
        markets=[*tongue.some(rng, 20), *rng.sample(brands, min(10, len(brands)))],
        kinds=kinds,
        market_kinds=Weighted.of(
            (kind, 1 + rng.random() * 3) for kind in kinds.things if kind.market
        ),
    )


def _peoples(rng: Random, tongue: Tongue, made: float, steep: float) -> Weighted[People]:
    pools = _pools()["people"]
    chosen = rng.sample(sorted(pools), rng.randint(2, 4))
    return Weighted.of(
        (
            People(
                male=zipf(_mixed(rng, pools[name]["male"], tongue, made), steep),
                female=zipf(_mixed(rng, pools[name]["female"], tongue, made), steep),
                last=zipf(_mixed(rng, pools[name]["last"], tongue, made), steep),
                one_word=pools[name]["one"],
                honours=tuple(pools[name]["honour"]),
            ),
            0.3**rank,
        )
        for rank, name in enumerate(chosen)
    )


def _kinds_of(rng: Random, tongue: Tongue, made: float) -> Weighted[Kind]:
    """Give a subset of the kinds, some with a word for their type that nobody else uses."""
    kinds = list(_kinds())
    some = rng.sample(kinds, rng.randint(len(kinds) // 2, len(kinds)))
    if not any(kind.market for kind, _ in some):
        some.append(next(each for each in kinds if each[0].market))
    return Weighted.of(
        (_renamed(rng, kind, tongue, made), weight * between(rng, 0.4, 2.2))
        for kind, weight in some
    )


def _renamed(rng: Random, kind: Kind, tongue: Tongue, made: float) -> Kind:
    types = list(kind.types)
    rng.shuffle(types)
    if happens(rng, made / 2):
        types[0] = tongue.word(rng)
    return Kind(
        kind.kbli, tuple(types), kind.short, kind.described, kind.near, kind.forms, kind.market
    )


def _mixed(rng: Random, known: Sequence[str], tongue: Tongue, made: float) -> list[str]:
    """Give words in random order, a share of them made up."""
    kept = [each for each in known if not happens(rng, made)]
    return _shuffled(rng, [*kept, *tongue.some(rng, 2 + int(len(known) * made * 2))])


def _some(rng: Random, pools: Mapping[str, list[str]], low: int, high: int) -> list[str]:
    names = rng.sample(sorted(pools), rng.randint(low, high))
    return list(dict.fromkeys(word for name in names for word in pools[name]))


def _shuffled(rng: Random, words: Sequence[str]) -> list[str]:
    return rng.sample(list(words), len(words))


@cache
def _pools() -> Mapping[str, Any]:
    text = (files("matching.truth") / "pools.json").read_text(encoding="utf-8")
    pools: dict[str, Any] = json.loads(text)
    return pools


@cache
def _kinds() -> tuple[tuple[Kind, float], ...]:
    text = (files("matching.truth") / "kinds.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text), strict=True)
    return tuple((_kind(row), float(row["weight"])) for row in rows)


def _kind(row: Mapping[str, str]) -> Kind:
    types = tuple(row["types"].split("|"))
    return Kind(
        kbli=row["kbli"],
        types=types,
        short=dict(zip(types, row["short"].split("|"), strict=True)),
        described=tuple(row["described"].split("|")),
        near=tuple(row["near"].split("|")),
        forms=tuple(each for each in row["form"].split("|") if each),
        market=row["market"] == "1",
    )
