"""What a fleet will do: who collects what and when, which clocks are wrong, who is out of reach.

All of it follows from the seed. What is not told here is only the order in which devices that
speak in the same hour are heard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.core.ids import named_id
from app.demo.chance import chance

HOURS: Final = 8  # of a day in the field
#: how wrong a device's clock is, and how many of a hundred devices have that
CLOCKS: Final[dict[str, tuple[timedelta, int]]] = {
    "right": (timedelta(), 80),
    "an hour behind": (timedelta(hours=-1), 8),
    "three days ahead": (timedelta(days=3), 6),
    "years behind": (timedelta(days=-9000), 6),
}
_JUMPS = 0.1  # share of devices whose clock jumps while they collect
_OFFLINE = 0.2  # share of devices that see no network for a day or more
_ONLINE = 0.7  # of the others, in any hour
_EDIT, _RIVAL, _CLONED, _FILE, _BIG_FILE = 0.02, 0.01, 0.01, 0.03, 0.001
_OPENROSA = 0.3  # share of devices that are stock OpenRosa clients


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a fleet is and how long it works; `faults` is a share of all requests."""

    seed: int
    devices: int
    documents: int
    days: int
    faults: float
    officers: int

    @property
    def hours(self) -> int:
        """Give how many hours all days have."""
        return self.days * HOURS


@dataclass(frozen=True, slots=True)
class Document:
    """One document to collect: `rival` has the same name and other answers."""

    instance_id: str
    prior: str | None
    hour: int
    clock: str
    dice: str
    file_size: int = 0
    rival: bool = False
    cloned: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """One device of the fleet."""

    number: int
    officer: int
    openrosa: bool
    clock: str
    jump_hour: int | None
    offline_from: int
    offline_until: int

    @property
    def name(self) -> str:
        """Give the name that the device tells."""
        return f"sim-{self.number:05}"

    def clock_at(self, hour: int) -> str:
        """Give how wrong the clock is in an hour."""
        if self.jump_hour is None or hour < self.jump_hour:
            return self.clock
        return "three days ahead" if self.clock == "right" else "right"


def phone_of(plan: Plan, number: int) -> Phone:
    """Give a device of the fleet."""
    dice = chance(plan.seed, "phone", number)
    clock = dice.choices(list(CLOCKS), [weight for _, weight in CLOCKS.values()])[0]
    jump = dice.randrange(plan.hours) if dice.random() < _JUMPS else None
    first = dice.randrange(plan.hours)
    lasts = dice.randint(HOURS, 2 * HOURS) if dice.random() < _OFFLINE else 0
    return Phone(
        number=number,
        officer=number % plan.officers,
        openrosa=dice.random() < _OPENROSA,
        clock=clock,
        jump_hour=jump,
        offline_from=first,
        offline_until=first + lasts,
    )


def is_online(plan: Plan, phone: Phone, hour: int) -> bool:
    """Tell whether a device tries to reach the office in an hour."""
    if phone.offline_from <= hour < phone.offline_until:
        return False
    return chance(plan.seed, "online", phone.number, hour).random() < _ONLINE


def documents_of(plan: Plan, phone: Phone) -> list[Document]:
    """Give what a device hands in: its own, and what another's copied memory brought along."""
    neighbour = phone_of(plan, (phone.number - 1) % plan.devices)
    copied = [each for each in _own(plan, neighbour) if each.cloned]
    return sorted([*_own(plan, phone), *copied], key=lambda each: each.hour)


def _own(plan: Plan, phone: Phone) -> Iterator[Document]:
    dice = chance(plan.seed, "documents", phone.number)
    share, more = divmod(plan.documents, plan.devices)
    before: str | None = None
    for number in range(share + (phone.number < more)):
        name = f"uuid:{named_id('simulate', str(plan.seed), str(phone.number), str(number))}"
        hour, throw = dice.randrange(plan.hours), dice.random()
        document = Document(
            instance_id=name,
            prior=before if dice.random() < _EDIT else None,
            hour=hour,
            clock=phone.clock_at(hour),
            dice=f"{plan.seed} {name}",
            file_size=_size(throw, dice.randint(2_000, 60_000)),
            cloned=dice.random() < _CLONED,
        )
        yield document
        if dice.random() < _RIVAL:
            yield Document(name, None, hour, document.clock, f"{document.dice} again", rival=True)
        before = name


def _size(throw: float, size: int) -> int:
    """Give the bytes of a document's photo; most have none, a few are larger than one piece."""
    if throw < _BIG_FILE:
        return 3_000_000
    return size if throw < _FILE else 0
