"""One labelled city from a seed."""

from dataclasses import replace
from itertools import count
from random import Random
from typing import Final

from matching.record import FIELD, ONLINE, PRELIST
from matching.truth.city import City
from matching.truth.population import Population
from matching.truth.survey import Labelled, Survey
from matching.truth.world import world_of

_SOURCES: Final = (PRELIST, FIELD, ONLINE)  # the register is the oldest


def make_truth(records: int, seed: int, *, noise: str = "usual", world: str = "") -> list[Labelled]:
    """Invent a city with exactly so many records; equal arguments, equal city.

    `noise` is one of `noise.LEVELS`. Any text names a world (its words, densities and mix of
    faults); without a name every seed has a world of its own. The prelist comes first, then
    the visits and the online answers as they arrived.
    """
    if records < 1:
        raise ValueError("Please ask for at least one record.")
    drawn = world_of(world or f"seed {seed}", noise)
    rng = Random(f"{drawn.name} {noise} {seed}")  # noqa: S311 - invents cities, guards nothing
    city = City(drawn, rng)
    population = Population(drawn, rng, city)
    survey = Survey(drawn, rng, city, population.maker)
    labelled: list[Labelled] = []
    for index in count():
        sls = city.sls(index)
        for unit in population.settle(sls):
            labelled.extend(survey.records(unit, sls))
        if len(labelled) >= records:
            return _numbered(rng, labelled[:records])
    raise AssertionError  # counting never ends


def _numbered(rng: Random, labelled: list[Labelled]) -> list[Labelled]:
    """Put records in the order of their coming, and number them."""
    arrived = [
        (_SOURCES.index(each.record.source) > 0, rng.random(), at)
        for at, each in enumerate(labelled)
    ]
    ordered = [labelled[at] for _, _, at in sorted(arrived)]
    return [
        each._replace(
            record=replace(each.record, record_id=f"{each.record.source[:1].upper()}{at:07d}")
        )
        for at, each in enumerate(ordered, 1)
    ]
