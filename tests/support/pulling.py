"""A device that pulls: what it keeps after each answer, as the protocol tells it to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from sync.codecs import stream
from sync.codecs.batch import PullAnswer
from sync.cursor import AREA, Change
from tests.support.office import OpenOffice

Kept = dict[tuple[str, str], Change]


@dataclass
class Puller:
    """What a device of an officer keeps, by kind and key."""

    office: OpenOffice
    user: str
    cursor: str = ""
    kept: Kept = field(default_factory=dict)
    heard: list[Change] = field(default_factory=list)  # by the last pull
    login: dict[str, str] = field(default_factory=dict)

    def ask(self, limit: int | None = None, **headers: str) -> httpx.Response:
        """Ask once."""
        self.login = self.login or self.office.bearer(self.user)
        params: dict[str, str | int] = {"cursor": self.cursor}
        if limit is not None:
            params["limit"] = limit
        return self.office.client.get(
            "/api/v1/sync/pull",
            params=params,
            headers={**self.login, **headers},
        )

    def pull(self, limit: int | None = None) -> Kept:
        """Pull until there is no more; give what is kept then."""
        self.heard, more = [], True
        while more:
            for each in answers(self.ask(limit)):
                self._apply(each.changes)
                self.cursor, more = each.next_cursor, each.has_more
        return self.kept

    def payloads(self, kind: str) -> list[dict[str, object]]:
        """Give what is kept of a kind, by key."""
        found = sorted((key, each) for (its, key), each in self.kept.items() if its == kind)
        return [dict(each.payload or {}) for _, each in found]

    def _apply(self, changes: tuple[Change, ...]) -> None:
        self.heard += changes
        for each in changes:
            if each.kind == AREA:
                gone = [name for name, one in self.kept.items() if one.area.startswith(each.key)]
                for name in gone:
                    del self.kept[name]
            elif each.payload is None:
                self.kept.pop((each.kind, each.key), None)
            else:
                self.kept[each.kind, each.key] = each


def answers(response: httpx.Response) -> Iterator[PullAnswer]:
    """Read an answer to a pull."""
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == stream.MEDIA_TYPE
    yield from stream.read(response.text.splitlines())
