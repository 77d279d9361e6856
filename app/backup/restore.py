"""From the vault into an empty database: tables, journal, files, projections, and a new epoch."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.backup.epoch import Remembered, beside, in_vault, raise_epoch, remember
from app.backup.errors import NoBackup, NotEmpty
from app.backup.shipping import MARK
from app.backup.tables import dumps, load, revision_of
from app.backup.tie import adopt, begin_restore, is_unfinished
from app.backup.vault import Vault
from app.core.db import reading, writing
from app.core.migrate import alembic_config, migrate
from app.core.office import Office
from app.core.statistics import Statistics
from app.intake.blobs import ObjectBlobs
from app.intake.journal import SqlJournal
from app.intake.offers import publish_offers
from app.intake.projector import advance, lag
from app.intake.repository import heads
from app.projections import PROJECTORS, bring_up
from sync.codecs.segment import BadSegment, Opened, decode_entries
from sync.journal import GENESIS, Entry, breaks

LOG = structlog.get_logger()
_SEGMENT = re.compile(
    r"journal/(?P<lane>\d{4})/(?P<epoch>\d{6})/(?P<first>\d{12})-(?P<last>\d{12})"
)
_FAR = 100  # epochs
_LOCK = 20260617  # of the database: held while it is restored into
Told = Callable[[str, int, int], None]  # what, how much is done, of how much


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
    """What came back, and what did not.

    `cut` lanes end before what the backup had confirmed to phones, by so many entries. `damage`
    tells what could not be opened; `files_missing` are named by entries and not here.
    """

    epoch: int
    tables: dict[str, int]
    entries: dict[str, int]
    files: int
    cut: dict[str, int]
    files_missing: int
    damage: list[str]


def restore(
    office: Office, vault: Vault, now: datetime, told: Told, *, up_to_damage: bool = False
) -> Restored:
    """Bring everything back that the vault holds, into an empty database.

    One that was broken off begins again. With `up_to_damage` each lane is brought back as far as
    its chain holds. Raises NoBackup where the vault is empty, NotEmpty where the database is not,
    WrongKey, and BadSegment where the journal was altered or a stretch is missing: then the
    database stays empty of it.
    """
    vault.owner()  # a wrong key is told before anything is touched
    with _alone(office.engine):
        return _restore(office, vault, now, told, up_to_damage=up_to_damage)


def _restore(
    office: Office, vault: Vault, now: datetime, told: Told, *, up_to_damage: bool
) -> Restored:
    damage: list[str] = []
    dump, memory = _newest_whole(vault, damage), _memory(vault, damage)
    _prepare(office.engine, revision_of(dump.content))
    with writing(office.engine) as session:
        _forget_first_marks(session)
        tables = load(session, dump.content)
    migrate(office.engine, office.clock)
    stretches, named = history(vault), set[str]()
    with writing(office.engine) as session:
        loading = _Loading(session, vault, now, told, named, damage if up_to_damage else None)
        entries = {lane: _load_lane(loading, stretches[lane]) for lane in stretches}
    epoch = raise_epoch(office.engine, _next_epoch(office, vault, memory))
    files = _load_files(office, vault, told, damage)
    missing = len(named) - len(ObjectBlobs.of(office.settings).held(named))
    _project(office.engine, stretches, told)
    adopt(office.engine, vault)
    remember(office.engine, office.settings, vault)
    cut = cut_off(memory, entries)
    return Restored(epoch, tables, entries, files, cut, missing, damage)


def cut_off(memory: Remembered | None, entries: Mapping[str, int]) -> dict[str, int]:
    """Give, by lane, how many entries at the end are gone that a backup once confirmed."""
    confirmed = memory.shipped if memory is not None else {}
    short = {lane: at - entries.get(lane, 0) for lane, at in confirmed.items()}
    return {lane: count for lane, count in sorted(short.items()) if count > 0}


def _newest_whole(vault: Vault, damage: list[str]) -> Opened:
    """Give the newest dump that can be opened. Raises NoBackup where there is none."""
    for name in dumps(vault):
        try:
            found = vault.get(name)
        except BadSegment as error:
            damage.append(str(error))
            continue
        if found is not None:
            return found
    raise NoBackup(
        "Tidak ada cadangan yang terbaca di SE2026_BACKUP_URL. Periksa alamatnya, dan apakah "
        f"disknya terpasang. {' '.join(damage)}".strip(),
        "There is no readable backup at SE2026_BACKUP_URL. Please check the address, and that its "
        f"disk is mounted. {' '.join(damage)}".strip(),
    )


def _memory(vault: Vault, damage: list[str]) -> Remembered | None:
    """Give what the vault remembers of the office; a damaged memory is told."""
    try:
        return in_vault(vault)
    except (BadSegment, ValueError) as error:
        damage.append(str(error))
        return None


def _next_epoch(office: Office, vault: Vault, memory: Remembered | None) -> int:
    """Give an epoch that no phone has seen: far off where the vault does not tell the last one."""
    kept = [each.epoch for each in (memory, beside(office.settings)) if each is not None]
    names = (_SEGMENT.match(name) for name in vault.names("journal/"))
    shipped = [int(each["epoch"]) for each in names if each is not None]
    return max([1, *kept, *shipped]) + (1 if memory is not None else _FAR)


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
        if opened is None:
            raise BadSegment(f"{stretch.name} is missing")
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


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Keep a second restore out of the database. Raises NoBackup where one goes on."""
    with engine.connect() as line:
        if not line.execute(sa.select(sa.func.pg_try_advisory_lock(_LOCK))).scalar_one():
            raise NoBackup(
                "Pemulihan lain ke basis data ini sedang berjalan. Tunggu sampai selesai.",
                "Another restore into this database goes on. Please wait until it is through.",
            )
        line.commit()
        try:
            yield
        finally:
            line.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
            line.commit()


