"""How often records are wrong, and in what way: one rate per kind of fault and record."""

from dataclasses import dataclass, fields, replace
from random import Random
from typing import Final

from matching.truth.chance import between

LEVELS: Final = {"mild": 0.3, "usual": 0.55, "harsh": 1.1}
_HIGHEST: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Chance of each fault in a record of the prelist; other sources have their share of it."""

    # how the name is written
    typo: float = 0.13
    old_spelling: float = 0.06
    glued: float = 0.04
    torn: float = 0.02
    word_order: float = 0.03
    word_lost: float = 0.09
    type_short: float = 0.3
    type_lost: float = 0.14
    type_other: float = 0.1
    form_lost: float = 0.4
    owner_behind: float = 0.06
    by_owner: float = 0.07
    described: float = 0.05
    no_name: float = 0.02
    # the owner
    no_owner: float = 0.2
    owner_part: float = 0.25
    owner_typo: float = 0.09
    relative: float = 0.03
    fields_swapped: float = 0.012
    # the address
    no_address: float = 0.06
    no_street: float = 0.15
    no_number: float = 0.35
    no_rt: float = 0.35
    street_typo: float = 0.07
    number_wrong: float = 0.03
    rt_wrong: float = 0.04
    # numbers
    no_phone: float = 0.45
    phone_other: float = 0.2
    phone_typo: float = 0.02
    sentinel: float = 0.05
    hub_phone: float = 0.05
    no_nib: float = 0.4
    nib_typo: float = 0.01
    # place
    no_place: float = 0.25
    centroid: float = 0.22
    place_off: float = 0.04
    place_absurd: float = 0.006
    other_sls: float = 0.05
    no_sls: float = 0.004
    # activity
    other_kbli: float = 0.18
    kbli_cut: float = 0.04
    no_kbli: float = 0.03


def noise_of(level: str, rng: Random) -> Noise:
    """Give a mix of faults of a level; each rate leans another way in every world."""
    factor = LEVELS[level]
    plain = Noise()
    return replace(
        plain,
        **{
            each.name: min(_HIGHEST, getattr(plain, each.name) * factor * between(rng, 0.5, 1.6))
            for each in fields(Noise)
        },
    )


def lessened(noise: Noise, share: float) -> Noise:
    """Give the same mix with every rate times a share."""
    rates = {each.name: getattr(noise, each.name) * share for each in fields(Noise)}
    return Noise(**rates)
