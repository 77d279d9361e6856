"""What an administrator is told of a backup: how far it reaches, and whether it would come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from obstore.exceptions import BaseError as StoreError
from sqlmodel import Session

from app.backup.epoch import UNSHIPPED, in_vault
from app.backup.errors import NoBackup, OutOfReach
from app.backup.restore import cut_off, entries_of, file_in, history
from app.backup.shipping import file_name, marks
from app.backup.tables import dumps, newest_dump
from app.backup.tie import check
from app.backup.vault import Vault
from app.core.db import reading
from app.core.office import Office
from app.intake.blobs import ObjectBlobs
from app.intake.repository import heads, unshipped
from sync.codecs.segment import BadSegment


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the backup reaches in a lane; `since`: when what it lacks began to come in."""

    lane: str
    head: int
    backed_up_through: int
    shipped_at: datetime | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an office's backup stands: `trouble` is why nothing would be shipped at present."""

    lanes: list[Reach]
    files: int  # that are here, are named by entries in the backup, and are not in it yet
    newest_tables: str | None
    trouble: NoBackup | None

    @property
    def is_behind(self) -> bool:
        """Tell whether something has not left this machine, or would not."""
        behind = any(each.since is not None for each in self.lanes)
        return behind or bool(self.files or self.trouble or not self.newest_tables)


@dataclass(slots=True)
class Verified:
    """What a backup holds, opened to the last byte; `damage` is what a restore would stumble on."""

    entries: dict[str, int] = field(default_factory=dict)
    files: int = 0
    files_missing: int = 0
    cut: dict[str, int] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether a restore would bring back all that phones were told to be safe."""
        return not (self.damage or self.cut or self.files_missing)


@contextmanager
def reaching() -> Iterator[None]:
    """Tell a place that does not answer by OutOfReach."""
    try:
        yield
    except (StoreError, OSError) as error:
        raise OutOfReach(error) from error


def stand(office: Office, vault: Vault) -> Standing:
    """Tell how the backup stands, by the database and by the vault itself."""
    newest, trouble = None, None
    try:
        with reaching():
            check(office.engine, vault)
            newest = newest_dump(vault)
    except NoBackup as error:
        trouble = error
    with reading(office.engine) as session:
        lanes = _reaches(session)
        waiting = list(session.execute(sa.select(UNSHIPPED.c.sha256)).scalars())
    here = ObjectBlobs.of(office.settings).held(waiting)
    return Standing(lanes, len(here), newest, trouble)


def inspect(vault: Vault) -> Verified:
    """Open everything that the vault holds. Raises WrongKey, and NoBackup where nothing is there.

    What the office had confirmed is read first: a backup that grows meanwhile is no damaged one.
    """
    names = dumps(vault)
    if vault.owner() is None and not names:
        raise NoBackup(
            "Tidak ada cadangan di SE2026_BACKUP_URL. Periksa alamatnya, dan apakah disknya "
            "terpasang; di kantor yang baru: se2026 backup run.",
            "There is no backup at SE2026_BACKUP_URL. Please check the address, and that its disk "
            "is mounted; in a new office: se2026 backup run.",
        )
    found, memory = Verified(), None
    if not names:
        found.damage.append("tables/: 0")
    with _noting(found):
        memory = in_vault(vault)
    confirmed = memory.shipped if memory is not None else {}
    named: set[str] = set()
    for lane, stretches in history(vault).items():
        found.entries[lane] = 0
        with _noting(found):
            for entries in entries_of(vault, stretches):
                found.entries[lane] = entries[-1].position
                sure = [one for one in entries if one.position <= confirmed.get(lane, 0)]
                named.update(each.sha256 for one in sure for each in one.attachments)
    found.cut = cut_off(memory, found.entries)
    _open_files(vault, found)
    missing = sum(not vault.has(file_name(each)) for each in named)
    found.files_missing = max(missing - (memory.waiting if memory is not None else 0), 0)
    for name in names:
        with _noting(found):
            vault.get(name)
    return found


def _open_files(vault: Vault, found: Verified) -> None:
    for name in vault.names("files/"):
        with _noting(found):
            file_in(vault, name)
            found.files += 1


@contextmanager
def _noting(found: Verified) -> Iterator[None]:
    """Note damage, and go on: whoever repairs wants to know of all of it."""
    try:
        yield
    except (BadSegment, ValueError) as error:
        found.damage.append(str(error))


def _reaches(session: Session) -> list[Reach]:
    shipped, behind = marks(session), unshipped(session)
    return [
        Reach(
            lane=lane,
            head=head,
            backed_up_through=mark.position if mark is not None else 0,
            shipped_at=mark.shipped_at if mark is not None else None,
            since=behind[lane][1] if lane in behind else None,
        )
        for lane, head in heads(session).items()
        for mark in [shipped.get(lane)]
    ]
