"""The map of an invented city: SLS in a grid, streets with lots, markets with stalls."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from random import Random
from typing import Final

from matching.truth.chance import between, happens, lognormal
from matching.truth.spelling import digits
from matching.truth.units import Spot
from matching.truth.world import World

_ROW: Final = 5  # SLS along one side of a kelurahan
_VILLAGE: Final = _ROW * _ROW
_DISTRICT: Final = 8  # kelurahan
_DEGREE: Final = 111_320  # metres of a degree of latitude
_ROMAN: Final = ("", " I", " II", " III", " IV", " V")


@dataclass(frozen=True, slots=True)
class Sls:
    """One SLS: some 30 businesses, and one RT."""

    index: int
    code: str  # 16 digits
    latitude: float  # of its middle
    longitude: float
    rt: str
    rw: str
    village: str
    officer: str
    other_officer: str  # of the SLS next to it
    office_phone: str  # of the village's office


class City:
    """Draws SLS after SLS; the same throws give the same city."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self._office_phones: dict[int, str] = {}

    def sls(self, index: int) -> Sls:
        """Give the SLS of this number."""
        village, within = divmod(index, _VILLAGE)
        district, place = divmod(village, _DISTRICT)
        east, north = self._metres(index)
        latitude, longitude = self._degrees(east, north)
        names = self.world.words.streets
        return Sls(
            index=index,
            code=f"{self.world.region}{district % 99 + 1:02d}0{place + 1:03d}{within + 1:04d}00",
            latitude=round(latitude, 6),
            longitude=round(longitude, 6),
            rt=f"{within % _ROW + 1:03d}",
            rw=f"{within // _ROW + 1:03d}",
            village=names[(village * 3 + 1) % len(names)],
            officer=f"PPL{index // 4 + 1:05d}",
            other_officer=f"PPL{index // 4 + 2:05d}",
            office_phone=self._office_phone(village),
        )

    def lots(self, sls: Sls) -> Iterator[Spot]:
        """Give the lots of an SLS with a business, along its streets, next-door neighbours in turn.

        The number of lots is drawn about the world's density.
        """
        rng = self.rng
        count = max(4, round(lognormal(rng, self.world.units_per_sls * 0.9, 0.35)))
        streets = rng.randint(2, 3)
        estate = happens(rng, self.world.blocks)
        for number in range(streets):
            many = count // streets + (number < count % streets)
            yield from self._street(sls, (number + 1) / (streets + 1), many, estate=estate)

    def stalls(self, sls: Sls) -> Iterator[Spot]:
        """Give the stalls of the market in an SLS, if it has one."""
        rng = self.rng
        if not happens(rng, self.world.markets):
            return
        market = f"PASAR {rng.choice(self.world.words.markets)}"
        east, north = self._metres(sls.index)
        blocks = "ABCDEFGH"[: rng.randint(2, 6)]
        for row, block in enumerate(blocks):
            for at in range(rng.randint(6, 18)):
                spot = self._degrees(east + 20 + at * 2.5, north + 20 + row * 6)
                code, beside = f"{block}-{at + 1}", f"{block}-{at + 2}"
                yield Spot(sls.index, None, None, market, code, beside, sls.rt, sls.rw, *spot)

    def _street(self, sls: Sls, across: float, lots: int, *, estate: bool) -> Iterator[Spot]:
        rng, size = self.rng, self.world.sls_metres
        name = self._street_name(sls, across)
        market = f"PERUM {name.split(' ', 1)[1]}" if estate else None
        block = rng.choice("ABCDEFGHJKL")
        east, north = self._metres(sls.index)
        number = (sls.index % _ROW) * 2 * lots + rng.randint(1, 9)
        for at in range(lots):
            number += rng.choice((1, 1, 2, 2, 3))
            spot = self._degrees(
                east - size / 2 + size * (at + between(rng, 0.1, 0.9)) / lots,
                north - size / 2 + size * across + rng.choice((-6, 6)),
            )
            house = f"{number}{rng.choice('AB')}" if happens(rng, 0.05) else str(number)
            yield Spot(
                sls=sls.index,
                street=None if estate else name,
                house=None if estate else house,
                market=market,
                stall=f"{block}-{number}" if estate else None,
                stall_beside=None,
                rt=sls.rt,
                rw=sls.rw,
                latitude=spot[0],
                longitude=spot[1],
            )

    def _street_name(self, sls: Sls, across: float) -> str:
        names = self.world.words.streets
        if happens(self.rng, self.world.kampung):
            at = sls.index * 7 + int(across * 10)
            return f"GG {names[at % len(names)]}{_ROMAN[at % len(_ROMAN)]}"
        row = sls.index // _ROW
        return f"JL {names[(row * 5 + int(across * 4)) % len(names)]}"

    def _office_phone(self, village: int) -> str:
        if village not in self._office_phones:
            self._office_phones[village] = f"0{self.world.region[:2]}5{digits(self.rng, 6)}"
        return self._office_phones[village]

    def _metres(self, index: int) -> tuple[float, float]:
        """Give the middle of an SLS, metres east and north of the city's corner."""
        village, within = divmod(index, _VILLAGE)
        size = self.world.sls_metres
        return (
            ((village % _DISTRICT) * _ROW + within % _ROW) * size,
            ((village // _DISTRICT) * _ROW + within // _ROW) * size,
        )

    def _degrees(self, east: float, north: float) -> tuple[float, float]:
        latitude = self.world.latitude + north / _DEGREE
        wide = _DEGREE * cos(radians(self.world.latitude))
        return latitude, self.world.longitude + east / wide
