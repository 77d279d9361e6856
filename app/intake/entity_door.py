"""Lists made for one officer, as the OpenRosa door gives them out; the floors above make them."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from threading import Lock
from typing import Self

from sqlmodel import Session

from app.auth.scope import Scope

_SHORT_LISTS = 4_000_000  # bytes, packed


@dataclass(frozen=True, slots=True)
class Table:
    """A list as a phone downloads it: CSV, packed once for all who ask, and its name."""

    name: str
    packed: bytes

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Pack a list; equal lists have equal names."""
        return cls(md5_of(content), gzip.compress(content, 6, mtime=0))

    def plain(self) -> bytes:
        """Give the CSV itself."""
        return gzip.decompress(self.packed)


class Told:
    """The tables that manifests named last, up to so many bytes: what was told can be fetched.

    Between a manifest and the download a list may change. A phone keeps what it downloads under
    the name from the manifest, and would take the one for the other. One that is not held here any
    more, or was told by another process, has to be answered by what is true now.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._tables: OrderedDict[tuple[str, tuple[str, ...], str], Table] = OrderedDict()
        self._lock = Lock()

    def keep(self, scope: Scope, lane: str, table: Table) -> None:
        """Hold a table for those of its scope; the oldest go where there is no room."""
        key = (lane, scope.areas, table.name)
        with self._lock:
            if self._tables.pop(key, None) is None:
                self._size += len(table.packed)
            self._tables[key] = table
            while self._size > self._most:
                self._size -= len(self._tables.popitem(last=False)[1].packed)

    def find(self, scope: Scope, lane: str, name: str) -> Table | None:
        """Give the table of that name, for nobody but those of its scope."""
        with self._lock:
            return self._tables.get((lane, scope.areas, name))


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list of entities.

    `table` gives it for a scope within a lane, the one of a name that was told before where it is
    still held; `name` what it would be called now, for who may have it already; `gone` tells of
    ids whether a phone should forget them.
    """

    table: Callable[[Session, Scope, str, str], Table]
    name: Callable[[Session, Scope, str], str]
    gone: Callable[[Session, Scope, str, Sequence[str]], Mapping[str, bool]]

    @classmethod
    def made_anew(
        cls,
        content: Callable[[Session, Scope, str], bytes],
        gone: Callable[[Session, Scope, str, Sequence[str]], Mapping[str, bool]],
    ) -> Self:
        """Give a list that is short enough to be made whenever somebody asks."""
        told = Told(_SHORT_LISTS)

        def made(session: Session, scope: Scope, lane: str) -> Table:
            table = Table.of(content(session, scope, lane))
            told.keep(scope, lane, table)
            return table

        return cls(
            lambda session, scope, lane, name: (
                told.find(scope, lane, name) or made(session, scope, lane)
            ),
            lambda session, scope, lane: made(session, scope, lane).name,
            gone,
        )


def md5_of(body: bytes) -> str:
    """Give the name that OpenRosa has for content."""
    return md5(body, usedforsecurity=False).hexdigest()  # OpenRosa names files by md5
