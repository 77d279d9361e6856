"""What a phone may know of the businesses of an area, to warn at a door that one is listed.

Every business becomes 15 bytes: each word, number, phone, NIB and activity falls into one of a
few buckets by a keyed digest, and only the buckets are told. Who finds the phone has the key too;
what protects is that a bucket stands for very many words or numbers, however fast one guesses.
So the key of an area never changes: two exports under two keys would tell twice as much.

The phone (`app/web/pwa/doorstep.js`) makes the same marks of what is typed at the door. It has
`rules()` and, by area, key and rows; only words that say nothing of anybody travel as words.
"""

import hmac
import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from matching.lexicon import rows_of, words_of
from matching.normalise.folding import PLACEHOLDERS, told
from matching.normalise.numbers import activity_code, business_number, phone_number
from matching.normalise.sound import skeleton_of
from matching.record import Record

VERSION: Final = 1
SHIPPED: Final = "doorstep.json"
WORDS: Final = 32  # buckets of the words of name and owner
TRADES: Final = 16  # of the words that say what is done: BATIK, WARUNG
STREETS: Final = 16
NUMBERS: Final = 16  # of house, stall and lane
LONG: Final = 255  # of phones, and of NIB
ACTIVITIES: Final = 7  # of KBLI's first two digits, and of its first three
NAMES: Final = 1 << 16  # of units
QUARTERS: Final = 4  # weights are whole quarters of a bit
MOST: Final = 4  # marks in common that are told apart; of each level's counts
_ROW: Final = struct.Struct(">HIHHHBBB")
ROW_BYTES: Final = _ROW.size
_PARTS: Final = re.compile("[A-Z]+|[0-9]+")
_IDLE: Final = ("DAN", "DI", "THE", "AND", "OF", "MILIK", "PEMILIK")
_NO_STREET: Final = ("RT", "RW", "NO", "NOMOR", "BLOK", "LOS", "KIOS", "KEL", "KELURAHAN", "DESA",
                     "KEC", "KECAMATAN", "KAB", "KABUPATEN", "KOTA")  # fmt: skip
_GROUP: Final = 3  # digits of KBLI


@dataclass(frozen=True, slots=True)
class Marks:
    """The buckets of one business; masks have one bit for each bucket, 0 is unknown."""

    unit: int
    words: int
    trades: int
    streets: int
    numbers: int
    phone: int
    nib: int
    activity: int  # of two digits in the low half, of three in the high one


@dataclass(frozen=True, slots=True)
class Weights:
    """Quarters of a bit by level; a level that is not told of weighs nothing."""

    prior: int
    levels: Mapping[str, int]
    warning: int  # from here on a phone warns

    def quarters(self, one: Marks, other: Marks) -> int:
        """Give the evidence that two businesses are one, in quarters of a bit."""
        return self.prior + sum(self.levels.get(each, 0) for each in levels(one, other))


@cache
def quiet_words() -> Mapping[str, tuple[str, ...]]:
    """Give the words that are left out (`idle`), tell of trade, or stand in every address."""
    tables = ("legal_forms", "honorifics", "degrees", "given_names")
    idle = {word for table in tables for phrase in words_of(table) for word in phrase.split()}
    trades = {word for phrase, *_ in rows_of("types") for word in phrase.split()}
    roads = {word for phrase in words_of("streets") for word in phrase.split()}
    return {
        "idle": tuple(sorted(idle.union(_IDLE))),
        "trades": tuple(sorted(trades)),
        "roads": tuple(sorted(roads.union(_NO_STREET))),
    }


@cache
def _quiet(kind: str) -> frozenset[str]:
    return frozenset(quiet_words()[kind])


