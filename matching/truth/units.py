"""Invented businesses: who runs them, what they are called, how they are reached."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from matching.truth.chance import Weighted, between, happens
from matching.truth.spelling import digits
from matching.truth.words import Kind, People
from matching.truth.world import World

_SHORT: Final = 4  # letters: NUR, SRI and TRI call nobody
_STYLES: Final = Weighted.of(
    (("brand", 50), ("honour", 28), ("called", 9), ("tail", 6), ("nameless", 7))
)


@dataclass(frozen=True, slots=True)
class Person:
    """An owner, who is nobody."""

    words: tuple[str, ...]
    female: bool
    honour: str
    pilgrim: bool

    @property
    def called(self) -> str:
        """Give the name that neighbours use."""
        first = self.words[0]
        return self.words[1] if len(first) < _SHORT and len(self.words) > 1 else first


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a business is."""

    sls: int  # its place in the city's list
    street: str | None
    house: str | None
    market: str | None
    stall: str | None
    stall_beside: str | None  # of a business in two stalls
    rt: str
    rw: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class Unit:
    """One business as it truly is."""

    number: int
    spot: Spot
    kind: Kind
    type_word: str | None
    core: tuple[str, ...]  # empty: it has no name
    ordinal: str | None
    form: str | None
    owner: Person
    phone: str | None
    nib: str | None
    closed: bool = False
    brand: bool = False
    classes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Chain:
    """A brand with many shops."""

    kind: Kind
    core: tuple[str, ...]
    owner: Person
    phone: str
    nib: str


class Maker:
    """Makes businesses of a world, numbered as they come."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self._made = 0
        self.chains = Weighted.of((self._chain(), 1 / (rank + 1)) for rank in range(6))

    def unit(self, spot: Spot, kind: Kind, owner: Person | None = None) -> Unit:
        """Make a business at a spot."""
        rng = self.rng
        owner = owner or self.person()
        self._made += 1
        core = self._core(owner)
        formal = kind.forms and happens(rng, 0.2)
        return Unit(
            number=self._made,
            spot=spot,
            kind=kind,
            type_word=self.type_word(kind) if not core or happens(rng, 0.8) else None,
            core=core,
            ordinal=None,
            form=rng.choice(kind.forms) if formal else None,
            owner=owner,
            phone=self.phone() if happens(rng, 0.9) else None,
            nib=self.nib() if happens(rng, self.world.nib) * (2.5 if formal else 0.8) else None,
        )

    def person(self, last: str | None = None) -> Person:
        """Invent somebody; `last` gives the family's name."""
        rng = self.rng
        people: People = self.world.words.peoples.draw(rng)
        female = happens(rng, 0.5)
        given = people.female if female else people.male
        words = [given.draw(rng)]
        if happens(rng, 0.35):
            words.append(given.draw(rng))
        if last is not None:
            words.append(last)
        elif not happens(rng, people.one_word):
            words.append(people.last.draw(rng))
        honours = people.honours
        honour = honours[female] if happens(rng, 0.7) else rng.choice(honours)
        return Person(tuple(dict.fromkeys(words)), female, honour, happens(rng, 0.06))

    def type_word(self, kind: Kind) -> str:
        """Give what such a business is called; the first word most often."""
        return kind.types[min(int(self.rng.expovariate(1.2)), len(kind.types) - 1)]

    def phone(self) -> str:
        """Throw a telephone number, national, with its 0."""
        rng = self.rng
        if happens(rng, 0.07):
            return f"0{self.world.region[:1]}{self.world.region[2:3]}1{digits(rng, 6)}"
        return f"08{rng.randint(11, 99)}{digits(rng, rng.choice((6, 7, 8, 8)))}"

    def nib(self) -> str:
        """Throw the number of a permit."""
        return f"{self.rng.choice((8120, 9120, 1210, 2207, 1305))}{digits(self.rng, 9)}"

    def name(self) -> tuple[str, ...]:
        """Make a name of one to three words."""
        rng, words = self.rng, self.world.words
        name = [words.brands.draw(rng)]
        if happens(rng, 0.3):
            name.append(words.brands.draw(rng))
        if happens(rng, 0.55):
            name.append(words.tails.draw(rng))
        return tuple(dict.fromkeys(name))

    def _core(self, owner: Person) -> tuple[str, ...]:
        match _STYLES.draw(self.rng):
            case "brand":
                return self.name()
            case "honour":
                return (owner.honour, owner.called)
            case "called":
                return (owner.called,)
            case "tail":
                return (owner.called, self.world.words.tails.draw(self.rng))
            case _:
                return ()

    def _chain(self) -> Chain:
        kind = self.world.words.kinds.draw(self.rng)
        return Chain(kind, self.name(), self.person(), self.phone(), self.nib())


def moved(rng: Random, spot: Spot, metres: float) -> tuple[float, float]:
    """Give a point some metres from a spot, in degrees."""
    degrees = metres / 111_320
    return (
        spot.latitude + degrees * between(rng, -1, 1),
        spot.longitude + degrees * between(rng, -1, 1),
    )
