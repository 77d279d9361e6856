"""How a source writes where a business is and how it is reached."""

from random import Random
from typing import Final

from matching.truth import spelling
from matching.truth.chance import bell, between, happens
from matching.truth.city import Sls
from matching.truth.noise import Noise
from matching.truth.units import Spot

_STREET: Final = {
    "JL": ("JL.", "JL", "JLN", "JALAN", "JLN.", "JL. RAYA"),
    "GG": ("GG.", "GG", "GANG", "GNG", "JL. GG"),
    "PERUM": ("PERUM", "PERUMAHAN", "PERUM.", "KOMPLEK", "PERUM"),
    "PASAR": ("PASAR", "PSR", "PS.", "PSR.", "PASAR"),
}
_STALL: Final = ("BLOK {0}-{1}", "BLOK {0} NO {1}", "BLOK {0}{1}", "LOS {0}-{1}", "{0}-{1}")
_HOUSE: Final = ("NO. {0}", "NO {0}", "NO.{0}", "{0}", "NOMOR {0}", "NO: {0}")
SENTINELS: Final = (
    *("9999", "8888", "0", "-", "08", "081234567890", "000000000000", "TIDAK ADA", "08111111111"),
)
_NO_NIB: Final = ("0000000000000", "9999999999999", "-", "1234567890123")
_RT_RW: Final = (
    *("RT {0} RW {1}", "RT.{2}/RW.{3}", "RT{2:02d} RW{3:02d}", "{0}/{1}", "RT {2} / {3}", "RT {0}"),
)
_PHONE: Final = (
    *("{0}", "{0}", "{0}", "{0}", "+62{1}", "62{1}", "{1}", "+62 {1}", "{2}-{3}", "{2} {3}"),
)


def written_address(rng: Random, spot: Spot, sls: Sls, noise: Noise) -> str | None:
    """Write an address in one of many layouts; None when the source has none."""
    throw = rng.random()
    if throw < noise.no_address:
        return "-" if throw < noise.no_address / 4 else None
    parts = [_place(rng, spot, noise), _house(rng, spot, noise), _rt_rw(rng, spot, noise)]
    if happens(rng, 0.2):
        parts.append(f"{rng.choice(('KEL.', 'KEL', 'KELURAHAN', 'DS.'))} {sls.village}")
    written = (rng.choice((" ", " ", ", "))).join(each for each in parts if each)
    return written or None


def written_phone(rng: Random, phone: str | None, noise: Noise) -> str | None:
    """Write a telephone number in one of many layouts, a sentinel, or nothing."""
    if happens(rng, noise.sentinel):
        return rng.choice(SENTINELS)
    if phone is None or happens(rng, noise.no_phone):
        return None
    if happens(rng, noise.phone_typo):
        phone = spelling.wrong_digit(rng, phone)
    return rng.choice(_PHONE).format(phone, phone[1:], phone[:4], phone[4:])


def written_nib(rng: Random, nib: str | None, noise: Noise) -> str | None:
    """Write the number of a permit, a sentinel, or nothing."""
    if happens(rng, noise.sentinel / 3):
        return rng.choice(_NO_NIB)
    if nib is None or happens(rng, noise.no_nib):
        return None
    return spelling.wrong_digit(rng, nib) if happens(rng, noise.nib_typo) else nib


def point_of(
    rng: Random, spot: Spot, sls: Sls, noise: Noise, metres: float
) -> tuple[float, float] | None:
    """Measure a spot: near, at the middle of the SLS, far off, absurd, or not at all."""
    if happens(rng, noise.no_place):
        return None
    if happens(rng, noise.centroid):
        return sls.latitude, sls.longitude
    latitude, longitude = round(spot.latitude, 6), round(spot.longitude, 6)
    if happens(rng, noise.place_absurd):
        return rng.choice(((0.0, 0.0), (longitude, latitude), (latitude, -longitude)))
    if happens(rng, noise.place_off):
        metres = between(rng, 80, 1500)
    degrees = metres / 111_320
    return (
        round(latitude + bell(rng, degrees), 6),
        round(longitude + bell(rng, degrees), 6),
    )


def _place(rng: Random, spot: Spot, noise: Noise) -> str | None:
    name = spot.street or spot.market
    if name is None or happens(rng, noise.no_street):
        return None
    kind, words = name.split(" ", 1)
    if happens(rng, noise.street_typo):
        words = spelling.slipped(rng, words)
    return f"{rng.choice(_STREET[kind])} {words}"


def _house(rng: Random, spot: Spot, noise: Noise) -> str | None:
    if happens(rng, noise.no_number):
        return None
    if spot.stall is not None:
        beside = spot.stall_beside is not None and happens(rng, 0.5)
        code = (spot.stall_beside or "") if beside else spot.stall
        block, number = code.split("-")
        return rng.choice(_STALL).format(block, number)
    number = spot.house or ""
    if happens(rng, noise.number_wrong):
        number = str(rng.randint(1, 150))
    return rng.choice(_HOUSE).format(number)


def _rt_rw(rng: Random, spot: Spot, noise: Noise) -> str | None:
    if happens(rng, noise.no_rt):
        return None
    rt = f"{rng.randint(1, 9):03d}" if happens(rng, noise.rt_wrong) else spot.rt
    rw = spot.rw
    return rng.choice(_RT_RW).format(rt, rw, int(rt), int(rw))
