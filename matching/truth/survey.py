"""What the sources know of the businesses: records with the truth behind them."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from matching.record import FIELD, ONLINE, PRELIST, Record
from matching.truth import classes
from matching.truth.addressing import (
    SENTINELS,
    point_of,
    written_address,
    written_nib,
    written_phone,
)
from matching.truth.chance import happens
from matching.truth.city import City, Sls
from matching.truth.naming import written_name, written_owner
from matching.truth.noise import Noise
from matching.truth.units import Maker, Unit
from matching.truth.world import World


class Labelled(NamedTuple):
    """A record, the business that it is of, and what is hard about it (empty: nothing)."""

    record: Record
    unit: int
    hard_class: str


class Survey:
    """Lets register, officers and owners write down a city, SLS by SLS."""

    def __init__(self, world: World, rng: Random, city: City, maker: Maker) -> None:
        self.world = world
        self.rng = rng
        self.city = city
        self.maker = maker
        self._count = 0
        self._noises = {PRELIST: world.prelist, FIELD: world.field, ONLINE: world.online}

    def records(self, unit: Unit, sls: Sls) -> Iterator[Labelled]:
        """Give all records of a business, at least one; ids are of no meaning yet."""
        rng, coverage = self.rng, self.world.coverage
        known = None
        listed = rng.random() < (0.97 if unit.closed else coverage.prelist)
        if listed:
            first = self._written(unit, sls, PRELIST)
            known = first.record.name
            yield first
            twice = 0.25 if classes.ADJOINING in unit.classes else coverage.twice_prelist
            if happens(rng, twice):
                yield self._written(unit, sls, PRELIST)
        met = rng.random() < (0.3 if unit.closed else coverage.field)
        online = not unit.closed and happens(rng, coverage.online) * (3 if unit.form else 0.85)
        if met or not (listed or online):
            yield from self._visits(unit, sls, known)
        if online:
            yield self._written(unit, sls, ONLINE)

    def _visits(self, unit: Unit, sls: Sls, known: str | None) -> Iterator[Labelled]:
        rng, coverage = self.rng, self.world.coverage
        copied = known if happens(rng, coverage.copied) else None
        twice = happens(rng, coverage.twice_field)
        yield self._written(unit, sls, FIELD, officer=sls.officer, twice=twice, copied=copied)
        if twice:
            yield self._written(unit, sls, FIELD, officer=sls.other_officer, twice=True)
        elif happens(rng, coverage.twice_officer):
            yield self._written(unit, sls, FIELD, officer=sls.officer)

    def _written(
        self,
        unit: Unit,
        sls: Sls,
        source: str,
        *,
        officer: str | None = None,
        twice: bool = False,
        copied: str | None = None,
    ) -> Labelled:
        rng = self.rng
        noise = self._noises[source]
        name = copied or written_name(rng, unit, noise)
        owner = self._owner(unit, noise)
        hard: list[str] = [each for each in classes.SITUATIONS if each in unit.classes]
        if twice:
            hard.append(classes.TWO_OFFICERS)
        if happens(rng, noise.fields_swapped) and name and owner:
            name, owner = owner, name
            hard.append(classes.SWAPPED)
        if name is None or name in unit.kind.described:
            hard.append(classes.NAMELESS)
        metres = self.world.geocode if source == PRELIST else self.world.gps
        point = point_of(rng, unit.spot, sls, noise, metres)
        if point == (sls.latitude, sls.longitude):
            hard.append(classes.CENTROID)
        phone = self._phone(unit, sls, noise, source, hard)
        record = Record(
            record_id=str(self._number()),
            source=source,
            enumerator=officer,
            name=self._cased(name),
            owner=self._cased(owner),
            address=self._cased(written_address(rng, unit.spot, sls, noise)),
            phone=phone,
            nib=written_nib(rng, unit.nib, noise),
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            kbli=self._kbli(unit, noise),
            sls=self._sls(sls, noise, hard),
        )
        return Labelled(record, unit.number, classes.JOIN.join(hard))

    def _owner(self, unit: Unit, noise: Noise) -> str | None:
        person = unit.owner
        if happens(self.rng, noise.relative):
            last = person.words[-1] if happens(self.rng, 0.5) else None
            person = self.maker.person(last)
        return written_owner(self.rng, person, noise)

    def _phone(
        self, unit: Unit, sls: Sls, noise: Noise, source: str, hard: list[str]
    ) -> str | None:
        rng = self.rng
        if source == PRELIST and happens(rng, noise.hub_phone):
            hard.append(classes.HUB_PHONE)
            return sls.office_phone
        other = happens(rng, noise.phone_other / 2)
        phone = written_phone(rng, self.maker.phone() if other else unit.phone, noise)
        if phone is not None and phone in SENTINELS:
            hard.append(classes.SENTINEL)
        return phone

    def _kbli(self, unit: Unit, noise: Noise) -> str | None:
        rng, code = self.rng, unit.kind.kbli
        if happens(rng, noise.no_kbli):
            return None
        if happens(rng, noise.other_kbli):
            code = rng.choice(unit.kind.near)
        return code[: rng.choice((2, 3, 4))] if happens(rng, noise.kbli_cut) else code

    def _sls(self, sls: Sls, noise: Noise, hard: list[str]) -> str | None:
        rng = self.rng
        if happens(rng, noise.no_sls):
            return None
        if happens(rng, noise.other_sls):
            hard.append(classes.OTHER_SLS)
            step = rng.choice((-5, -1, 1, 5))
            return self.city.sls(max(0, sls.index + step)).code
        return sls.code

    def _cased(self, text: str | None) -> str | None:
        if text is None or not happens(self.rng, self.world.lower):
            return text
        return text.title() if happens(self.rng, 0.8) else text.lower()

    def _number(self) -> int:
        self._count += 1
        return self._count
