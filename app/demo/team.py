"""The team: officers who collect without a signal, and devices that sync over a bad line."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx

from app.core.clock import utc_now
from app.core.ids import named_id
from app.demo.network import BadLine, Mishaps, Weather
from app.demo.persona import Visit
from forms.fill import fill
from forms.lists import Lists
from forms.schema import Questionnaire
from sync.client import Device, Patience, Report, Spool
from sync.codecs.openrosa import read_envelope
from sync.envelope import Attachment, Envelope

AT_ONCE = 4  # devices that sync at the same time
QUICK = Patience(attempts=12, base=0.02, cap=0.2)  # a demo does not wait for the evening


@dataclass(frozen=True, slots=True)
class Officer:
    """An enumerator with the day's visits and the way the device speaks to the server."""

    user_name: str
    password: str
    openrosa_token: str | None  # set: a stock OpenRosa client; absent: batch v1
    visits: Sequence[Visit]


@dataclass(slots=True)
class Synced:
    """What the devices did, all together."""

    sent: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    mishaps: Mishaps = field(default_factory=Mishaps)

    def add(self, report: Report) -> None:
        """Take in one device's report."""
        self.sent += report.accepted + sum(report.outcomes.values())
        for outcome, count in report.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + count


@dataclass(frozen=True, slots=True)
class Team:
    """What every device has: the questionnaire, its lists, and the server's address."""

    form: Questionnaire
    lists: Lists
    server: str
    seed: int

    def work(
        self, officers: Sequence[Officer], told: Callable[[str, int], None], *, edits: bool
    ) -> Synced:
        """Let all officers collect and sync; `edits` chooses first versions or corrections."""
        synced = Synced()
        with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [
                pool.submit(self._day, officer, Path(home) / officer.user_name, edits=edits)
                for officer in officers
            ]
            for officer, job in zip(officers, jobs, strict=True):
                report, mishaps = job.result()
                synced.add(report)
                for what, count in mishaps.counts.items():
                    synced.mishaps.counts[what] = synced.mishaps.counts.get(what, 0) + count
                told(officer.user_name, report.accepted + sum(report.outcomes.values()))
        return synced

    def _day(self, officer: Officer, home: Path, *, edits: bool) -> tuple[Report, Mishaps]:
        chance = random.Random(f"{self.seed} {officer.user_name} {edits}")  # noqa: S311 - a demo
        mishaps = Mishaps()
        line = BadLine(httpx.HTTPTransport(), chance, Weather(), mishaps)
        with (
            Spool(home) as spool,
            httpx.Client(base_url=self.server, transport=line, timeout=60) as http,
        ):
            for visit in officer.visits:
                if (visit.edit_of is not None) == edits:
                    for envelope, files in self._documents(officer, visit):
                        spool.put(envelope, files)
            device = Device(
                spool,
                http,
                name=f"demo-{officer.user_name}",
                clock=utc_now,
                sleep=time.sleep,
                chance=chance,
                patience=QUICK,
            )
            return _sync(device, http, officer), mishaps

    def _documents(
        self, officer: Officer, visit: Visit
    ) -> Iterator[tuple[Envelope, Mapping[str, bytes]]]:
        """Give the visit's submission; where a finished one was edited by hand, both copies."""
        body = self._submission(officer, visit, visit.answers)
        files = _photo(officer, visit)
        yield _envelope(officer, body, files), files
        if _is_edited_by_hand(visit):
            note = {"notes": "Catatan ditambah setelah dokumen dikirim."}
            other = self._submission(officer, visit, {**visit.answers, **note})
            yield _envelope(officer, other, {}), {}

    def _submission(
        self,
        officer: Officer,
        visit: Visit,
        answers: Mapping[str, str | Sequence[Mapping[str, str]]],
    ) -> bytes:
        told = dict(answers)
        told["fresh_id"] = str(named_id("demo business", visit.edit_of or visit.instance_seed))
        if not _photo(officer, visit):
            told.pop("front_photo", None)
        return fill(
            self.form,
            told,
            self.lists,
            instance_id=_instance(visit.instance_seed),
            start=visit.start,
            end=visit.end,
            device_id=f"demo-{officer.user_name}",
            deprecated_id=_instance(visit.edit_of) if visit.edit_of else None,
        )


def _sync(device: Device, http: httpx.Client, officer: Officer) -> Report:
    if officer.openrosa_token:
        return device.push_openrosa(f"/openrosa/{officer.openrosa_token}/submission")
    with _logged_in(http, officer):
        report = device.push()
        device.pull(lambda _changes: None)
        return report


@contextmanager
def _logged_in(http: httpx.Client, officer: Officer) -> Iterator[None]:
    for _ in range(QUICK.attempts):
        try:
            form = {"username": officer.user_name, "password": officer.password}
            answer = http.post("/api/v1/token", data=form)
            answer.raise_for_status()
            break
        except httpx.TransportError:
            time.sleep(QUICK.base)
    else:
        raise httpx.ConnectError("no signal for long")
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    yield


def _envelope(officer: Officer, body: bytes, files: Mapping[str, bytes]) -> Envelope:
    attachments = [
        Attachment(name=name, sha256=sha256(content).hexdigest(), size=len(content))
        for name, content in files.items()
    ]
    return read_envelope(body, device=f"demo-{officer.user_name}", attachments=attachments)


def _photo(officer: Officer, visit: Visit) -> dict[str, bytes]:
    """Give the visit's photo by its name; batch v1 carries none yet."""
    name = visit.answers.get("front_photo")
    if visit.photo is None or officer.openrosa_token is None or not isinstance(name, str):
        return {}
    return {name: visit.photo}


def _is_edited_by_hand(visit: Visit) -> bool:
    """Choose about one visit in two hundred, always the same ones."""
    return visit.edit_of is None and sha256(visit.instance_seed.encode()).digest()[0] == 0


def _instance(seed: str) -> str:
    return f"uuid:{named_id('demo instance', seed)}"
