"""An administrator sees that the backup is behind, away, another's or damaged, and what to do."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.backup.commands import app
from app.backup.epoch import IN_VAULT
from app.backup.errors import NoBackup, NoKey, WrongKey
from app.backup.inspection import inspect, stand
from app.backup.keeper import Keeper
from app.backup.restore import history
from app.backup.tables import dump, dumps, thin_out
from app.backup.tie import begin_service
from app.backup.vault import MARKER, Vault
from app.core import settings as configured
from app.core.office import Office
from app.intake.blobs import ObjectBlobs
from tests.app.backup.test_restore import (
    PHOTO,
    another_machine,
    bring_back,
    chest,
    keep_all,
    opened,
    settings,
)
from tests.conftest import NOON
from tests.support.office import OpenOffice

DIGEST = sha256(PHOTO).hexdigest()
FILE = f"files/{DIGEST[:2]}/{DIGEST}"


@pytest.fixture
def kept(office: OpenOffice, vault: Path) -> Office:
    """Two segments, a file, a dump and a memory."""
    here = opened(office, vault)
    for name in "ab":
        office.send("ppl01", office.submission(name), **{"a.png": PHOTO})
        keep_all(here)
    return here


def trouble(office: Office, place: Vault) -> str | None:
    found = stand(office, place)
    assert found.is_behind == (found.trouble is not None)
    return None if found.trouble is None else type(found.trouble).__name__


def test_a_status_looks_into_the_vault_itself(kept: Office, tmp_path: Path, vault: Path) -> None:
    assert trouble(kept, chest(vault)) is None
    away = vault.rename(tmp_path / "unmounted")
    assert trouble(kept, chest(vault)) == "VaultAway"
    vault.mkdir()  # the bare mount point
    assert trouble(kept, chest(vault)) == "VaultAway"
    assert list(vault.iterdir()) == []
    vault.rmdir()
    vault.write_bytes(b"")  # where a directory should be
    assert trouble(kept, chest(vault)) == "OutOfReach"
    vault.unlink()
    away.rename(vault)
    assert trouble(kept, chest(tmp_path / "mistyped")) == "NothingYet"
    other = settings(tmp_path, vault).model_copy(update={"backup_key": None})
    assert trouble(kept, Vault.needed(other)) == "WrongKey"
    for name in dumps(chest(vault)):
        (vault / name).unlink()
    assert stand(kept, chest(vault)).is_behind


def test_a_status_tells_since_when_something_waits(office: OpenOffice, kept: Office) -> None:
    place = Vault.needed(kept.settings)
    office.send("ppl01", office.submission("c"))
    [lane] = stand(kept, place).lanes
    assert (lane.head, lane.backed_up_through) == (3, 2)
    assert lane.since is not None
    Keeper(kept, place).step()
    assert not stand(kept, place).is_behind


def test_a_file_that_came_late_is_told_until_it_is_shipped(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"), **{"a.png": PHOTO})
    here = opened(office, vault)
    (office.settings.data_dir / "blobs" / DIGEST[:2] / DIGEST).unlink()
    keep_all(here)
    assert not stand(here, chest(vault)).is_behind  # nobody has it: there is nothing to ship
    assert inspect(chest(vault)).is_whole
    ObjectBlobs.of(office.settings).put(DIGEST, PHOTO)
    assert stand(here, chest(vault)).files == 1
    keep_all(here)
    assert not stand(here, chest(vault)).is_behind


def test_what_a_restore_would_lack_is_told_before(kept: Office, vault: Path) -> None:
    del kept
    found = inspect(chest(vault))
    assert (found.is_whole, found.entries, found.files) == (True, {"3375": 2}, 1)
    first, last = (vault / each.name for each in history(chest(vault))["3375"])
    newest = vault / dumps(chest(vault))[0]
    for path in (first, last, newest, vault / IN_VAULT, vault / FILE):
        whole = path.read_bytes()
        for damage in (whole[:-1], (vault / MARKER).read_bytes()):
            path.write_bytes(damage)
            told = inspect(chest(vault))
            assert not told.is_whole
            assert any(path.name in each for each in told.damage), path.name
        path.write_bytes(whole)
    last.rename(vault / "aside")
    assert inspect(chest(vault)).cut == {"3375": 1}
    (vault / "aside").rename(last)
    (vault / FILE).unlink()
    assert inspect(chest(vault)).files_missing == 1
    (vault / MARKER).write_bytes(first.read_bytes())
    with pytest.raises(WrongKey):
        inspect(chest(vault))
    with pytest.raises(NoBackup):
        inspect(chest(vault.with_name("mistyped")))


def test_a_damaged_memory_holds_up_neither_service_nor_shipping(
    office: OpenOffice, kept: Office, vault: Path
) -> None:
    (vault / IN_VAULT).write_bytes(b"")
    assert begin_service(kept.engine, kept.settings) is None
    office.send("ppl01", office.submission("c"))
    keep_all(kept)
    assert inspect(chest(vault)).is_whole


def test_a_damaged_segment_holds_up_no_shipping(
    office: OpenOffice, kept: Office, vault: Path
) -> None:
    (vault / history(chest(vault))["3375"][0].name).write_bytes(b"")
    office.send("ppl01", office.submission("c"))
    keep_all(kept)
    assert stand(kept, chest(vault)).lanes[0].backed_up_through == 3


def test_the_newest_dump_is_the_last_one_whatever_the_clock_says(kept: Office, vault: Path) -> None:
    place = chest(vault)
    before = dumps(place)
    (vault / "tables" / "copy of a dump.seg").write_bytes(b"")
    (vault / before[0]).write_bytes(b"")  # it is damaged: another is made
    fresh = dump(kept.engine, place, NOON - timedelta(days=5000))
    assert dumps(place) == [fresh, *before]
    assert dump(kept.engine, place, NOON) is None


def test_commands_say_it_in_indonesian_and_what_to_do(
    office: OpenOffice, kept: Office, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = kept.settings.backup_key
    assert key is not None
    monkeypatch.setenv("SE2026_DATABASE_URL", office.engine.url.render_as_string(False))
    monkeypatch.setenv("SE2026_DATA_DIR", str(office.settings.data_dir))
    monkeypatch.setenv("SE2026_BACKUP_URL", str(vault))
    monkeypatch.setenv("SE2026_BACKUP_KEY", key.get_secret_value())
    assert told("status") == (0, "Lajur 3375: 2 dari 2 catatan sudah dikirim ke cadangan.")
    assert told("verify") == (0, "Lajur 3375: 2 catatan terbaca. Berkas terbaca: 1. Cadangan utuh.")
    (vault / FILE).unlink()
    code, sentence = told("verify")
    assert (code, "1 foto atau berkas" in sentence) == (1, True)
    aside = vault.rename(vault.with_name("aside"))
    code, sentence = told("status")
    assert (code, "Periksa apakah disknya terpasang" in sentence) == (1, True)
    aside.rename(vault)
    monkeypatch.setenv("SE2026_LANGUAGE", "en")
    monkeypatch.setenv("SE2026_BACKUP_KEY", "another key than the one that the office has")
    code, sentence = told("verify")
    assert (code, "must be that of the office" in sentence) == (1, True)


def told(command: str) -> tuple[int, str]:
    configured.settings.cache_clear()
    try:
        done: Result = CliRunner().invoke(app, [command], catch_exceptions=False)
    finally:
        configured.settings.cache_clear()
    return done.exit_code, " ".join(done.output.split())


def test_a_key_that_is_made_now_opens_nothing(
    kept: Office, server: str, tmp_path: Path, vault: Path
) -> None:
    del kept
    bare = settings(tmp_path / "new", vault).model_copy(update={"backup_key": None})
    with pytest.raises(NoKey):
        Vault.to_read(bare)
    assert not (tmp_path / "new").exists()
    with another_machine(server, tmp_path / "new", vault) as new:
        Vault.to_read(new.settings)
        assert bring_back(new).damage == []


def test_of_many_nights_the_last_dump_of_each_day_stays(kept: Office, vault: Path) -> None:
    place, newest = chest(vault), dumps(chest(vault))
    for hours in range(24 * 10):  # ten nights, one dump an hour
        at = NOON + timedelta(hours=hours + 1)
        place.put(f"tables/{at:%Y%m%dT%H%M%S%fZ}.seg", {"kind": "tables"}, b"some rows")
        thin_out(place, 12)
    left = dumps(place)
    days = {name[:15] for name in left}
    assert len(days) == 11
    assert len(left) == len(days - {left[0][:15], left[11][:15]}) + 12
    assert set(newest).isdisjoint(left)
    for name in left:
        (vault / name).unlink()
    assert dump(kept.engine, place, NOON) is not None
