"""Levels say the same in Python and in SQL."""

import random
from typing import Any

import duckdb
import pytest

from matching.features import Features
from matching.levels.atoms import next_to, same_number, within
from matching.levels.comparison import Comparison, comparison, level, rest
from matching.levels.comparisons import COMPARISONS
from matching.levels.python import grades
from matching.model import load
from tests.matching.invented import arrow, crowd


def business(**known: Any) -> Features:
    whole = dict.fromkeys(Features.__dataclass_fields__)
    return Features(**(whole | {"record_id": "a", "source": "field", "bag": ()} | known))


def holds(atom: Any, one: Features, other: Features) -> bool:
    each = comparison("test", "name", level("holds", atom), rest())
    return grades([each])(one, other) == (0,)


def levels_in_sql(conditions: list[list[str]], rows: list[Features]) -> list[tuple[int, ...]]:
    connection = duckdb.connect()
    connection.register("rows", arrow(rows))
    cases = ", ".join(
        "CASE "
        + " ".join(f"WHEN {sql} THEN {place}" for place, sql in enumerate(each[:-1]))
        + f" ELSE {len(each) - 1} END"
        for each in conditions
    )
    names = arrow(rows[:1]).column_names
    sides = ", ".join(f"{side}.{name} AS {name}_{side}" for side in "lr" for name in names)
    return connection.sql(
        f"SELECT {cases} FROM (SELECT {sides} FROM rows l, rows r"
        " WHERE l.record_id < r.record_id ORDER BY l.record_id, r.record_id)"
    ).fetchall()


def test_python_reaches_the_levels_of_sql() -> None:
    rows = sorted(crowd(90, seed=21), key=lambda row: row.record_id)
    conditions = [
        [one["sql_condition"] for one in each["comparison_levels"]]
        for each in load().splink_settings()["comparisons"]
    ]
    grade = grades(load().comparisons())
    mine = [grade(a, b) for at, a in enumerate(rows) for b in rows[at + 1 :]]
    assert levels_in_sql(conditions, rows) == mine


def test_every_comparison_is_shown_by_fields_that_exist() -> None:
    for each in COMPARISONS:
        assert set(each.fields) <= set(Features.__dataclass_fields__), each.name
    names = [each.name for each in COMPARISONS]
    assert len(names) == len(set(names))


def test_values_count_down_as_splink_counts() -> None:
    def values(name: str) -> list[int]:
        found: Comparison = next(each for each in COMPARISONS if each.name == name)
        return found.values()

    assert values("phone") == [-1, 2, 1, 0]
    assert values("area") == [-1, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("B-4", "B-5", True),
        ("B-4", "B-6", False),
        ("B-4", "C-5", False),
        ("B-4", "B-4", False),
        ("B", "B-5", False),
        ("B-X", "B-5", False),
        (None, "B-5", False),
    ],
)
def test_stalls_next_to_each_other(one: str | None, other: str, *, near: bool) -> None:
    assert holds(next_to("stall", 1), business(stall=one), business(stall=other)) is near


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("12", "12A", True), ("12A", "12B", True), ("12", "121", False), ("A", "B", False)],
)
def test_house_numbers_with_letters(one: str, other: str, *, alike: bool) -> None:
    atom = same_number("house_number")
    assert holds(atom, business(house_number=one), business(house_number=other)) is alike


@pytest.mark.parametrize("latitude", [5.5, 0.0, -6.9, -10.9])
@pytest.mark.parametrize("bearing", [(1.0, 0.0), (0.0, 1.0), (0.6, 0.8)])
def test_distance_is_right_to_a_thousandth(latitude: float, bearing: tuple[float, float]) -> None:
    from math import cos, radians

    metres, degree = 100.0, 111_194.926
    here = business(latitude=latitude, longitude=110.0)
    there = business(
        latitude=latitude + bearing[0] * metres / degree,
        longitude=110.0 + bearing[1] * metres / degree / cos(radians(latitude)),
    )
    assert holds(within(100.1), here, there)
    assert not holds(within(99.9), here, there)


def test_nothing_known_weighs_nothing_but_the_prior() -> None:
    chance = random.Random(0).random()
    one, other = business(source="prelist"), business(latitude=chance)
    model = load()
    levels = grades(model.comparisons())(one, other)
    silent = [
        each.levels[place].silent for each, place in zip(model.comparisons(), levels, strict=True)
    ]
    assert sum(silent) >= len(silent) // 2
