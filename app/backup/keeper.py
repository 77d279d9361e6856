"""Backing up all the time: segments within seconds, tables when they change, the epoch beside."""

import threading
from datetime import datetime, timedelta

import structlog

from app.backup.epoch import remember
from app.backup.errors import NoBackup
from app.backup.merging import merge_segments
from app.backup.shipping import ship, ship_late_files
from app.backup.tables import dump, thin_out
from app.backup.tie import tie
from app.backup.vault import Vault
from app.core.office import Office
from app.intake.blobs import ObjectBlobs
from sync.codecs.segment import BadSegment

LOG = structlog.get_logger()
PAUSE_SECONDS = 2.0  # at most so much is held by this machine alone
LONGEST_WAIT = 60.0
BETWEEN_DUMPS = timedelta(minutes=10)
DUMPS_KEPT = 12
BETWEEN_MERGES = timedelta(hours=1)


class Keeper:
    """Does what is due, each time it is asked."""

    def __init__(self, office: Office, vault: Vault | None) -> None:
        self._office = office
        self._vault = vault
        self._dumped: datetime | None = None
        self._merged: datetime | None = None

    def step(self) -> int:
        """Ship what there is, and dump the tables when it is time; give how much was shipped."""
        now, shipped = self._office.clock(), 0
        if self._vault is not None:
            tie(self._office.engine, self._vault)
            blobs = ObjectBlobs.of(self._office.settings)
            if self._dumped is None or now - self._dumped >= BETWEEN_DUMPS:
                dump(self._office.engine, self._vault, now)
                thin_out(self._vault, DUMPS_KEPT)
                self._dumped = now
            shipped = ship(self._office.engine, self._vault, blobs, now)
            shipped += ship_late_files(self._office.engine, self._vault, blobs)
            if self._merged is None or now - self._merged >= BETWEEN_MERGES:
                self._merged = now
                _merge(self._vault)
        remember(self._office.engine, self._office.settings, self._vault)
        return shipped


def _merge(vault: Vault) -> None:
    """Put segments together; one that is damaged holds up neither shipping nor memory."""
    try:
        merge_segments(vault)
    except BadSegment as error:
        LOG.warning("the backup is damaged; see se2026 backup verify", why=str(error))


def keep(office: Office, stop: threading.Event) -> None:
    """Back up until told to stop. What fails is logged by its name and tried again."""
    wait, keeper = PAUSE_SECONDS, None
    while not stop.is_set():
        try:
            keeper = keeper or Keeper(office, Vault.of(office.settings))
            shipped = keeper.step()
            wait = 0.0 if shipped else PAUSE_SECONDS
        except Exception as error:  # noqa: BLE001 - the vault may come back; nothing is lost by waiting
            wait = min(max(wait, PAUSE_SECONDS) * 2, LONGEST_WAIT)
            why = str(error) if isinstance(error, NoBackup | BadSegment) else type(error).__name__
            LOG.warning("backup failed", error=why, retry_seconds=wait)
        stop.wait(wait)
