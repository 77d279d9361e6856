"""What a device still needs: changes in the order of their commits, behind an opaque cursor."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sync.errors import Unreadable

#: numbers that fit a database's bigint
_TOKEN: Final = re.compile(rb"1\.([0-9]{1,18})\.([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as a device should now have it; `payload` None is a tombstone: remove it.

    `seq` grows in the order of commits: whoever has seen one has seen all below it.
    """

    seq: int
    kind: str
    key: str
    payload: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a device has come: everything up to `seq` of `epoch`."""

    epoch: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `format` wrote; raises Unreadable (bad_cursor) for anything else."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            raise Unreadable("bad_cursor") from None
        told = _TOKEN.fullmatch(raw)
        cursor = cls(int(told[1]), int(told[2])) if told else None
        if cursor is None or cursor.format() != text:
            raise Unreadable("bad_cursor")
        return cursor

    def format(self) -> str:
        """Write the cursor as a token that devices keep and never look into."""
        return urlsafe_b64encode(f"1.{self.epoch}.{self.seq}".encode()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the changes a device needs, and where to go on."""

    changes: tuple[Change, ...]
    next_cursor: Cursor
    has_more: bool


def resume(cursor: Cursor | None, epoch: int) -> int:
    """Give the seq behind which to go on: 0 for a new device and after a restore.

    A restored database may have given the same numbers to other changes.
    """
    return cursor.seq if cursor is not None and cursor.epoch == epoch else 0


def page(changes: Iterable[Change], cursor: Cursor | None, epoch: int, limit: int) -> Page:
    """Cut the next page of at most `limit` changes from `changes`, which ascend by seq.

    `changes` may begin anywhere at or before the cursor; give one more than `limit` behind it,
    or has_more cannot be known.
    """
    after = resume(cursor, epoch)
    found = tuple(islice((each for each in changes if each.seq > after), limit + 1))
    shown = found[:limit]
    last = shown[-1].seq if shown else after
    return Page(shown, Cursor(epoch, last), has_more=len(found) > limit)
