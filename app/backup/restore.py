"""From the vault into an empty database: tables, journal, files, projections, and a new epoch."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.backup.epoch import raise_epoch, remember, remembered
from app.backup.shipping import MARK
from app.backup.tables import load, newest_dump, revision_of
from app.backup.tie import adopt
from app.backup.vault import NoBackup, Vault
from app.core.db import reading, writing
from app.core.migrate import alembic_config, migrate
from app.core.office import Office
from app.intake.blobs import ObjectBlobs
from app.intake.journal import SqlJournal
from app.intake.offers import publish_offers
from app.intake.projector import advance, lag
from app.intake.repository import heads
from app.projections import PROJECTORS, bring_up
from sync.codecs.segment import BadSegment, decode_entries
from sync.journal import GENESIS, Entry, breaks

LOG = structlog.get_logger()
_SEGMENT = re.compile(
    r"journal/(?P<lane>\d{4})/(?P<epoch>\d{6})/(?P<first>\d{12})-(?P<last>\d{12})"
)
Told = Callable[[str, int, int], None]  # what, how much is done, of how much


class NotEmpty(Exception):  # noqa: N818 - says what it is
    """A database that holds something is never restored over."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment of a lane by its name."""

    name: str
    lane: str
    epoch: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    epoch: int
    tables: dict[str, int]
    entries: dict[str, int]
    files: int


def restore(office: Office, vault: Vault, now: datetime, told: Told) -> Restored:
    """Bring everything back that the vault holds, into an empty database.

    Raises NoBackup where the vault is empty, NotEmpty where the database is not, BadSegment where
    what is kept was altered or a stretch is missing: then the database stays empty of it.
    """
    name = newest_dump(vault)
    dump = vault.get(name) if name is not None else None
    if dump is None:
        raise NoBackup("There is no backup at SE2026_BACKUP_URL. Please check the address.")
    _prepare(office.engine, revision_of(dump.content))
    with writing(office.engine) as session:
        _forget_first_marks(session)
        tables = load(session, dump.content)
    migrate(office.engine, office.clock)
    stretches = history(vault)
    with writing(office.engine) as session:
        entries = {
            lane: _load_lane(session, vault, stretches[lane], now, told) for lane in stretches
        }
    epochs = [each.epoch for each in remembered(office.settings, vault)]
    shipped = [each.epoch for found in stretches.values() for each in found]
    epoch = raise_epoch(office.engine, max([1, *epochs, *shipped]) + 1)
    files = _load_files(office, vault, told)
    _project(office.engine, stretches, told)
    adopt(office.engine, vault)
    remember(office.engine, office.settings, vault)
    return Restored(epoch, tables, entries, files)


def history(vault: Vault) -> dict[str, list[Stretch]]:
    """Give, by lane, the stretches that make up what counts, in order.

    A restored journal goes on where its backup ended: what an earlier epoch has beyond that was
    brought again by the devices, and stands in the later one.
    """
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    for name in vault.names("journal/"):
        told = _SEGMENT.match(name)
        if told is not None:
            numbers = (int(told[each]) for each in ("epoch", "first", "last"))
            found[told["lane"]].append(Stretch(name, told["lane"], *numbers))
    return {lane: _what_counts(each) for lane, each in sorted(found.items())}


def _what_counts(stretches: Sequence[Stretch]) -> list[Stretch]:
    kept: list[Stretch] = []
    for epoch in sorted({each.epoch for each in stretches}):
        mine = sorted(
            (each for each in stretches if each.epoch == epoch), key=lambda each: each.first
        )
        kept = [each for each in kept if each.first < mine[0].first]
        kept += mine
    return kept


