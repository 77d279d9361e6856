"""What a device keeps on disk until the server has it safe.

    out/N         an envelope: one line of JSON, then its body byte for byte
    receipts/N    the server's answer for it; stays when the envelope is purged
    problems/N    an envelope that the server could not read, and N.reason beside it
    blobs/DIGEST  attachments by their content
    state         epoch, backed-up positions by lane, cursor, clock skew

Every file appears whole or not at all. An envelope is pending while it is in `out` and has no
receipt of the present epoch: what a crash forgets is only sent again, and again is harmless.
"""

import fcntl
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from sync.blobs import check_content
from sync.client.disk import move_file, remove_files, settle, write_files
from sync.client.header import attached, envelope_of, header_in, header_of
from sync.envelope import Envelope
from sync.errors import SpoolBusy
from sync.ledger import Line
from sync.receipts import Outcome, Receipt

_FOLDERS: Final = ("out", "receipts", "problems", "blobs", "scratch")
_DIGITS: Final = 10
_UNTOLD: Final = 0  # no server's epoch
#: a batch stays below what a phone line carries in one breath
BATCH_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Parcel:
    """An envelope under its number in the spool."""

    name: str
    envelope: Envelope


@dataclass(slots=True)
class _State:
    epoch: int | None = None
    backed_up_through: dict[str, int] = field(default_factory=dict)
    cursor: str | None = None
    clock_skew: float = 0.0
    brought: dict[str, int] = field(default_factory=dict)  # epoch in which the server got a file