def _prepare(engine: sa.Engine, revision: str) -> None:
    """Give an empty database the schema that the dump was made with."""
    from alembic import command

    with writing(engine) as session:
        if not (is_unfinished(session) or is_empty(session)):
            raise NotEmpty
        begin_restore(session)
    with engine.connect() as connection:
        config = alembic_config(connection)
        command.downgrade(config, "base")
        command.upgrade(config, revision)
        connection.commit()


def _forget_first_marks(session: Session) -> None:
    session.execute(sa.text("DELETE FROM deployment"))


@dataclass(frozen=True, slots=True)
class _Loading:
    """A journal on its way back: the files that it names, and where damage is told, if borne."""

    session: Session
    vault: Vault
    now: datetime
    told: Told
    named: set[str]
    damage: list[str] | None


def _load_lane(loading: _Loading, stretches: Sequence[Stretch]) -> int:
    """Append a lane's entries as they were; give the last position."""
    journal, taken, lane = SqlJournal(loading.session), 0, stretches[0].lane
    try:
        for entries in entries_of(loading.vault, stretches):
            journal.append_many(entries)
            loading.named.update(each.sha256 for one in entries for each in one.attachments)
            last = entries[-1]
            taken = last.position
            loading.told(f"journal {lane}", taken, stretches[-1].last)
            mark = {"position": taken, "hash": last.hash, "shipped_at": loading.now}
            loading.session.execute(sa.delete(MARK).where(MARK.c.lane == lane))
            loading.session.execute(sa.insert(MARK).values(lane=lane, **mark))
    except BadSegment as error:
        if loading.damage is None:
            raise
        loading.damage.append(f"{error} ({lane}: {taken} / {stretches[-1].last})")
    return taken


def _project(engine: sa.Engine, lanes: Iterable[str], told: Told) -> None:
    """Let every projection read the journal side by side: what one has parsed serves the others.

    What follows from all of them, as the tallies do, is counted when they are through. What does
    not advance is told; the worker tries it again.
    """
    with reading(engine) as session:
        ends, statistics = heads(session), Statistics(engine)
    for lane in lanes:
        while sum(advance(engine, projector, lane) for projector in PROJECTORS):
            statistics.look()
            with reading(engine) as session:
                behind = lag(session, PROJECTORS, {lane: ends[lane]})
            told(f"projections {lane}", ends[lane] - behind, ends[lane])
    with writing(engine) as session:
        publish_offers(session)  # the notes that would say so were of the life before
    while (done := bring_up(engine)).taken:
        pass
    for trouble in done.troubles:
        LOG.warning("a projection waits for the worker", what=trouble.projection, lane=trouble.lane)


def _load_files(office: Office, vault: Vault, told: Told, damage: list[str]) -> int:
    """Bring back the files that are not here any more; a damaged one holds up no other."""
    blobs, names = ObjectBlobs.of(office.settings), vault.names("files/")
    brought = 0
    for done, name in enumerate(names, start=1):
        digest = name.rpartition("/")[2]
        if digest not in blobs.held([digest]):
            try:
                content = file_in(vault, name)
                blobs.put(digest, content)
                brought += 1
            except BadSegment as error:
                damage.append(str(error))
        told("files", done, len(names))
    return brought


def file_in(vault: Vault, name: str) -> bytes:
    """Give a file of the vault that is what its name says. Raises BadSegment."""
    opened = vault.get(name)
    content = opened.content if opened is not None else b""
    if opened is None or sha256(content).hexdigest() != name.rpartition("/")[2]:
        raise BadSegment(f"{name} does not hold what its name says")
    return content
