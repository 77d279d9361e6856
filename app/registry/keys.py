"""Exact keys by which units are held against each other; pure. The seam for real matching.

Sharing a key is evidence, never a verdict: one owner may have two businesses at one address, one
NIB may cover several places. A person decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from app.areas.codes import LENGTHS, Level
from app.registry.normalise import business_name, identifier, mobile_number

CROWD = 20  # a key that more units share tells nothing of any two of them
SLS_DIGITS = LENGTHS[Level.SLS]
SUB_SLS_DIGITS = LENGTHS[Level.SUB_SLS]
_SILENT = frozenset({"00", "3", "4", "9"})  # nothing is there to be counted twice
_NIB = re.compile(r"[0-9]{13}")
_NIK = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What of a unit can make a key."""

    business_name: str
    area_code: str
    presence: str | None
    nib: str
    owner_key: str  # of `owner_key`, not the NIK itself
    mobile: str
    idsbr: str


def keys_of(facts: KeyFacts) -> Iterator[tuple[str, str]]:
    """Give kind and value of every key of a unit, each kind at most once."""
    if facts.presence in _SILENT:
        return
    name = business_name(facts.business_name).key
    nib = identifier(facts.nib)
    mobile = mobile_number(facts.mobile)
    idsbr = identifier(facts.idsbr)
    if _is_number(_NIB, nib):
        yield "nib", nib
    if idsbr:
        yield "idsbr", idsbr
    if not name:
        return
    if facts.owner_key:
        yield "nik+name", f"{facts.owner_key} {name}"
    if mobile:
        yield "mobile+name", f"{mobile} {name}"
    if len(facts.area_code) == SUB_SLS_DIGITS:
        yield "name+sls", f"{facts.area_code[:SLS_DIGITS]} {name}"


def key_digest(lane: str, kind: str, value: str) -> str:
    """Give what is stored of a key."""
    return sha256(f"{lane}\x1f{kind}\x1f{value}".encode()).hexdigest()


def owner_key(lane: str, nik: str) -> str:
    """Give what is stored of an owner's NIK; empty where it is a sentinel, filler or no NIK."""
    plain = identifier(nik)
    return key_digest(lane, "nik", plain) if _is_number(_NIK, plain) else ""


def _is_number(pattern: re.Pattern[str], text: str) -> bool:
    return bool(pattern.fullmatch(text)) and len(set(text)) > 1