class Marker:
    """Makes marks under the key of one area."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self._known: dict[tuple[str, str], int] = {}

    def bucket(self, kind: str, value: str, size: int) -> int:
        """Give the bucket of a value, below `size`."""
        found = self._known.get((kind, value))
        if found is None:
            digest = hmac.digest(self._key, f"{kind}:{value}".encode(), sha256)
            found = self._known[kind, value] = int.from_bytes(digest[:4])
        return found % size

    def marks(self, record: Record) -> Marks:
        """Give the marks of a record; never raises, whatever the record holds."""
        tokens = tokens_of(record)
        return Marks(
            unit=self.bucket("unit", record.record_id, NAMES),
            words=self._mask("word", tokens["words"], WORDS),
            trades=self._mask("trade", tokens["trades"], TRADES),
            streets=self._mask("street", tokens["streets"], STREETS),
            numbers=self._mask("number", tokens["numbers"], NUMBERS),
            phone=self._one("phone", tokens["phone"], LONG),
            nib=self._one("nib", tokens["nib"], LONG),
            activity=self._one("division", tokens["division"], ACTIVITIES)
            | self._one("group", tokens["group"], ACTIVITIES) << 4,
        )

    def _mask(self, kind: str, values: Iterable[str], size: int) -> int:
        mask = 0
        for value in values:
            mask |= 1 << self.bucket(kind, value, size)
        return mask

    def _one(self, kind: str, values: Iterable[str], size: int) -> int:
        return max((1 + self.bucket(kind, value, size) for value in values), default=0)


def tokens_of(record: Record) -> dict[str, list[str]]:
    """Give what falls into buckets, by kind: sounds of words, numbers; sorted, each once."""
    called = [*_words(record.name), *_words(record.owner)]
    telling = {word for word in called if len(word) > 1 and word not in _quiet("idle")}
    trades = telling & _quiet("trades")
    words = telling - trades or {word for word in _words(record.name) if len(word) > 1}
    where = _words(record.address)
    activity = activity_code(record.kbli) or ""
    return {
        "words": _sounds(words),
        "trades": _sounds(trades),
        "streets": _sounds(
            {word for word in where if word.isalpha() and len(word) > 2}  # noqa: PLR2004 - letters
            - _quiet("roads")
        ),
        "numbers": sorted({word.lstrip("0") for word in where if word.isdigit()} - {""}),
        "phone": [phone for phone in [phone_number(record.phone)] if phone],
        "nib": [nib for nib in [business_number(record.nib)] if nib],
        "division": [activity[:2]] if activity else [],
        "group": [activity[:_GROUP]] if len(activity) >= _GROUP else [],
    }


def _words(text: str | None) -> list[str]:
    return _PARTS.findall(told(text))


def _sounds(words: Iterable[str]) -> list[str]:
    return sorted({skeleton_of(word) for word in words})


def levels(one: Marks, other: Marks) -> tuple[str, ...]:
    """Give what is found of each kind: `words 2/3` two in common of the three of the shorter."""
    return (
        _shared("words", one.words, other.words),
        _shared("trades", one.trades, other.trades),
        _shared("streets", one.streets, other.streets),
        _shared("numbers", one.numbers, other.numbers),
        _equal("phone", one.phone, other.phone),
        _equal("nib", one.nib, other.nib),
        _equal("division", one.activity & 15, other.activity & 15),
        _equal("group", one.activity >> 4, other.activity >> 4),
    )


def _shared(kind: str, one: int, other: int) -> str:
    shorter = min(one.bit_count(), other.bit_count(), MOST)
    return f"{kind} {min((one & other).bit_count(), shorter)}/{shorter}"


def _equal(kind: str, one: int, other: int) -> str:
    if not one or not other:
        return f"{kind} unknown"
    return f"{kind} same" if one == other else f"{kind} differs"


def packed(marks: Iterable[Marks]) -> bytes:
    """Give marks as rows of `ROW_BYTES`, sorted, so that their order tells nothing."""
    return b"".join(sorted(_ROW.pack(*astuple(each)) for each in marks))


def unpacked(rows: bytes) -> list[Marks]:
    """Give the marks in rows that `packed` made."""
    return [Marks(*row) for row in _ROW.iter_unpack(rows)]


@cache
def shipped() -> Weights:
    """Give the weights that are shipped, learned on invented towns."""
    text = resources.files("matching").joinpath("models", SHIPPED).read_text(encoding="utf-8")
    read = json.loads(text)
    if read["version"] != VERSION:
        raise ValueError("Please learn the weights of the doorstep again: python -m bench.doorstep")
    return Weights(read["prior"], read["levels"], read["warning"])


def rules() -> dict[str, Any]:
    """Give what the phone needs besides key and rows, the same for every area."""
    weights = shipped()
    return {
        "version": VERSION,
        "prior": weights.prior,
        "levels": dict(weights.levels),
        "warning": weights.warning,
        "words": {kind: list(words) for kind, words in quiet_words().items()},
        "placeholders": sorted(PLACEHOLDERS),
    }
