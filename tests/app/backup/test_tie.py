"""Nothing is shipped to a disk that is not mounted, or over the backup of another database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.backup.epoch import epoch_file, raise_epoch, remember
from app.backup.errors import AnotherOffice, Forgetful, TakenOver, VaultAway
from app.backup.keeper import Keeper
from app.backup.shipping import marks
from app.backup.tables import newest_dump
from app.backup.tie import begin_anew, begin_service, tie
from app.backup.vault import MARKER, Vault
from app.core.db import make_engine, reading, writing
from app.core.migrate import migrate
from app.core.office import Office
from sync.codecs.segment import BadSegment
from tests.app.backup.test_restore import (
    SECRET,
    another_machine,
    bring_back,
    chest,
    keep_all,
    opened,
    settings,
)
from tests.conftest import cloned
from tests.support.office import OpenOffice


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_disk_that_is_not_mounted_is_no_empty_vault(office: OpenOffice, vault: Path) -> None:
    here = opened(office, vault)
    office.send("ppl01", office.submission("a"))
    keep_all(here)
    away = vault.rename(vault.with_name("unmounted"))
    office.send("ppl01", office.submission("b"))
    with pytest.raises(VaultAway):
        keep_all(here)
    assert not vault.exists()
    vault.mkdir()  # the bare mount point
    with pytest.raises(VaultAway):
        keep_all(here)
    assert contents(vault) == {}
    assert begin_service(here.engine, here.settings) is None  # it serves all the same
    assert shipped(here) == 1
    vault.rmdir()
    away.rename(vault)
    keep_all(here)
    assert shipped(here) == 2


def test_a_disk_that_goes_while_something_is_written_confirms_nothing(
    office: OpenOffice, vault: Path
) -> None:
    here = opened(office, vault)
    keep_all(here)
    found = chest(vault)
    (vault / MARKER).unlink()
    with pytest.raises(VaultAway):
        found.put("files/aa/aa", {"kind": "file"}, b"photo")


def test_a_fresh_database_never_writes_over_a_backup(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    office.send("ppl01", office.submission("a"))
    keep_all(opened(office, vault))
    before = contents(vault)
    with another_machine(server, tmp_path / "new", vault) as new:
        migrate(new.engine)
        with pytest.raises(AnotherOffice):
            keep_all(new)
        with pytest.raises(AnotherOffice):
            begin_service(new.engine, new.settings)
        assert contents(vault) == before
        bring_back(new)  # the advice that it gives can be followed
        assert begin_service(new.engine, new.settings) is None
        keep_all(new)
        with pytest.raises(TakenOver):  # what burnt was not gone: it ships no more
            keep_all(opened(office, vault))
        here = opened(office, vault)
        with pytest.raises(TakenOver):  # nor does it take the vault back by starting again
            begin_service(here.engine, here.settings)
        keep_all(new)
        epoch_file(here.settings).unlink()  # unless somebody says that it shall go on
        assert begin_service(here.engine, here.settings) == 3


def test_an_orphaned_worker_makes_no_office_of_its_own(tmp_path: Path, vault: Path) -> None:
    told = {
        **os.environ,
        "SE2026_DATA_DIR": str(tmp_path / "gone"),
        "SE2026_BACKUP_URL": str(vault),
        "SE2026_BACKUP_KEY": SECRET,
    }
    command = [sys.executable, "-m", "app.cli", "worker", "--parent", str(os.getpid() + 1)]
    done = subprocess.run(command, env=told, check=False)
    assert done.returncode == 0
    assert not (tmp_path / "gone").exists()
    assert not vault.exists()


def test_a_vault_from_before_vaults_were_marked_is_known_by_what_it_holds(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    office.send("ppl01", office.submission("a"))
    here = opened(office, vault)
    keep_all(here)
    unmark(here, vault)
    with another_machine(server, tmp_path / "new", vault) as new:
        migrate(new.engine)
        with pytest.raises(AnotherOffice):
            keep_all(new)
    keep_all(here)
    assert (vault / MARKER).exists()
    unmark(here, vault)
    with another_machine(server, tmp_path / "newer", vault) as new:
        bring_back(new)
        keep_all(new)
        assert (vault / MARKER).exists()


def test_another_place_gets_everything_from_the_beginning(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    office.send("ppl01", office.submission("a"))
    keep_all(opened(office, vault))
    office.send("ppl01", office.submission("b"))
    keep_all(opened(office, tmp_path / "other"))
    with another_machine(server, tmp_path / "new", tmp_path / "other") as new:
        assert bring_back(new).entries == {"3375": 2}


def test_a_lost_backup_is_begun_anew_on_demand(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"))
    here = opened(office, vault)
    keep_all(here)
    with pytest.raises(AnotherOffice):  # there is something: that is not overwritten
        begin_anew(here.engine, chest(vault))
    for path in sorted(vault.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    begin_anew(here.engine, chest(vault))
    keep_all(here)
    assert chest(vault).names("journal/")
    assert newest_dump(chest(vault)) is not None


def test_a_database_that_forgot_something_ships_only_under_a_new_epoch(
    office: OpenOffice, server: str, vault: Path
) -> None:
    office.send("ppl01", office.submission("a"))
    here = opened(office, vault)
    keep_all(here)
    name = str(here.engine.url.database)
    with cloned(server, name.rpartition("_")[0]) as url:  # as it stood before the submission
        older = Office(here.settings, make_engine(url), here.clock)
        with pytest.raises(Forgetful):
            Keeper(older, chest(vault)).step()
        raise_epoch(older.engine, 2)
        keep_all(older)
        older.engine.dispose()


def test_the_epoch_in_a_vault_is_never_behind_the_database(office: OpenOffice, vault: Path) -> None:
    here = opened(office, vault)
    keep_all(here)
    raise_epoch(here.engine, 5)
    remember(here.engine, here.settings, chest(vault))
    tie(here.engine, chest(vault))


def unmark(office: Office, vault: Path) -> None:
    (vault / MARKER).unlink()
    with writing(office.engine) as session:
        session.execute(sa.text("UPDATE deployment SET vault = NULL"))


def shipped(office: Office) -> int:
    with reading(office.engine) as session:
        return marks(session)["3375"].position


def test_a_key_that_is_another_is_told(office: OpenOffice, tmp_path: Path, vault: Path) -> None:
    keep_all(opened(office, vault))
    other = settings(tmp_path, vault).model_copy(update={"backup_key": None})
    with pytest.raises(BadSegment):
        tie(office.engine, Vault.needed(other))
