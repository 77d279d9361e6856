"""The fleet at work: hour after hour, devices collect, reach for the office, and give up again."""

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from app.auth.models import Role
from app.core.clock import utc_now
from app.core.office import Office
from app.demo import opening
from app.demo.chance import chance
from app.demo.city import InventedArea, leaves
from app.demo.staff import Person
from app.simulate.line import BadLine, Mishaps
from app.simulate.papers import Papers
from app.simulate.plan import CLOCKS, Document, Phone, Plan, documents_of, is_online, phone_of
from sync.client import Device, Login, Patience, Report, Spool
from sync.envelope import Envelope
from sync.errors import Refused, Unreachable

AT_ONCE = 12  # devices that speak at the same time
_QUICK = Patience(attempts=4, base=0.02, cap=0.2)  # a simulated hour does not wait for evening
_KELURAHAN = 10
_TIMEOUT = 30.0
_PULLS = 0.1  # share of sessions that fetch what is new as well


def staff_of(plan: Plan, areas: Sequence[InventedArea]) -> list[Person]:
    """Give the officers of a fleet: each has the sub-SLS of one kelurahan."""
    kelurahan = [area.code for area in areas if len(area.code) == _KELURAHAN]
    below = {
        code: tuple(each.code for each in leaves(areas) if each.code.startswith(code))
        for code in kelurahan
    }
    return [
        Person(f"sim{number:03}", f"Petugas {number:03}", Role.ENUMERATOR,
               below[kelurahan[number % len(kelurahan)]])
        for number in range(plan.officers)
    ]  # fmt: skip


@dataclass(slots=True)
class Heard:
    """What all sessions together came to."""

    sessions: int = 0
    gave_up: int = 0
    shut_out: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)  # of giving up, of being shut out


