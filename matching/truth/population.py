"""Businesses on the lots of a city, with all that makes telling them apart hard."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from matching.truth import classes
from matching.truth.chance import happens
from matching.truth.city import City, Sls
from matching.truth.units import Maker, Spot, Unit, moved
from matching.truth.words import Kind
from matching.truth.world import World


class Population:
    """Fills one SLS after the other."""

    def __init__(self, world: World, rng: Random, city: City) -> None:
        self.world = world
        self.rng = rng
        self.city = city
        self.maker = Maker(world, rng)
        self._heads: list[Unit] = []  # head offices that wait for a branch elsewhere

    def settle(self, sls: Sls) -> list[Unit]:
        """Give the businesses of an SLS."""
        units: list[Unit] = []
        for spot in self.city.lots(sls):
            unit = self.maker.unit(spot, self.world.words.kinds.draw(self.rng))
            units.append(unit)
            units.extend(self._with(unit, units))
        units.extend(self._stalls(self.city.stalls(sls)))
        return units

    def _with(self, unit: Unit, there: list[Unit]) -> Iterable[Unit]:
        """Give what stands beside a business because of it; it may change as well."""
        throw, rates = self.rng.random(), self.world.rates
        for name, situation in (
            (classes.SAME_OWNER, self._same_owner),
            (classes.FAMILY, self._family),
            (classes.SUCCESSION, self._successor),
            (classes.CHAIN, self._chained),
            (classes.BRANCH, self._branch),
        ):
            throw -= rates[name]
            if throw < 0:
                return situation(unit)
        if throw < rates[classes.SAME_NAME] and len(there) > 1:
            self._same_name(unit, self.rng.choice(there[:-1]))
        return ()

    def _same_owner(self, unit: Unit) -> Iterable[Unit]:
        """One owner, one address, two activities."""
        rng = self.rng
        other = self.maker.unit(unit.spot, self._other_kind(unit.kind), unit.owner)
        if happens(rng, 0.4):
            other.core = unit.core
            other.type_word = other.type_word or self.maker.type_word(other.kind)
        if happens(rng, 0.8):
            other.phone = unit.phone
        if happens(rng, 0.8):
            other.nib = unit.nib
        _mark(classes.SAME_OWNER, unit, other)
        return (other,)

    def _family(self, unit: Unit) -> Iterable[Unit]:
        """Let a relative run the same trade next door, often under the same name."""
        rng = self.rng
        owner = self.maker.person(unit.owner.words[-1] if happens(rng, 0.7) else None)
        kind = unit.kind if happens(rng, 0.75) else self._other_kind(unit.kind)
        other = self.maker.unit(self._next_door(unit.spot), kind, owner)
        if happens(rng, 0.5) and unit.core:
            other.core = unit.core
            other.ordinal = rng.choice(("2", "II", "BARU", "PUTRA", None))
            other.type_word = unit.type_word
        if happens(rng, 0.2):
            other.phone = unit.phone
        _mark(classes.FAMILY, unit, other)
        return (other,)

    def _successor(self, unit: Unit) -> Iterable[Unit]:
        """Close the business, and let another open where it was."""
        rng = self.rng
        unit.closed = True
        kind = unit.kind if happens(rng, 0.4) else self._other_kind(unit.kind)
        last = unit.owner.words[-1] if happens(rng, 0.15) else None
        owner = unit.owner if happens(rng, 0.08) else self.maker.person(last)
        other = self.maker.unit(unit.spot, kind, owner)
        _mark(classes.SUCCESSION, unit, other)
        return (other,)

    def _chained(self, unit: Unit) -> Iterable[Unit]:
        """Give the lot to a brand; now and then a second shop of it is close by."""
        chain = self.maker.chains.draw(self.rng)
        shops = [unit]
        if happens(self.rng, 0.3):
            shops.append(self.maker.unit(self._next_door(unit.spot, 120), chain.kind, chain.owner))
        for shop in shops:
            shop.kind, shop.core, shop.owner, shop.brand = chain.kind, chain.core, chain.owner, True
            shop.type_word = chain.kind.types[0] if happens(self.rng, 0.3) else None
            shop.nib = chain.nib
            if happens(self.rng, 0.5):
                shop.phone = chain.phone
            if happens(self.rng, 0.25):
                shop.owner = self.maker.person()
        _mark(classes.CHAIN, *shops)
        return shops[1:]

    def _branch(self, unit: Unit) -> Iterable[Unit]:
        """Make it a head office with a branch close by or, later, in another SLS."""
        rng = self.rng
        unit.core = unit.core or self.maker.name()
        unit.ordinal = rng.choice(("PUSAT", None, None))
        _mark(classes.BRANCH, unit)
        head = unit
        if happens(rng, 0.5):
            self._heads.append(unit)
            head = self._heads.pop(rng.randrange(len(self._heads)))
            if head is unit:
                return ()
        spot = self._next_door(unit.spot, 90)
        branch = self.maker.unit(spot, head.kind, head.owner)
        branch.core, branch.type_word, branch.form = head.core, head.type_word, head.form
        branch.ordinal = rng.choice(("CABANG", "2", "II", "CAB", None))
        branch.nib = head.nib
        if happens(rng, 0.6):
            branch.phone = head.phone
        _mark(classes.BRANCH, branch)
        return (branch,)

    def _same_name(self, unit: Unit, other: Unit) -> None:
        """Let two who know nothing of each other bear one name."""
        if not other.core or other.brand:
            return
        unit.core = other.core
        if happens(self.rng, 0.5):
            unit.kind, unit.type_word = other.kind, other.type_word
        _mark(classes.SAME_NAME, unit, other)

    def _stalls(self, spots: Iterable[Spot]) -> Iterable[Unit]:
        """Fill a market: a row of stalls sells mostly the same."""
        rng, kinds = self.rng, self.world.words.market_kinds
        row, kind, skip = "", kinds.draw(rng), False
        for spot in spots:
            if skip or happens(rng, 0.15):
                skip = False
                continue
            block = (spot.stall or "")[:1]
            if block != row:
                row, kind = block, kinds.draw(rng)
            unit = self.maker.unit(spot, kind if happens(rng, 0.8) else kinds.draw(rng))
            _mark(classes.STALL, unit)
            skip = happens(rng, 0.07)
            if skip:
                _mark(classes.ADJOINING, unit)
            else:
                unit.spot = replace(spot, stall_beside=None)
            yield unit

    def _next_door(self, spot: Spot, metres: float = 9) -> Spot:
        latitude, longitude = moved(self.rng, spot, metres)
        house = spot.house and f"{int(''.join(filter(str.isdigit, spot.house))) + 1}"
        stall = spot.stall and f"{spot.stall[:2]}{int(spot.stall[2:]) + 1}"
        return replace(spot, house=house, stall=stall, latitude=latitude, longitude=longitude)

    def _other_kind(self, kind: Kind) -> Kind:
        for _ in range(9):
            other = self.world.words.kinds.draw(self.rng)
            if other.kbli != kind.kbli:
                return other
        return kind


def _mark(name: str, *units: Unit) -> None:
    for unit in units:
        unit.classes.add(name)
