"""A world: its words, its faults, how dense it is and how its sources cover it."""

from dataclasses import dataclass
from random import Random
from typing import Final

from matching.truth import classes
from matching.truth.chance import between
from matching.truth.noise import Noise, lessened, noise_of
from matching.truth.words import Words, words_of

_RATES: Final = {
    classes.SAME_OWNER: 0.045,
    classes.FAMILY: 0.04,
    classes.SAME_NAME: 0.03,
    classes.CHAIN: 0.02,
    classes.SUCCESSION: 0.04,
    classes.BRANCH: 0.015,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which records a business leaves: shares of businesses."""

    prelist: float
    field: float
    online: float
    twice_prelist: float
    twice_field: float
    twice_officer: float  # the same enumerator, twice
    copied: float  # the officer took the name over from the prelist


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that differs between one invented city and another."""

    name: str
    words: Words
    prelist: Noise
    field: Noise
    online: Noise
    coverage: Coverage
    rates: dict[str, float]  # of the situations, per business
    region: str  # 4 digits
    latitude: float
    longitude: float
    units_per_sls: float
    sls_metres: float
    markets: float  # share of SLS with a market
    kampung: float  # share of alleys among streets
    blocks: float  # share of SLS that are housing estates with blocks
    gps: float  # metres, of a visit
    geocode: float  # metres, of a register
    nib: float  # share of businesses with a permit
    lower: float  # share of records not written in capitals


def world_of(name: str, noise: str) -> World:
    """Give the world of a name, always the same; a level of `noise.LEVELS`."""
    rng = Random(f"{name} {noise}")  # noqa: S311 - invents cities, guards nothing
    mix = noise_of(noise, rng)
    return World(
        name=name,
        words=words_of(rng),
        prelist=mix,
        field=lessened(mix, between(rng, 0.4, 0.75)),
        online=lessened(mix, between(rng, 0.3, 0.6)),
        coverage=_coverage(rng),
        rates={each: rate * between(rng, 0.5, 1.7) for each, rate in _RATES.items()},
        region=f"{rng.randint(11, 94)}{rng.randint(1, 79):02d}",
        latitude=between(rng, -8.5, 4.0),
        longitude=between(rng, 96.0, 135.0),
        units_per_sls=between(rng, 27, 40),
        sls_metres=between(rng, 110, 280),
        markets=between(rng, 0.02, 0.1),
        kampung=between(rng, 0.2, 0.75),
        blocks=between(rng, 0.03, 0.2),
        gps=between(rng, 3, 11),
        geocode=between(rng, 12, 45),
        nib=between(rng, 0.12, 0.4),
        lower=rng.choice((0.0, 0.05, 0.5)),
    )


def _coverage(rng: Random) -> Coverage:
    return Coverage(
        prelist=between(rng, 0.55, 0.85),
        field=between(rng, 0.88, 0.97),
        online=between(rng, 0.02, 0.14),
        twice_prelist=between(rng, 0.005, 0.05),
        twice_field=between(rng, 0.01, 0.05),
        twice_officer=between(rng, 0.0, 0.004),
        copied=between(rng, 0.0, 0.35),
    )
