"""Invented staff of a regency: the office, coordinators, supervisors and enumerators."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from app.auth.models import Role
from app.demo.chance import chance, column
from app.demo.city import InventedArea, leaves

LANE = "3375"
_DISTRICT, _KELURAHAN = 7, 10
_SUPERVISORS = 9
_ASSIGNED = 0.75  # of a kelurahan's sub-SLS; the rest waits for the officer's next weeks


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `areas` are BPS codes, `supervisor` a user name."""

    user_name: str
    display_name: str
    role: Role
    areas: tuple[str, ...]
    supervisor: str | None = None


def invent_staff(areas: Sequence[InventedArea], seed: int) -> list[Person]:
    """Give office, 4 Koseka, 9 PML and one PPL a kelurahan, superiors before their people.

    A PML's kelurahan lie in one kecamatan; a PPL has most sub-SLS of one kelurahan.
    """
    rng = chance(seed, "staff")
    names = _names(rng)
    office = (
        ("admin", "Admin", Role.REGENCY_ADMIN),
        ("analis", "Analis", Role.ANALYST),
        ("pemkot", "Pemkot", Role.GOVERNMENT),
    )
    staff = [
        Person(user, f"{next(names)} ({title})", role, (LANE,)) for user, title, role in office
    ]
    kecamatan = [area.code for area in areas if len(area.code) == _DISTRICT]
    kelurahan = [area.code for area in areas if len(area.code) == _KELURAHAN]
    teams = _teams(kecamatan, kelurahan)
    koseka = {code: f"koseka{number:02}" for number, code in enumerate(kecamatan, 1)}
    for code, user in koseka.items():
        staff.append(Person(user, next(names), Role.COORDINATOR, (code,), "admin"))
    for number, team in enumerate(teams, 1):
        above = koseka[team[0][:_DISTRICT]]
        staff.append(Person(f"pml{number:02}", next(names), Role.SUPERVISOR, team, above))
    pml = {code: f"pml{number:02}" for number, team in enumerate(teams, 1) for code in team}
    for number, code in enumerate(kelurahan, 1):
        own = _assigned(areas, code)
        staff.append(Person(f"ppl{number:02}", next(names), Role.ENUMERATOR, own, pml[code]))
    return staff


def _names(rng: Random) -> Iterator[str]:
    """Give names that no two share."""
    firsts = [*column("people", "male"), *column("people", "female")]
    rng.shuffle(firsts)
    for first in firsts:
        yield f"{first} {rng.choice(column('people', 'last'))}"


def _teams(kecamatan: Sequence[str], kelurahan: Sequence[str]) -> list[tuple[str, ...]]:
    """Deal the kelurahan to supervisors, nobody across the border of a kecamatan."""
    inside = {code: [each for each in kelurahan if each.startswith(code)] for code in kecamatan}
    counts = dict.fromkeys(kecamatan, 1)
    while sum(counts.values()) < _SUPERVISORS:
        counts[max(kecamatan, key=lambda code: len(inside[code]) / counts[code])] += 1
    return [
        tuple(
            inside[code][
                part * len(inside[code]) // count : (part + 1) * len(inside[code]) // count
            ]
        )
        for code, count in counts.items()
        for part in range(count)
    ]


def _assigned(areas: Sequence[InventedArea], kelurahan: str) -> tuple[str, ...]:
    own = [area.code for area in leaves(areas) if area.code.startswith(kelurahan)]
    return tuple(own[: math.ceil(len(own) * _ASSIGNED)])
