"""Buildings as they come, by a seed: valid answers to SE2026-P in every state, use and size."""

from collections.abc import Iterator
from itertools import count
from random import Random

from tests.support.buildings import (
    PROBES,
    Answers,
    building,
    business,
    household,
    listed,
    shop,
    variants,
    visit,
)

_KIND_OF_PROBE = dict(zip(PROBES, ("1", "5", "2", "1", "3", "4", "6"), strict=True))
_AT_HOME = frozenset(["home", "online"])
_WORK = ("menjual eceran", "membuat dan menjual", "memperbaiki dan merawat", "menyewakan harian")
_GOODS = ("kain batik", "nasi megono", "sepeda motor", "alat pesta", "ikan asin")


def any_building(chance: Random) -> Answers:
    """Give a building that breaks no rule; now and then one of the fixed variants."""
    if chance.random() < 0.3:
        name = chance.choice(sorted(variants()))
        return variants()[name]()
    use = chance.choices("12347", (20, 40, 30, 5, 5))[0]
    entries = _Entries(chance)
    parts = [part for _ in range(chance.choice((1, 1, 1, 2, 3, 6))) for part in _part(use, entries)]
    told = building(use, *parts, street=f"GG CONTOH {chance.randint(1, 40)}")
    told["building_no"] = str(chance.randint(1, 9999))
    told["floors"] = str(chance.choice((1, 1, 2, 3)))
    for part in parts:
        part["floor_no"] = str(chance.randint(1, int(told["floors"])))
    told |= {"building_name": f"GEDUNG CONTOH {use}", "hidden_business": "1", "signs": "0"}
    return told | _visits(chance, silent=any(part.get("part_answer") == "3" for part in parts))


class _Entries:
    """Businesses one after another, so that no sticker and no unit stands twice."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.numbers = count(1)
        self.units: Iterator[str] = iter(("IDSBR0000001", "IDSBR0000002"))

    def one(self, kind: str) -> Answers:
        chance, number = self.chance, next(self.numbers)
        workers = chance.choice((1, 2, 3, 7, 19))
        told = business(
            business_name=f"USAHA CONTOH {number}",
            activity=f"{chance.choice(_WORK)} {chance.choice(_GOODS)}",
            business_kind=kind,
            mobile=chance.choice(("", "9999", f"0812{number:08}")),
            workers_total=str(workers),
            sales_band=chance.choice("128" if workers < 3 else "12348"),
            sticker=chance.choice(("", f"SE26-{number:08}")),
        )
        unit = next(self.units, None) if chance.random() < 0.3 else None
        return told if unit is None else told | {"in_prelist": "1", "unit_id": unit} | _named(unit)


def _named(unit: str) -> Answers:
    return {"sticker": listed(unit)["sticker"]}


def _part(use: str, entries: _Entries) -> Iterator[Answers]:
    """The parts that a building of this use has at least, among them one with a business."""
    chance = entries.chance
    if use in "17":
        yield _shop(entries)
        if use == "1" and chance.random() < 0.3:
            yield {"part_kind": "4"}
        if use == "1" and chance.random() < 0.2:
            yield {"part_kind": "2", "occupant": "KIOS CONTOH", "part_answer": "3"}
    elif use == "4":
        yield _shop(entries) | {"part_kind": "3", "occupant": "SERAMBI CONTOH"}
    else:
        probes = [probe for probe in PROBES if use == "2" or probe not in _AT_HOME | {"rental"}]
        asked = chance.sample(probes, chance.randint(0 if use == "3" else 1, 3))
        found = {probe: chance.choice((1, 1, 2)) for probe in asked}
        rows = [entries.one(_KIND_OF_PROBE[probe]) for probe in found for _ in range(found[probe])]
        yield household(*rows, occupant=f"KEPALA CONTOH {next(entries.numbers)}", **found)
        if use == "2" and chance.random() < 0.4:
            yield _shop(entries)


def _shop(entries: _Entries) -> Answers:
    return shop(*(entries.one("7") for _ in range(entries.chance.choice((1, 1, 2, 4)))))


def _visits(chance: Random, *, silent: bool) -> Answers:
    made = 3 if silent else chance.choice((1, 1, 2, 3))
    days = sorted(chance.sample(range(1, 21), made))
    earlier = [visit(chance.choice("234"), f"{day:02}") for day in days[:-1]]
    last = visit("2" if silent else "1", f"{days[-1]:02}")
    return {"visits_made": str(made), "visit": [*earlier, last]}
