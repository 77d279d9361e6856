"""The epoch, kept outside the database too: a database that forgot something tells so by itself.

Beside it stand the heads that each lane had. A database whose journal does not hold one of them was
restored from somewhere, by whatever way: its epoch rises before it serves anybody, and devices that
see another epoch bring back what is missing.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.backup.vault import Vault
from app.core.db import reading, table_of, writing
from app.core.models import Deployment
from app.core.settings import Settings
from app.intake.journal import ENTRY, SqlJournal
from app.intake.models import UnshippedFile
from app.intake.repository import lanes
from sync.codecs.segment import BadSegment

LOG = structlog.get_logger()
DEPLOYMENT = table_of(Deployment)
UNSHIPPED = table_of(UnshippedFile)
IN_VAULT = "epoch.seg"


@dataclass(frozen=True, slots=True)
class Remembered:
    """An epoch, and position and hash of the last entry of every lane in it.

    `shipped` tells up to where the backup was confirmed to phones: a backup that ends before was
    cut. `waiting` files are named there and had not come to the office.
    """

    epoch: int
    heads: Mapping[str, tuple[int, str]]
    shipped: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0

    def as_json(self) -> bytes:
        """Write it down."""
        heads = {lane: list(head) for lane, head in sorted(self.heads.items())}
        told = {"shipped": dict(sorted(self.shipped.items())), "waiting": self.waiting}
        return json.dumps({"epoch": self.epoch, "heads": heads, **told}).encode()

    @classmethod
    def read(cls, body: bytes) -> "Remembered":
        """Read what `as_json` wrote. Raises ValueError."""
        told = json.loads(body)
        try:
            heads = {lane: (int(at), str(tail)) for lane, (at, tail) in told["heads"].items()}
            shipped = {lane: int(at) for lane, at in told.get("shipped", {}).items()}
            return cls(int(told["epoch"]), heads, shipped, int(told.get("waiting", 0)))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("this does not tell an epoch") from error


def epoch_file(settings: Settings) -> Path:
    """Give where an office keeps its epoch beside the database."""
    return settings.data_dir / "epoch.json"


def present(session: Session) -> Remembered:
    """Give what the database itself says."""
    journal = SqlJournal(session)
    found, waiting = lanes(session), sa.select(sa.func.count()).select_from(UNSHIPPED)
    return Remembered(
        journal.epoch,
        {lane: journal.head(lane) for lane in found},
        {lane: journal.backed_up_through(lane) for lane in found},
        session.execute(waiting).scalar_one(),
    )


def remembered(settings: Settings, vault: Vault | None) -> list[Remembered]:
    """Give what was kept outside, beside the database and in the vault."""
    found = [beside(settings), surely_in_vault(vault) if vault is not None else None]
    return [each for each in found if each is not None]


def beside(settings: Settings) -> Remembered | None:
    """Give what is kept beside the database."""
    path = epoch_file(settings)
    return Remembered.read(path.read_bytes()) if path.exists() else None


def in_vault(vault: Vault) -> Remembered | None:
    """Give what is kept in the vault. Raises BadSegment."""
    kept = vault.get(IN_VAULT)
    return None if kept is None else Remembered.read(kept.content)


def surely_in_vault(vault: Vault) -> Remembered | None:
    """Give what is kept in the vault; where that is damaged, the last epoch by the segments' names.

    A damaged note holds up neither service nor shipping: the next shipping writes it anew.
    """
    try:
        return in_vault(vault)
    except (BadSegment, ValueError) as error:
        LOG.warning("the vault's memory is damaged", why=str(error))
        names = (each.split("/")[2:3] for each in vault.names("journal/"))
        return Remembered(max([1, *(int(n) for each in names for n in each if n.isdigit())]), {})


def remember(engine: sa.Engine, settings: Settings, vault: Vault | None) -> None:
    """Keep epoch and heads outside the database; writes only what has changed."""
    with reading(engine) as session:
        now = present(session)
    if beside(settings) != now:
        _write(epoch_file(settings), now.as_json())
    if vault is not None and surely_in_vault(vault) != now:
        vault.put(IN_VAULT, {"kind": "epoch"}, now.as_json())


def hold_against_memory(engine: sa.Engine, settings: Settings, vault: Vault | None) -> int | None:
    """Raise the epoch of a database that lacks what was kept outside; give the new one, or None.

    Asked before anybody is served.
    """
    kept = remembered(settings, vault)
    with reading(engine) as session:
        epoch = SqlJournal(session).epoch
        whole = all(holds(session, each) and epoch >= each.epoch for each in kept)
    if whole:
        return None
    return raise_epoch(engine, max(epoch, *(each.epoch for each in kept)) + 1)


def raise_epoch(engine: sa.Engine, epoch: int) -> int:
    """Set the epoch of a database; it never falls."""
    with writing(engine) as session:
        raised = sa.func.greatest(DEPLOYMENT.c.epoch, epoch)
        session.execute(sa.update(DEPLOYMENT).values(epoch=raised))
        return SqlJournal(session).epoch


def holds(session: Session, kept: Remembered) -> bool:
    """Tell whether the database holds every head that was kept."""
    places = [(lane, position) for lane, (position, _) in kept.heads.items()]
    columns = (ENTRY.c.lane, ENTRY.c.position, ENTRY.c.hash)
    found = sa.select(*columns).where(sa.tuple_(ENTRY.c.lane, ENTRY.c.position).in_(places))
    held = {lane: (position, tail) for lane, position, tail in session.execute(found)}
    return all(held.get(lane) == head for lane, head in kept.heads.items() if head[0])


def _write(path: Path, body: bytes) -> None:
    """Replace a file whole, and on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    Path(fresh).replace(path)