class Spool:
    """The spool in `folder`, open for this process alone until `close`. Raises SpoolBusy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for each in _FOLDERS:
            (folder / each).mkdir(parents=True, exist_ok=True)
        settle(folder)
        self._guard = _hold(folder / "lock")
        for draft in (folder / "scratch").iterdir():
            draft.unlink()
        self._out = {name: header_in(folder / "out" / name) for name in self._names("out")}
        self._problems = {name for name in self._names("problems") if name.isdecimal()}
        self._receipts = {name: self._read_receipt(name) for name in self._names("receipts")}
        self._state = self._read_state()
        self._known = self._read_known()
        taken = [*self._out, *self._problems, *self._receipts]
        self._next = max(map(int, taken), default=0) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let other processes open the spool."""
        self._guard.close()

    @property
    def epoch(self) -> int | None:
        """Tell the epoch that the server last told."""
        return self._state.epoch

    @property
    def cursor(self) -> str | None:
        """Tell where the next pull goes on."""
        return self._state.cursor

    @property
    def clock_skew(self) -> float:
        """Tell by how many seconds the server's clock was ahead of this device's."""
        return self._state.clock_skew

    def put(self, envelope: Envelope, files: Mapping[str, bytes] | None = None) -> str:
        """Keep `envelope` and its attachments' bytes by name; durable on return.

        Gives its number. Putting the same again gives the first number. Raises WrongContent
        where the bytes of a file are not those that the envelope names.
        """
        mark = _mark(envelope.kind, envelope.instance_id, envelope.digest)
        if mark in self._known:
            return self._known[mark]
        contents = files or {}
        for each in envelope.attachments:
            check_content(each.sha256, contents[each.name])
        if envelope.attachments:
            blobs = {each.sha256: contents[each.name] for each in envelope.attachments}
            write_files(self._folder / "blobs", blobs, self._folder / "scratch")
        name = f"{self._next:0{_DIGITS}}"
        header = header_of(envelope)
        self._write("out", {name: json.dumps(header).encode() + b"\n" + envelope.body})
        self._next += 1
        self._known[mark] = name
        self._out[name] = header
        return name

    def pending(self, limit: int, *, passing_over: Container[str] = ()) -> list[Parcel]:
        """Give up to `limit` envelopes that the server has not answered for, oldest first."""
        parcels: list[Parcel] = []
        size = 0
        for name in self._unanswered():
            envelope = None if name in passing_over else self._open(name)
            if envelope is None:
                continue
            size += len(envelope.body)
            if parcels and size > BATCH_BYTES:
                break
            parcels.append(Parcel(name, envelope))
            if len(parcels) == limit:
                break
        return parcels

    def left(self) -> int:
        """Count the envelopes that the server has not answered for."""
        return sum(1 for _ in self._unanswered())

    def acknowledge(self, receipts: Mapping[str, Receipt]) -> None:
        """Record the server's receipts by number; durable on return."""
        told = {name: {**asdict(each), **self._mark_of(name)} for name, each in receipts.items()}
        self._write("receipts", {name: json.dumps(each).encode() for name, each in told.items()})
        self._receipts.update(receipts)

    def accept(self, name: str, status: int) -> None:
        """Record that an OpenRosa server took the submission; it gives no position."""
        told = {"status": status, **self._mark_of(name)}
        self._write("receipts", {name: json.dumps(told).encode()})
        self._receipts[name] = None

    def set_aside(self, name: str, reason: Mapping[str, str]) -> None:
        """Move an envelope that the server cannot read out of the way, with the reason."""
        self._write("problems", {f"{name}.reason": json.dumps(dict(reason)).encode()})
        move_file(name, self._folder / "out", self._folder / "problems")
        del self._out[name]
        self._problems.add(name)

    def put_back(self) -> int:
        """Make everything that was set aside pending again; give how many."""
        back = sorted(self._problems)
        for name in back:
            move_file(name, self._folder / "problems", self._folder / "out")
            self._out[name] = header_in(self._folder / "out" / name)
            self._problems.discard(name)
        return len(back)

    def problems(self) -> dict[str, Mapping[str, str]]:
        """Give why each envelope was set aside, by number."""
        folder = self._folder / "problems"
        reasons = {name: folder / f"{name}.reason" for name in sorted(self._problems)}
        return {name: json.loads(path.read_bytes()) for name, path in reasons.items()}

    def receipts(self) -> dict[str, Receipt]:
        """Give the receipts by number."""
        return {name: each for name, each in sorted(self._receipts.items()) if each}

    def doubt_accepted(self) -> int:
        """Make everything pending again that an OpenRosa server took; give how many.

        Such a server tells no epoch: whoever runs it says that it was restored. What it still has
        it recognises.
        """
        return self._doubt([name for name, each in self._receipts.items() if each is None])

    def doubt(self, lines: Iterable[Line]) -> int:
        """Make those of these pending again that are here and were answered; give how many."""
        names = (self._known.get((each.kind, each.instance_id, each.digest)) for each in lines)
        return self._doubt([name for name in names if name in self._receipts])

    def _doubt(self, names: Iterable[str]) -> int:
        doubted = [name for name in names if name in self._out]
        remove_files(self._folder / "receipts", doubted)
        for name in doubted:
            del self._receipts[name]
        return len(doubted)

    def blob(self, digest: str) -> bytes:
        """Give an attachment's bytes."""
        return (self._folder / "blobs" / digest).read_bytes()

    def observe(self, epoch: int, backed_up_through: Mapping[str, int]) -> None:
        """Record what the server told of itself. A new epoch makes old receipts void."""
        state = self._state
        backed_up = dict(state.backed_up_through) if state.epoch == epoch else {}
        for lane, position in backed_up_through.items():
            backed_up[lane] = max(position, backed_up.get(lane, 0))
        if (state.epoch, state.backed_up_through) != (epoch, backed_up):
            state.epoch, state.backed_up_through = epoch, backed_up
            self._write_state()

    def save_cursor(self, cursor: str | None) -> None:
        """Record where the next pull goes on; durable on return."""
        self._state.cursor = cursor
        self._write_state()

    def save_clock_skew(self, seconds: float) -> None:
        """Record how far the server's clock was ahead."""
        self._state.clock_skew = seconds
        self._write_state()

    def purge(self) -> int:
        """Remove the envelopes that a backup of the server holds, and files no other names.

        Gives how many envelopes. One whose files the server has not got stays whole.
        """
        safe = [name for name in self._out if self._is_safe(name)]
        files = {digest for name in safe for digest in self._files_of(name)}
        if safe:
            remove_files(self._folder / "out", safe)
        for name in safe:
            del self._out[name]
        self._remove_blobs(files - {d for name in self._out for d in self._files_of(name)})
        return len(safe)

    def brought(self, digest: str) -> None:
        """Record that the server has a file; durable on return."""
        self._state.brought[digest] = self._state.epoch or _UNTOLD
        self._write_state()

    def has_brought(self, digest: str) -> bool:
        """Tell whether the server got a file in its present epoch."""
        return self._state.brought.get(digest) == (self._state.epoch or _UNTOLD)

    def owed_files(self) -> list[str]:
        """Give the files that the server may lack in its present epoch, having what names them.

        Those that an OpenRosa server took came with their submissions.
        """
        epoch = self._state.epoch
        held = (
            name
            for name in sorted(self._out)
            if (receipt := self._receipts.get(name)) is not None and receipt.epoch == epoch
        )
        named = dict.fromkeys(digest for name in held for digest in self._files_of(name))
        return [digest for digest in named if not self.has_brought(digest)]

    def voided(self) -> dict[str, Line]:
        """Give, by number, the envelopes whose receipts are of an epoch that is past."""
        return {
            name: Line(mark["instance_id"], mark["digest"], mark["kind"])
            for name in self._unanswered()
            if self._receipts.get(name) is not None
            for mark in [self._mark_of(name)]
        }

    def answered(self) -> list[Line]:
        """Give everything that a server took, in whatever epoch, purged or not."""
        return [
            Line(instance_id, digest, kind)
            for (kind, instance_id, digest), name in self._known.items()
            if name in self._receipts
        ]

    def kept(self) -> list[Line]:
        """Give the envelopes that are here, answered for or not."""
        marks = (self._mark_of(name) for name in self._out)
        return [Line(each["instance_id"], each["digest"], each["kind"]) for each in marks]

    def purged(self) -> int:
        """Count the envelopes that are here no more, since a backup holds them."""
        return len(self._receipts.keys() - self._out.keys())

    def lines(self) -> list[Line]:
        """Give everything that was ever put here, purged or not."""
        return [Line(instance_id, digest, kind) for kind, instance_id, digest in self._known]

    def _remove_blobs(self, digests: set[str]) -> None:
        problems = {
            each["sha256"]
            for name in self._problems
            for each in attached(header_in(self._folder / "problems" / name))
        }
        gone = digests - problems
        if not gone:
            return
        remove_files(self._folder / "blobs", gone)
        for digest in gone:
            self._state.brought.pop(digest, None)
        self._write_state()

    def _files_of(self, name: str) -> list[str]:
        return [each["sha256"] for each in attached(self._out[name])]

    def _is_safe(self, name: str) -> bool:
        receipt = self._receipts.get(name)
        if receipt is None or receipt.epoch != self._state.epoch:
            return False
        backed_up = self._state.backed_up_through.get(receipt.lane, 0)
        return receipt.position <= backed_up and all(map(self.has_brought, self._files_of(name)))

    def _unanswered(self) -> Iterator[str]:
        for name in sorted(self._out):
            if name not in self._receipts:
                yield name
                continue
            receipt = self._receipts[name]
            if receipt is not None and self._state.epoch not in {None, receipt.epoch}:
                yield name

    def _open(self, name: str) -> Envelope | None:
        """Read an envelope back; one that the disk damaged is set aside and gives None."""
        header, _, body = (self._folder / "out" / name).read_bytes().partition(b"\n")
        told = json.loads(header)
        if sha256(body).hexdigest() != told["digest"]:
            self.set_aside(name, {"code": "damaged", "message": "The disk changed this file."})
            return None
        return envelope_of(told, body)

    def _mark_of(self, name: str) -> dict[str, str]:
        header = self._out[name]
        return {key: str(header[key]) for key in ("kind", "instance_id", "digest")}

    def _names(self, folder: str) -> Sequence[str]:
        return sorted(path.name for path in (self._folder / folder).iterdir())

    def _write(self, folder: str, files: Mapping[str, bytes]) -> None:
        write_files(self._folder / folder, files, self._folder / "scratch")

    def _write_state(self) -> None:
        content = json.dumps(asdict(self._state)).encode()
        write_files(self._folder, {"state": content}, self._folder / "scratch")

    def _read_state(self) -> _State:
        path = self._folder / "state"
        return _State(**json.loads(path.read_bytes())) if path.exists() else _State()

    def _read_receipt(self, name: str) -> Receipt | None:
        told = json.loads((self._folder / "receipts" / name).read_bytes())
        if "status" in told:
            return None
        del told["kind"]
        return Receipt(**{**told, "outcome": Outcome(told["outcome"])})

    def _read_known(self) -> dict[tuple[str, str, str], str]:
        """Give every envelope ever put, by what makes it the same."""
        told = dict(self._out)
        for name in self._problems:
            told[name] = header_in(self._folder / "problems" / name)
        for name in self._receipts.keys() - told.keys():
            told[name] = json.loads((self._folder / "receipts" / name).read_bytes())
        return {
            _mark(str(each["kind"]), str(each["instance_id"]), str(each["digest"])): name
            for name, each in told.items()
        }


def _mark(kind: str, instance_id: str, digest: str) -> tuple[str, str, str]:
    return kind, instance_id, digest


def _hold(path: Path) -> IO[bytes]:
    """Lock `path` until the file is closed or the process ends, however it ends."""
    guard = path.open("ab")
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        guard.close()
        raise SpoolBusy("Another process has this spool open: close it first.") from None
    return guard
