"""Which vault is whose: nothing is shipped to a place that may be another's, or that is empty.

A database knows which office it is and where its backup lies; a vault knows whose it is. So a disk
that is not mounted is no empty vault, and a fresh database never writes over a backup that somebody
is about to restore.
"""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
import structlog
from obstore.exceptions import BaseError as StoreError
from sqlmodel import Session

from app.backup.epoch import (
    DEPLOYMENT,
    Remembered,
    beside,
    hold_against_memory,
    holds,
    surely_in_vault,
)
from app.backup.errors import (
    AnotherOffice,
    Forgetful,
    NothingYet,
    TakenOver,
    Unfinished,
    VaultAway,
)
from app.backup.vault import Vault, reached
from app.core.db import reading, writing
from app.core.settings import Settings
from app.intake.models import BackupMark, UnshippedFile

LOG = structlog.get_logger()
_UNFINISHED = "unfinished_restore"  # a table of no columns: no schema knows it, so none forgets it


def begin_service(engine: sa.Engine, settings: Settings) -> int | None:
    """Make sure that nobody is served by the wrong database; give the epoch that began, or None.

    An office whose vault is away serves all the same: what is known of earlier epochs then stands
    beside the database alone, and shipping goes on trying. Raises Unfinished, AnotherOffice,
    TakenOver and BadSegment.
    """
    check_finished(engine)
    vault = reached(settings)
    try:
        if vault is not None:
            known = _check_owner(engine, vault)
            _check_the_only_one(engine, settings, known, surely_in_vault(vault))
    except (VaultAway, OSError, StoreError) as error:
        LOG.warning("the vault is away", why=type(error).__name__)
        vault = None
    return hold_against_memory(engine, settings, vault)


def tie(engine: sa.Engine, vault: Vault) -> None:
    """See to it that the vault is this database's own before anything is shipped there.

    Raises Unfinished, VaultAway, AnotherOffice, TakenOver or Forgetful; BadSegment where the key is
    another.
    """
    check_finished(engine)
    known = _check_owner(engine, vault)
    _check_memory(engine, known, surely_in_vault(vault))
    if known.place != vault.place:
        _move(engine, vault, afresh=known.place is not None)


def check(engine: sa.Engine, vault: Vault) -> None:
    """Look whether the vault is in its place and this database's own; changes nothing.

    Raises what `tie` raises, and NothingYet where the next shipping would begin there.
    """
    check_finished(engine)
    known, owner = _known(engine), vault.owner()
    if owner not in {None, known.office}:
        raise AnotherOffice
    if known.place != vault.place:
        raise NothingYet
    if owner is None:
        raise VaultAway
    _check_memory(engine, known, surely_in_vault(vault))


def begin_anew(engine: sa.Engine, vault: Vault) -> None:
    """Make a place, which must be empty, this database's vault; everything will be shipped again.

    Raises AnotherOffice.
    """
    office = _known(engine).office
    if vault.owner() not in {None, office} or not _is_new(vault):
        raise AnotherOffice
    vault.prepare(office)
    _move(engine, vault, afresh=True)


def adopt(engine: sa.Engine, vault: Vault) -> None:
    """After a restore: the database is the office whose vault it came from."""
    owner = vault.owner()
    if owner is None:  # from before vaults were marked
        owner = _known(engine).office
        vault.prepare(owner)
    with writing(engine) as session:
        session.execute(sa.update(DEPLOYMENT).values(office=owner, vault=vault.place))
        session.execute(sa.text(f"DROP TABLE IF EXISTS {_UNFINISHED}"))


def begin_restore(session: Session) -> None:
    """Mark a database as one that is being restored, until `adopt`."""
    session.execute(sa.text(f"CREATE TABLE IF NOT EXISTS {_UNFINISHED} ()"))


def is_unfinished(session: Session) -> bool:
    """Tell whether a restore into this database was broken off, or goes on."""
    return bool(session.execute(sa.select(sa.func.to_regclass(_UNFINISHED))).scalar())


def check_finished(engine: sa.Engine) -> None:
    """Raise Unfinished for a database that a restore has begun to fill."""
    with reading(engine) as session:
        if is_unfinished(session):
            raise Unfinished


@dataclass(frozen=True, slots=True)
class _Known:
    office: UUID
    place: str | None
    epoch: int


def _check_owner(engine: sa.Engine, vault: Vault) -> _Known:
    """Mark a vault that is new; give what the database knows. Raises VaultAway, AnotherOffice."""
    known, owner = _known(engine), vault.owner()
    if owner is None:
        if known.place == vault.place:
            raise VaultAway
        if not _is_new(vault) and not _holds(engine, surely_in_vault(vault)):
            raise AnotherOffice
        vault.prepare(known.office)
    elif owner != known.office:
        raise AnotherOffice
    return known


def _check_the_only_one(
    engine: sa.Engine, settings: Settings, known: _Known, kept: Remembered | None
) -> None:
    """Raise TakenOver for a database that forgot nothing, and whose vault is an epoch ahead.

    One that was brought back here is behind what lies beside it; this one is not: its office lives
    elsewhere, and to begin an epoch would take the vault away from there.
    """
    mine = beside(settings)
    if kept is None or mine is None or not known.epoch == mine.epoch < kept.epoch:
        return
    if _holds(engine, mine):
        raise TakenOver


def _check_memory(engine: sa.Engine, known: _Known, kept: Remembered | None) -> None:
    """Hold a database against what its vault remembers. Raises TakenOver or Forgetful."""
    if kept is not None and kept.epoch > known.epoch:
        raise TakenOver
    if kept is not None and kept.epoch == known.epoch and not _holds(engine, kept):
        raise Forgetful


def _known(engine: sa.Engine) -> _Known:
    columns = (DEPLOYMENT.c.office, DEPLOYMENT.c.vault, DEPLOYMENT.c.epoch)
    with reading(engine) as session:
        return _Known(*session.execute(sa.select(*columns)).one())


def _is_new(vault: Vault) -> bool:
    return not (vault.names("tables/") or vault.names("journal/"))


def _holds(engine: sa.Engine, kept: Remembered | None) -> bool:
    """Tell whether the database has entries of its own, and all that a vault remembers."""
    if kept is None or not kept.heads:
        return kept is not None
    with reading(engine) as session:
        return holds(session, kept)


def _move(engine: sa.Engine, vault: Vault, *, afresh: bool) -> None:
    """Keep where the backup lies; `afresh`: nothing of it is there yet."""
    with writing(engine) as session:
        session.execute(sa.update(DEPLOYMENT).values(vault=vault.place))
        if afresh:
            session.execute(sa.delete(BackupMark))
            session.execute(sa.delete(UnshippedFile))
