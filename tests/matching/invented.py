"""Features of invented businesses, wildly mixed, so that every level of every comparison occurs."""

import random
from dataclasses import fields, replace
from typing import Any

import pyarrow as pa

from matching.features import Features
from matching.levels.comparisons import COMPARISONS
from matching.model import Model, Weight

SYLLABLES = ("SA", "RI", "BA", "TIK", "MUL", "JA", "YA", "WAR", "NO", "KEN", "TO", "DE", "WI")
TYPES = ("TOKO", "WARUNG", "BENGKEL", "SALON")
TRADES = ("FOOD", "REPAIR", "HAIR")


def word(chance: random.Random, most: int = 3) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(1, most)))


def nudged(text: str, chance: random.Random) -> str:
    """One letter dropped, doubled or changed."""
    at = chance.randrange(len(text))
    return chance.choice(
        [text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[:at] + "X" + text[at:]]
    )


def features(number: int, chance: random.Random) -> Features:
    name = " ".join(word(chance) for _ in range(chance.randint(1, 3)))
    owner = " ".join(word(chance) for _ in range(chance.randint(1, 2)))
    street = word(chance)
    return _known(
        {
            "record_id": f"r{number:06}",
            "source": chance.choice(["prelist", "field", "field", "online"]),
            "enumerator": f"P{chance.randrange(5)}",
            "legal_form": chance.choice(["CV", "PT", "UD"]),
            "honorific": chance.choice(["BU", "PAK"]) if chance.random() < 0.2 else None,
            "business_type": chance.choice(TYPES),
            "trade": chance.choice(TRADES),
            "name": name,
            "ordinal": chance.choice(["2", "3", "BARU"]) if chance.random() < 0.2 else None,
            "brand": chance.choice(["INDOX", "ALFAX"]) if chance.random() < 0.2 else None,
            "owner": owner,
            "phone": f"8{chance.randrange(10**9, 10**9 + 40)}",
            "nib": f"{chance.randrange(10**12, 10**12 + 60)}",
            "street": street,
            "site": chance.choice(["PASAR BARU", "PASAR LAMA"]) if chance.random() < 0.3 else None,
            "house_number": str(chance.randrange(6)),
            "stall": f"B-{chance.randrange(9)}" if chance.random() < 0.3 else None,
            "rt": f"{chance.randrange(1, 4):03}",
            "rw": f"{chance.randrange(1, 3):03}",
            "latitude": -6.88 + chance.gauss(0, 0.001),
            "longitude": 109.67 + chance.gauss(0, 0.001),
            "accuracy": 8.0,
            "kbli": chance.choice(["47111", "47112", "4711", "56101", "561", "13134"]),
            "sls": chance.choice(["33750100040001", "33750100040002", "33750200010001"]),
        },
        chance,
    )


def _known(whole: dict[str, Any], chance: random.Random) -> Features:
    """Forget a field now and then, and derive the derived from what is left."""
    for field in whole:
        if field not in {"record_id", "source", "latitude", "longitude"} and chance.random() < 0.12:
            whole[field] = None
    if chance.random() < 0.1:
        whole["latitude"] = whole["longitude"] = whole["accuracy"] = None
    name, owner, street = whole["name"], whole["owner"], whole["street"]
    words = f"{name or ''} {owner or ''}".split()
    return Features(
        **whole,
        name_joined=name and name.replace(" ", ""),
        name_skeleton=name and _sound(name),
        owner_skeleton=owner and _sound(owner),
        street_skeleton=street and _sound(street),
        bag=tuple(sorted({_sound(each) for each in words})),
    )


def _sound(text: str) -> str:
    kept = text[0] + "".join(letter for letter in text[1:] if letter not in "AEIOU ")
    return kept.replace("X", "")


def relative(of: Features, number: int, chance: random.Random) -> Features:
    """Another record that takes most of its fields from this one."""
    other = features(number, chance)
    whole = {
        field.name: getattr(of if chance.random() < 0.7 else other, field.name)
        for field in fields(Features)
        if field.name not in {"name_joined", "name_skeleton", "owner_skeleton", "bag"}
        and field.name != "street_skeleton"
    }
    for field in ("name", "owner", "street", "phone", "nib"):
        if whole[field] and chance.random() < 0.3:
            whole[field] = nudged(whole[field], chance).strip() or None
    if (whole["latitude"] is None) != (whole["longitude"] is None):
        whole["longitude"] = whole["latitude"] = None
    return _known(whole | {"record_id": f"r{number:06}"}, chance)


def crowd(size: int, seed: int) -> list[Features]:
    chance = random.Random(seed)
    found = [features(0, chance)]
    while len(found) < size:
        number = len(found)
        found.append(
            relative(chance.choice(found), number, chance)
            if chance.random() < 0.6
            else features(number, chance)
        )
    return found


def arrow(rows: list[Features]) -> pa.Table:
    kinds: dict[str, pa.DataType] = {
        "bag": pa.list_(pa.string()),
        "latitude": pa.float64(),
        "longitude": pa.float64(),
        "accuracy": pa.float64(),
    }
    return pa.table(
        {
            field.name: pa.array(
                [getattr(row, field.name) for row in rows],
                type=kinds.get(field.name, pa.string()),
            )
            for field in fields(Features)
        }
    )


class Shares:
    """Frequencies as counted in the rows themselves."""

    def __init__(self, rows: list[Features]) -> None:
        self.shares: dict[str, dict[str, float]] = {}
        for field in ("name", "owner"):
            terms = [getattr(row, field) for row in rows if getattr(row, field) is not None]
            self.shares[field] = {term: terms.count(term) / len(terms) for term in set(terms)}

    def name_frequency(self, name: str) -> float:
        return self.shares["name"].get(name, 1e-3)

    def owner_frequency(self, owner: str) -> float:
        return self.shares["owner"].get(owner, 1e-3)


def any_weights(model: Model) -> Model:
    """The model with other weights at every level, so that no difference can hide."""
    chance = random.Random(8)
    weights = {
        each.name: tuple(
            Weight(0.0)
            if level.silent
            else Weight(chance.uniform(-5, 5), 0.4 if level.frequency else 0.0)
            for level in each.levels
        )
        for each in COMPARISONS
    }
    return replace(model, weights=weights)
