"""Addresses in their parts: RT and RW in any layout, street, house number, block or stall."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matching.lexicon import words_of
from matching.normalise.folding import told

_STREETS: Final = words_of("streets")
_ROMAN: Final = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7",
                 "VIII": "8", "IX": "9", "X": "10", "XI": "11", "XII": "12"}  # fmt: skip
_DOTTED: Final = re.compile(r"\b(?:([A-Z])\.\s?)(?=[A-Z]\b)")
_GLUED: Final = re.compile(r"\b(JL|JLN|JALAN|GG|GANG|NO|BLOK|BLK|LOS|KIOS|RT|RW)\.?(?=\d)")
_OPENING: Final = re.compile(r"\b(JLN|JL|GG)\.")
_NUMBER: Final = r"(\d{1,3}|[IVX]{1,5})"
_BOTH: Final = re.compile(rf"\bRT\W{{0,3}}RW\W*{_NUMBER}\W+{_NUMBER}\b")
_IN_TURN: Final = re.compile(
    rf"\bRT[\W_]*{_NUMBER}[\W_]*RW[\W_]*{_NUMBER}\b|\bRW[\W_]*{_NUMBER}[\W_]*RT[\W_]*{_NUMBER}\b"
)
_SLASHED: Final = re.compile(rf"\bRT[\W_]*{_NUMBER}\s*[/\\-]\s*(?:RW\W*)?{_NUMBER}\b")
_RT: Final = re.compile(rf"\bRT[\W_]*{_NUMBER}\b")
_RW: Final = re.compile(rf"\bRW[\W_]*{_NUMBER}\b")
_BARE: Final = re.compile(r"(?<![\dA-Z/-])(0\d{1,2}|\d{3})\s*/\s*(0\d{0,2}|\d{1,3})(?![\d/])")
_TAIL: Final = re.compile(
    r"\b(?:KELURAHAN|KEL|DESA|DS|KECAMATAN|KEC|KABUPATEN|KAB|KOTA|PROVINSI|PROV|PROPINSI|"
    r"KODE ?POS|KODEPOS)\b(?=\W).*$"
)
_POSTCODE: Final = re.compile(r"\b\d{5}\b")
_FLOOR: Final = re.compile(r"\b(?:LANTAI|LT|LTI)\W*(?:\d+|DASAR|ATAS|BAWAH|[IVX]+)\b")
_STALL: Final = re.compile(
    r"\b(?:BLOK|BLK|BLOCK|BLOG|LOS|LOOS|KIOS|KIOSK|LAPAK|STAND|STAN|PETAK|RUKO|UNIT|KAV|KAVLING|"
    r"KAPLING|COUNTER|BOOTH)\b\W*(?:NO\b\W*|NOMOR\b\W*)?"
    r"(?:([A-Z]{1,2})\b\W*(?:NO\b\W*|NOMOR\b\W*|NMR\b\W*)?(\d{1,4}[A-Z]?)?\b"
    r"|([A-Z]{0,2})[ -]?(\d{1,4})\W{0,2}([A-Z])?\b)"
)
_HOUSE: Final = re.compile(
    r"(?:\b(?:NO|NOMOR|NMR|NOM|NMER|NUMBER)\b|#)\W*(\d{1,4})(?:[\s-]?([A-Z])\b|/(\d{1,2})\b)?"
)
_LAST: Final = re.compile(r"(?<!GANG )(?<!GNG )(?<!GG )\b(\d{1,4})(?:[ -]?([A-Z]))?$")
_BLOCK_LAST: Final = re.compile(r"\b([A-Z])[- ]?(\d{1,3})$")
_APART: Final = re.compile(r"[^A-Z0-9]+")
_SITES: Final = frozenset({"PASAR", "KOMPLEK", "PERUMAHAN", "GRIYA", "TERMINAL", "STASIUN",
                           "PLAZA", "MALL", "DUSUN", "KAMPUNG", "LINGKUNGAN", "MEGA",
                           "SENTRA", "ALUN"})  # fmt: skip
_ROADS: Final = frozenset({"JL", "JLN", "JALAN", "JLAN", "JALN", "JAL"})
_IDLE: Final = frozenset({"DEPAN", "SEBELAH", "SAMPING", "DEKAT", "BELAKANG", "DPN", "BLKG",
                          "SBLH", "DKT", "TIMURNYA", "BARATNYA", "SEBERANG", "SELATANNYA",
                          "UTARANYA"})  # fmt: skip
_SAME_STREETS: Final = (("AHMAD YANI", "YANI"), ("A YANI", "YANI"), ("W R SUPRATMAN", "SUPRATMAN"),
                        ("WR SUPRATMAN", "SUPRATMAN"), ("HOS COKROAMINOTO", "COKROAMINOTO"),
                        ("GATSU", "GATOT SUBROTO"), ("RE MARTADINATA", "MARTADINATA"),
                        ("R E MARTADINATA", "MARTADINATA"), ("MH THAMRIN", "THAMRIN"),
                        ("M H THAMRIN", "THAMRIN"), ("M YAMIN", "YAMIN"))  # fmt: skip


@dataclass(slots=True)
class Address:
    """An address in its parts; None where nothing is told."""

    street: str | None = None
    site: str | None = None  # market, housing estate, hamlet
    house_number: str | None = None
    stall: str | None = None
    rt: str | None = None
    rw: str | None = None


def address_of(text: str | None) -> Address:
    """Part an address."""
    folded = told(text)
    if not folded:
        return Address()
    found = Address()
    rest = _DOTTED.sub(r"\1", folded) if "." in folded else folded
    rest = _GLUED.sub(r"\1 ", _OPENING.sub(r"\1 ", rest))
    rest = _without_rt_rw(rest, found)
    rest = _TAIL.sub(" ", _POSTCODE.sub(" ", rest))
    rest = _without_stall(_FLOOR.sub(" ", rest), found)
    rest = _without_house_number(rest, found)
    _name_street(rest, found)
    return found


def _three(number: str) -> str | None:
    plain = _ROMAN.get(number, number)
    return plain.zfill(3) if plain.isdigit() and int(plain) else None


def _without_rt_rw(text: str, found: Address) -> str:
    if "RT" in text or "RW" in text:
        return _marked_rt_rw(text, found)
    bare = _BARE.search(text)
    if bare is None:
        return text
    found.rt, found.rw = _three(bare[1]), _three(bare[2])
    return f"{text[: bare.start()]} {text[bare.end() :]}"


def _marked_rt_rw(text: str, found: Address) -> str:
    for pattern in (_IN_TURN, _BOTH, _SLASHED):
        both = pattern.search(text)
        if both is not None:
            groups = both.groups()
            rt, rw = groups[:2] if groups[0] else (groups[3], groups[2])
            found.rt, found.rw = _three(rt), _three(rw)
            return f"{text[: both.start()]} , {text[both.end() :]}"
    for pattern, part in ((_RT, "rt"), (_RW, "rw")):
        one = pattern.search(text)
        if one is not None:
            setattr(found, part, _three(one[1]))
            text = f"{text[: one.start()]} , {text[one.end() :]}"
    return text


def _without_stall(text: str, found: Address) -> str:
    stall = _STALL.search(text)
    if stall is None:
        return text
    letter, number, glued, digits, suffix = stall.groups()
    parts = ((letter or glued or ""), (number or digits or "").lstrip("0") + (suffix or ""))
    found.stall = "-".join(part for part in parts if part) or None
    return f"{text[: stall.start()]} , {text[stall.end() :]}"


def _without_house_number(text: str, found: Address) -> str:
    house = _HOUSE.search(text)
    if house is None:
        return text
    digits, letter, below = house.groups()
    number = digits.lstrip("0")
    if number:
        found.house_number = number + (letter or "") + (f"/{below}" if below else "")
    return f"{text[: house.start()]} , {text[house.end() :]}"


def _name_street(text: str, found: Address) -> None:
    """Take street and site, and numbers that stand alone or at the end of one of them."""
    for part in text.split(","):
        rest = _numbers_off(part.strip(" .-"), found)
        name, is_site = _street_of(rest)
        if is_site:
            found.site = found.site or name or None
        else:
            found.street = found.street or name or None


def _numbers_off(part: str, found: Address) -> str:
    """Take the number at the end for the house's, or block and number for the stall's."""
    if found.stall is None:
        block = _BLOCK_LAST.search(part)
        if block is not None:
            found.stall = f"{block[1]}-{block[2].lstrip('0')}"
            return part[: block.start()].rstrip()
    last = _LAST.search(part)
    if last is None or found.house_number or found.stall or not last[1].strip("0"):
        return part
    found.house_number = last[1].lstrip("0") + (last[2] or "")
    return part[: last.start()].rstrip(" .-")


@lru_cache(maxsize=1 << 14)
def _street_of(part: str) -> tuple[str, bool]:
    """Give the name of a street or site in one spelling, and whether it is a site."""
    flat = " ".join(_APART.sub(" ", part.replace("'", "")).split())
    if not any(map(str.isalpha, flat)):
        return "", False
    before, road, after = flat.partition(" JL ")
    flat = after if road and after and before else flat
    for written, short in _SAME_STREETS:
        if written in flat:
            flat = flat.replace(written, short)
    words = [word for word in flat.split() if word not in _IDLE]
    forms = [_STREETS.get(word, word) for word in words]
    telling = [form for form in forms if form] or words
    numbered = [*telling[:1], *(_ROMAN.get(word, word) for word in telling[1:])]
    is_site = bool(numbered) and numbered[0] in _SITES and words[0] not in _ROADS
    if len(numbered) > 1:
        numbered = [word for word in numbered if word != "RAYA"] or numbered
    return " ".join(numbered), is_site
