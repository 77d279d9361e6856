"""Lists made for one officer, as the OpenRosa door gives them out; the floors above make them."""

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Self

from sqlmodel import Session

from app.auth.scope import Scope


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


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list of entities.

    `table` gives it for a scope within a lane, `name` what that would be called, for who may have
    it already; `gone` tells of ids whether a phone should forget them.
    """

    table: Callable[[Session, Scope, str], Table]
    name: Callable[[Session, Scope, str], str]
    gone: Callable[[Session, Scope, str, Sequence[str]], Mapping[str, bool]]

    @classmethod
    def made_anew(
        cls,
        content: Callable[[Session, Scope, str], bytes],
        gone: Callable[[Session, Scope, str, Sequence[str]], Mapping[str, bool]],
    ) -> Self:
        """Give a list that is short enough to be made whenever somebody asks."""
        return cls(
            lambda session, scope, lane: Table.of(content(session, scope, lane)),
            lambda session, scope, lane: md5_of(content(session, scope, lane)),
            gone,
        )


def md5_of(body: bytes) -> str:
    """Give the name that OpenRosa has for content."""
    return md5(body, usedforsecurity=False).hexdigest()  # OpenRosa names files by md5