def entries_of(vault: Vault, stretches: Sequence[Stretch]) -> Iterator[list[Entry]]:
    """Give the entries of a lane's stretches in order, each once, their chain held.

    Raises BadSegment.
    """
    position, tail = 0, GENESIS
    for index, stretch in enumerate(stretches):
        opened = vault.get(stretch.name)
        if opened is None or opened.header.get("name") != stretch.name:
            raise BadSegment(f"{stretch.name} is missing or stands under another's name")
        end = min(
            [each.first for each in stretches[index + 1 :] if each.epoch > stretch.epoch] or [0]
        )
        fresh = [
            each
            for each in decode_entries(opened.content)
            if each.position > position and (not end or each.position < end)
        ]
        if not fresh:
            continue
        if fresh[0].position != position + 1 or fresh[0].previous_hash != tail:
            raise BadSegment(f"{stretch.lane}: positions after {position} are missing")
        position, tail = fresh[-1].position, fresh[-1].hash
        if any(each.what in ("hash", "body") for each in breaks(fresh)):
            raise BadSegment(f"{stretch.lane}: the chain is broken before {position}")
        yield fresh


def is_empty(session: Session) -> bool:
    """Tell whether a database holds nothing that somebody gave it."""
    tables = sa.inspect(session.connection()).get_table_names()
    filled = (
        session.execute(sa.text(f"SELECT EXISTS (SELECT 1 FROM {name})")).scalar_one()  # noqa: S608 - ours
        for name in ("journal_entry", "account", "area", "questionnaire")
        if name in tables
    )
    return not any(filled)


def _prepare(engine: sa.Engine, revision: str) -> None:
    """Give an empty database the schema that the dump was made with."""
    from alembic import command

    with writing(engine) as session:
        if not is_empty(session):
            raise NotEmpty(
                "This database is not empty. Please name an empty one in SE2026_DATABASE_URL, "
                "or an empty directory in SE2026_DATA_DIR."
            )
    with engine.connect() as connection:
        config = alembic_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, revision)
        connection.commit()


def _forget_first_marks(session: Session) -> None:
    session.execute(sa.text("DELETE FROM deployment"))


def _load_lane(
    session: Session, vault: Vault, stretches: Sequence[Stretch], now: datetime, told: Told
) -> int:
    """Append a lane's entries as they were."""
    journal, taken, lane = SqlJournal(session), 0, stretches[0].lane
    for entries in entries_of(vault, stretches):
        journal.append_many(entries)
        taken += len(entries)
        last = entries[-1]
        told(f"journal {lane}", taken, stretches[-1].last)
        mark = {"lane": lane, "position": last.position, "hash": last.hash, "shipped_at": now}
        session.execute(sa.delete(MARK).where(MARK.c.lane == lane))
        session.execute(sa.insert(MARK).values(mark))
    return taken


def _project(engine: sa.Engine, lanes: Iterable[str], told: Told) -> None:
    """Let every projection read the journal side by side: what one has parsed serves the others.

    What follows from all of them, as the tallies do, is counted when they are through. What does
    not advance is told; the worker tries it again.
    """
    with reading(engine) as session:
        ends = heads(session)
    for lane in lanes:
        while sum(advance(engine, projector, lane) for projector in PROJECTORS):
            with reading(engine) as session:
                behind = lag(session, PROJECTORS, {lane: ends[lane]})
            told(f"projections {lane}", ends[lane] - behind, ends[lane])
    with writing(engine) as session:
        publish_offers(session)  # the notes that would say so were of the life before
    while (done := bring_up(engine)).taken:
        pass
    for trouble in done.troubles:
        LOG.warning("a projection waits for the worker", what=trouble.projection, lane=trouble.lane)


def _load_files(office: Office, vault: Vault, told: Told) -> int:
    """Bring back the files that are not here any more."""
    blobs, names = ObjectBlobs.of(office.settings), vault.names("files/")
    brought = 0
    for done, name in enumerate(names, start=1):
        digest = name.rpartition("/")[2]
        if digest not in blobs.held([digest]) and (opened := vault.get(name)) is not None:
            blobs.put(digest, opened.content)
            brought += 1
        told("files", done, len(names))
    return brought