class Fleet:
    """All devices of a plan, their spools below `home`.

    `home` is the phones' own disk: nothing that befalls the office befalls it.
    """

    def __init__(
        self,
        plan: Plan,
        office: Office,
        staff: Sequence[Person],
        papers: Papers,
        *,
        server: str,
        home: Path,
    ) -> None:
        self.plan = plan
        self.heard, self.mishaps = Heard(), Mishaps()
        self._staff = staff
        self._papers = papers
        self._server = server
        self._home = home
        self._guard = threading.Lock()
        self._collected = [0] * plan.devices  # how many hours of a device are in its spool
        self._waiting = set(range(plan.devices))  # devices that have something to send
        self._again: set[int] = set()  # devices told to send everything once more
        self._logins = [
            Login(each.user_name, opening.password_of(office, each.user_name)) for each in staff
        ]
        self._tokens = [opening.token_of(office, each.user_name) for each in staff]
        self._mast = httpx.HTTPTransport(limits=httpx.Limits(max_connections=4 * AT_ONCE))

    def close(self) -> None:
        """Hang up."""
        self._mast.close()

    def phones(self) -> Iterator[Phone]:
        """Give all devices."""
        return (phone_of(self.plan, number) for number in range(self.plan.devices))

    def work(self, hour: int) -> None:
        """Let an hour pass: whoever has a network that hour reaches for the office."""
        online = [phone for phone in self.phones() if is_online(self.plan, phone, hour)]
        chance(self.plan.seed, "order", hour).shuffle(online)
        self._all(online, hour)

    def waiting(self) -> int:
        """Count the devices that have something to send."""
        return len(self._waiting)

    def try_again(self, turn: int) -> None:
        """Let whoever has something left reach for the office again, after the last hour."""
        late = [phone for phone in self.phones() if phone.number in self._waiting]
        self._all(late, self.plan.hours + turn)

    def reach_all(self) -> None:
        """Let every device reach for the office before its work is done, after a restore.

        Those of our own find out by themselves; the owners of stock OpenRosa clients are told to
        send everything again.
        """
        self._again |= {phone.number for phone in self.phones() if phone.openrosa}
        self._waiting |= set(range(self.plan.devices))

    @contextmanager
    def spool(self, number: int) -> Iterator[Spool]:
        """Open the spool of a device that nobody else is using."""
        with Spool(self._home / f"{number // 1000:03}" / f"{number:06}") as opened:
            yield opened

    def _all(self, phones: Sequence[Phone], hour: int) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for job in [pool.submit(self._session, phone, hour) for phone in phones]:
                job.result()

    def _session(self, phone: Phone, hour: int) -> None:
        """Put what was collected since the last time into the spool, and try to send it."""
        with self.spool(phone.number) as spool, self._line(phone, hour) as http:
            self._collect(phone, hour, spool)
            if phone.number in self._again:
                spool.doubt_accepted()
                self._again.discard(phone.number)
            chance_of_device = chance(self.plan.seed, "device", phone.number, hour)
            device = Device(
                spool,
                http,
                name=phone.name,
                clock=lambda: _clock_of(phone, hour),
                sleep=time.sleep,
                chance=chance_of_device,
                patience=_QUICK,
            )
            spoken = self._speak(phone, device, chance_of_device)
            self._note(phone, spool.left() + len(spool.owed_files()), spoken)

    def _speak(self, phone: Phone, device: Device, dice: random.Random) -> Report | Refused:
        """Send, and now and then fetch; Refused where the door is closed to the officer."""
        try:
            if phone.openrosa:
                token = self._tokens[phone.officer]
                return device.push_openrosa(f"/openrosa/{token}/submission")
            report = device.push()
            if report.stopped is None and dice.random() < _PULLS:
                self._pull(device, report)
        except Refused as refused:
            return refused
        return report

    def _pull(self, device: Device, report: Report) -> None:
        try:
            device.pull(lambda _changes: None)
        except Unreachable as error:  # what was pushed counts
            report.stopped = str(error)
        except Refused:  # whose access was revoked hands in, and gets nothing
            self.mishaps.note("pull_refused")

    def _note(self, phone: Phone, left: int, said: Report | Refused) -> None:
        shut_out = isinstance(said, Refused)
        reached = not isinstance(said, Refused) and said.stopped is None
        with self._guard:
            self.heard.sessions += 1
            self.heard.shut_out += shut_out
            self.heard.gave_up += not shut_out and not reached
            if not reached:
                _add(self.heard.reasons, {_reason(said): 1})
            if isinstance(said, Report):
                _add(self.heard.outcomes, _outcomes(said))
            if left or not reached or self._collected[phone.number] < self.plan.hours:
                self._waiting.add(phone.number)
            else:
                self._waiting.discard(phone.number)

    def _collect(self, phone: Phone, hour: int, spool: Spool) -> None:
        since, until = self._collected[phone.number], min(hour + 1, self.plan.hours)
        for document in documents_of(self.plan, phone):
            if since <= document.hour < until:
                spool.put(*self._paper(document, phone))
        self._collected[phone.number] = max(since, until)

    def _paper(self, document: Document, phone: Phone) -> tuple[Envelope, dict[str, bytes]]:
        return self._papers.envelope(document, phone.name)

    @contextmanager
    def _line(self, phone: Phone, hour: int) -> Iterator[httpx.Client]:
        dice = chance(self.plan.seed, "line", phone.number, hour)
        line = BadLine(self._mast, dice, self.plan.faults, self.mishaps)
        login = None if phone.openrosa else self._logins[phone.officer]
        with httpx.Client(
            base_url=self._server, transport=line, timeout=_TIMEOUT, auth=login
        ) as http:
            yield http


def _clock_of(phone: Phone, hour: int) -> datetime:
    return utc_now() + CLOCKS[phone.clock_at(hour)][0]


def _outcomes(report: Report) -> dict[str, int]:
    told = {str(name): count for name, count in report.outcomes.items() if count}
    return {**told, "accepted": report.accepted} if report.accepted else told


def _reason(said: Report | Refused) -> str:
    return f"refused with {said.status}" if isinstance(said, Refused) else str(said.stopped)


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count
