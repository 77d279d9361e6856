"""Small segments become large ones; whatever stops that, a restore finds every entry once."""

from pathlib import Path

import pytest

from app.backup import merging
from app.backup.merging import merge_segments
from app.backup.restore import entries_of, history
from app.backup.shipping import ship
from app.backup.tie import tie
from app.backup.vault import Vault
from app.intake.blobs import ObjectBlobs
from sync.codecs.segment import BadSegment
from tests.app.backup.test_restore import (
    another_machine,
    bring_back,
    chest,
    journal,
    keep_all,
    opened,
)
from tests.conftest import NOON
from tests.support.office import OpenOffice

NAMES = "abcdefghij"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large is what holds four."""
    monkeypatch.setattr(merging, "LONGEST", 4)
    monkeypatch.setattr(merging, "_LARGE", 2)


@pytest.fixture
def shipped(office: OpenOffice, vault: Path) -> OpenOffice:
    """Ten entries in segments of their own."""
    ship_singly(office, vault, NAMES)
    return office


def ship_singly(office: OpenOffice, vault: Path, names: str) -> None:
    found, here = chest(vault), opened(office, vault)
    tie(office.engine, found)
    for name in names:
        office.send("ppl01", office.submission(name))
        ship(office.engine, found, ObjectBlobs.of(here.settings), NOON)


def spans(vault: Path) -> list[tuple[int, int]]:
    return [(each.first, each.last) for each in history(chest(vault))["3375"]]


def hashes(vault: Path) -> list[str]:
    found = chest(vault)
    return [each.hash for some in entries_of(found, history(found)["3375"]) for each in some]


def test_neighbours_are_put_together_and_the_last_ones_wait(
    shipped: OpenOffice, vault: Path
) -> None:
    assert merge_segments(chest(vault)) == 8
    assert spans(vault) == [(1, 4), (5, 8), (9, 9), (10, 10)]
    assert hashes(vault) == journal(shipped.engine)
    assert merge_segments(chest(vault)) == 0


def test_what_a_crash_leaves_is_read_as_one(
    shipped: OpenOffice, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []

    def dies(_self: Vault, name: str) -> None:
        removed.append(name)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "remove", dies)
        with pytest.raises(SystemExit):
            merge_segments(chest(vault))
    assert spans(vault)[:3] == [(1, 1), (1, 4), (2, 2)]
    assert hashes(vault) == journal(shipped.engine)
    merge_segments(chest(vault))
    ship_singly(shipped, vault, "klm")
    merge_segments(chest(vault))
    assert hashes(vault) == journal(shipped.engine)


def test_a_restore_and_a_later_epoch_go_on_from_large_segments(
    shipped: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    keep_all(opened(shipped, vault))
    assert len(spans(vault)) == 4
    with another_machine(server, tmp_path / "new", vault) as new:
        assert bring_back(new).entries == {"3375": len(NAMES)}
        keep_all(new)
        merge_segments(chest(vault))
        assert hashes(vault) == journal(shipped.engine)


def test_a_segment_that_is_not_what_it_was_is_never_merged(
    shipped: OpenOffice, vault: Path
) -> None:
    del shipped
    first, second, *_ = (vault / each.name for each in history(chest(vault))["3375"])
    first.write_bytes(second.read_bytes())
    with pytest.raises(BadSegment):
        merge_segments(chest(vault))
    assert second.exists()
