"""What a device still needs: changes in the order of their commits, behind an opaque cursor.

Two feeds make one: a common one for all lanes, and that of the device's own lane. A cursor says how
far a device has come in both, and for which areas: when these have changed since, what lies in
those that were taken is to be forgotten, and for those that were added the lane begins again.
"""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from sync.errors import Unreadable

AREA: Final = "area"  # kind of the change that says: forget all that lies within
#: numbers that fit a database's bigint; areas by their codes
_TOKEN: Final = re.compile(rb"2\.([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})\.([0-9,-]*)")
_LONGEST: Final = 100_000  # bytes of a cursor when unpacked
_NOWHERE: Final = "-"  # where somebody works who has no area


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as a device should now have it; `payload` None is a tombstone: remove it.

    `seq` grows in the order of commits: whoever has seen one has seen all below it in its feed.
    `area` is the code of the area that the thing lies in.
    """

    seq: int
    kind: str
    key: str
    payload: Mapping[str, object] | None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a device has come in one epoch: in its lane, in what is common, for which areas."""

    epoch: int
    seq: int
    common: int = 0
    areas: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `format` wrote; raises Unreadable (bad_cursor) for anything else."""
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            raw = unpacker.decompress(packed, _LONGEST)
        except (ValueError, zlib.error):
            raise Unreadable("bad_cursor") from None
        told = _TOKEN.fullmatch(raw)
        if told is None or not unpacker.eof or unpacker.unused_data:
            raise Unreadable("bad_cursor")
        return cls(int(told[1]), int(told[2]), int(told[3]), _areas(told[4].decode()))

    def format(self) -> str:
        """Write the cursor as a token that devices keep and never look into."""
        areas = ",".join(self.areas) if self.areas else _NOWHERE
        raw = f"2.{self.epoch}.{self.seq}.{self.common}.{areas}".encode()
        packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
        packed = packer.compress(raw) + packer.flush()
        return urlsafe_b64encode(packed).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Start:
    """Where to go on, in the lane and in what is common, and which areas to forget before."""

    seq: int
    common: int
    forgotten: tuple[str, ...]


class Sequenced(Protocol):
    """What has a place in a feed."""

    @property
    def seq(self) -> int:
        """Give the place."""
        ...


Told = TypeVar("Told", bound=Sequenced)


@dataclass(frozen=True, slots=True)
class Page(Generic[Told]):
    """Some of what a device needs, and where to go on."""

    changes: tuple[Told, ...]
    next_cursor: Cursor
    has_more: bool


def resume(cursor: Cursor | None, epoch: int, areas: Sequence[str]) -> Start:
    """Give where a device goes on that now works in `areas`; the empty code is everywhere.

    A new device, and each after a restore, begins from nothing: a restored database may have given
    the same numbers to other changes, and knows nothing of what it lost.
    """
    if cursor is None or cursor.epoch != epoch:
        return Start(0, 0, ("",))
    taken = tuple(each for each in cursor.areas if not _is_within(each, areas))
    added = any(not _is_within(each, cursor.areas) or _is_within(each, taken) for each in areas)
    return Start(0 if added else cursor.seq, cursor.common, taken)


def forgetting(start: Start) -> list[Change]:
    """Give the changes that come before all others."""
    return [Change(0, AREA, each, None, each) for each in start.forgotten]


def page(common: Sequence[Told], own: Sequence[Told], last: Cursor, limit: int) -> Page[Told]:
    """Cut the next page of at most `limit` changes behind `last`: first what is common.

    Both ascend by seq and begin right behind `last`; give one more than `limit` of each, or
    has_more cannot be known.
    """
    shared = tuple(common[:limit])
    mine = tuple(own[: limit - len(shared)])
    cursor = Cursor(
        last.epoch,
        mine[-1].seq if mine else last.seq,
        shared[-1].seq if shared else last.common,
        last.areas,
    )
    return Page(shared + mine, cursor, has_more=len(common) + len(own) > limit)


def _areas(text: str) -> tuple[str, ...]:
    return () if text == _NOWHERE else tuple(text.split(","))


def _is_within(code: str, areas: Sequence[str]) -> bool:
    return any(code.startswith(area) for area in areas)
