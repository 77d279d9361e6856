"""The reference journal, in memory: what every other journal must agree with."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock

from sync.errors import BrokenJournal
from sync.journal import GENESIS, Break, Entry, Held, breaks


class MemoryJournal:
    """A journal that forgets when its process ends.

    It checks what a database would constrain: positions follow one another, a lane is locked
    before it is written to, one instance and digest is held once. Threads may share it when each
    works inside `transaction()`.
    """

    def __init__(self, *, epoch: int = 1) -> None:
        self.epoch = epoch
        self._lanes: dict[str, list[Entry]] = {}
        self._backed_up: dict[str, int] = {}
        self._locked: set[str] = set()
        self._turn = RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the journal for one thread; what was appended is undone when the block raises."""
        with self._turn:
            lengths = {lane: len(entries) for lane, entries in self._lanes.items()}
            try:
                yield
            except BaseException:
                for lane, entries in self._lanes.items():
                    del entries[lengths.get(lane, 0) :]
                raise
            finally:
                self._locked.clear()

    def lock(self, lane: str) -> None:
        """Mark `lane` as written to until the transaction ends."""
        self._locked.add(lane)

    def head(self, lane: str) -> tuple[int, str]:
        """Give the last position and hash of `lane`; (0, GENESIS) while it is empty."""
        entries = self.entries(lane)
        return (entries[-1].position, entries[-1].hash) if entries else (0, GENESIS)

    def find_many(self, lane: str, instance_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give the entries of each instance id that the lane knows."""
        wanted = set(instance_ids)
        found: dict[str, list[Held]] = {}
        for entry in self.entries(lane):
            if entry.instance_id in wanted:
                found.setdefault(entry.instance_id, []).append(_held(entry))
        return found

    def heirs_of(self, lane: str, prior_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
        """Give the entries that declare one of `prior_ids` as their prior, by that prior."""
        wanted = set(prior_ids)
        found: dict[str, list[Held]] = {}
        for entry in self.entries(lane):
            if entry.prior_instance_id in wanted:
                found.setdefault(entry.prior_instance_id, []).append(_held(entry))
        return found

    def append_many(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end of their lanes, or raise BrokenJournal and add none."""
        ends: dict[str, int] = {}
        names = {_name(held) for lane in self._lanes.values() for held in lane}
        for entry in entries:
            if entry.lane not in self._locked:
                raise BrokenJournal(f"Lane {entry.lane} is not locked: lock it before appending.")
            end = ends.get(entry.lane, self.head(entry.lane)[0])
            if entry.position != end + 1:
                raise BrokenJournal(f"After position {end} comes {end + 1}, not {entry.position}.")
            if _name(entry) in names:
                raise BrokenJournal(f"Position {entry.position} repeats what the lane holds.")
            ends[entry.lane] = entry.position
            names.add(_name(entry))
        for entry in entries:
            self._lanes.setdefault(entry.lane, []).append(entry)

    def backed_up_through(self, lane: str) -> int:
        """Give the last position of `lane` that `back_up` covered."""
        return self._backed_up.get(lane, 0)

    def back_up(self, lane: str) -> int:
        """Pretend that a backup of `lane` was taken now; give the position it covers."""
        self._backed_up[lane], _ = self.head(lane)
        return self._backed_up[lane]

    def restored(self) -> "MemoryJournal":
        """Give the journal as a restore from its backups leaves it: shorter, in a new epoch."""
        again = MemoryJournal(epoch=self.epoch + 1)
        again._backed_up = dict(self._backed_up)
        again._lanes = {
            lane: entries[: self.backed_up_through(lane)] for lane, entries in self._lanes.items()
        }
        return again

    def lanes(self) -> tuple[str, ...]:
        """Give the lanes that hold something, in order."""
        return tuple(sorted(lane for lane, entries in self._lanes.items() if entries))

    def entries(self, lane: str) -> Sequence[Entry]:
        """Give everything that `lane` holds, by position."""
        return tuple(self._lanes.get(lane, ()))

    def verify(self) -> tuple[Break, ...]:
        """Give every place where a lane's chain fails; empty when all is as it was written."""
        return tuple(each for lane in self.lanes() for each in breaks(self.entries(lane)))


def _held(entry: Entry) -> Held:
    return Held(
        kind=entry.kind,
        position=entry.position,
        digest=entry.digest,
        outcome=entry.outcome,
        instance_id=entry.instance_id,
    )


def _name(entry: Entry) -> tuple[str, str, str, str]:
    """Give what a lane may hold only once."""
    return entry.lane, entry.kind, entry.instance_id, entry.digest
