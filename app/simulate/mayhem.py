"""What is done to an office while a fleet speaks to it, and how long it takes to be well again."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.core.db import reading
from app.core.office import Office
from app.intake.journal import SqlJournal
from app.intake.projector import lag
from app.projections import PROJECTORS
from app.simulate.site import Site, ballast, no_way_to, wait_for

SERVICE, WORKER, POSTGRES, DISK, RESTORE = (
    "service killed", "worker killed", "PostgreSQL killed", "disk full", "house burnt, restored"
)  # fmt: skip
VISIBLE_WITHIN: Final = 10.0  # seconds after the restart
_LONGEST_CALM = 1.5  # seconds of an hour that pass before something is done
_FULL_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Blow:
    """One thing that was done: seconds until the office was up, and from then until it showed all.

    `acknowledged` entries were there when it came back, `lost` is how many fewer than before.
    """

    what: str
    hour: int
    up_after: float
    visible_after: float
    acknowledged: int
    lost: int = 0
    epoch: int | None = None

    @property
    def in_time(self) -> bool:
        """Tell whether everything was to be seen soon enough."""
        return self.visible_after <= VISIBLE_WITHIN


class Mayhem:
    """Strikes an office at moments that its dice choose; `blows` tells what it did."""

    def __init__(self, site: Site, lane: str, dice: random.Random) -> None:
        self.blows: list[Blow] = []
        self._site = site
        self._lane = lane
        self._dice = dice
        self._outage: AbstractContextManager[None] | None = None

    @contextmanager
    def striking(self, what: str | None, hour: int) -> Iterator[None]:
        """Strike once, at a random moment while the block runs. Raises SiteFailed."""
        if what is None:
            yield
            return
        failed: list[Exception] = []
        striker = threading.Thread(target=self._strike, args=(what, hour, failed))
        striker.start()
        try:
            yield
        finally:
            striker.join()
        if failed:
            raise failed[0]

    def cut_off_vault(self) -> None:
        """Break the line to the vault: what is acknowledged from now on leaves the office not."""
        if self._outage is None:
            self._outage = no_way_to(self._site.vault)
            self._outage.__enter__()

    def burn(self, hour: int) -> None:
        """Lose the office with all that its vault has not, and bring it back from there."""
        before = head_of(self._site.office, self._lane)
        begun = time.monotonic()
        self._site.burn()
        self.mend_vault()
        epoch = self._site.restore()
        self._site.start()
        after = head_of(self._site.office, self._lane)
        up_after = time.monotonic() - begun
        waited = self._until_visible(after)
        self.blows.append(
            Blow(RESTORE, hour, up_after, waited, after, lost=before - after, epoch=epoch)
        )

    def mend_vault(self) -> None:
        """Mend the line to the vault."""
        if self._outage is not None:
            self._outage.__exit__(None, None, None)
            self._outage = None

    def _strike(self, what: str, hour: int, failed: list[Exception]) -> None:
        time.sleep(self._dice.uniform(0.1, _LONGEST_CALM))
        try:
            begun = time.monotonic()
            with ExitStack() as after:
                _STRIKES[what](self._site, after)
            wait_for(lambda: _is_up(self._site), "the office")
            up_after, head = time.monotonic() - begun, head_of(self._site.office, self._lane)
            waited = self._until_visible(head)
            self.blows.append(Blow(what, hour, up_after, waited, head))
        except Exception as error:  # noqa: BLE001 - raised again where the thread is joined
            failed.append(error)

    def _until_visible(self, head: int) -> float:
        """Wait until every projection has read up to an entry; give the seconds."""
        return wait_for(lambda: _is_visible(self._site.office, self._lane, head), "projections")


def settled(office: Office, lane: str) -> bool:
    """Tell whether every projection has read the whole journal; not while the database is away."""
    try:
        head = head_of(office, lane)
    except sa.exc.DBAPIError:
        return False
    return _is_visible(office, lane, head)


def _kill_service(site: Site, _after: ExitStack) -> None:
    site.kill_service()
    site.start()


def _kill_worker(site: Site, _after: ExitStack) -> None:
    old = site.kill_worker()
    wait_for(lambda: site.worker() not in {None, old}, "another worker")


def _kill_postgres(site: Site, _after: ExitStack) -> None:
    old = site.kill_postgres()
    wait_for(lambda: site.postmaster() not in {None, old}, "another PostgreSQL")


def _fill_disk(site: Site, after: ExitStack) -> None:
    after.callback(ballast(site.data_dir))
    time.sleep(_FULL_SECONDS)


_STRIKES: Final[dict[str, Callable[[Site, ExitStack], None]]] = {
    SERVICE: _kill_service,
    WORKER: _kill_worker,
    POSTGRES: _kill_postgres,
    DISK: _fill_disk,
}


def _is_up(site: Site) -> bool:
    if not site.answers():
        return False
    try:
        with reading(site.office.engine) as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.DBAPIError:
        return False
    return True


def head_of(office: Office, lane: str) -> int:
    """Give the position of a lane's last entry."""
    with reading(office.engine) as session:
        return SqlJournal(session).head(lane)[0]


def _is_visible(office: Office, lane: str, head: int) -> bool:
    try:
        with reading(office.engine) as session:
            return lag(session, PROJECTORS, {lane: head}) <= 0
    except sa.exc.DBAPIError:
        return False
