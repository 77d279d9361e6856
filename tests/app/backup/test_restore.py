"""The server burns: what had left it comes back, under a new epoch, and phones bring the rest."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.backup import keeper as keeping
from app.backup.epoch import epoch_file, hold_against_memory
from app.backup.errors import NoBackup, NotEmpty, Unfinished
from app.backup.keeper import Keeper, keep
from app.backup.restore import Restored, entries_of, history, restore
from app.backup.shipping import LONGEST, marks, ship
from app.backup.tables import plain_tables
from app.backup.tie import begin_service, tie
from app.backup.vault import Vault
from app.core.db import make_engine, reading, writing
from app.core.office import Office
from app.core.settings import Settings
from app.intake.blobs import ObjectBlobs
from app.intake.journal import SqlJournal
from app.intake.repository import heads, walk
from app.projections import rebuild_all
from sync.codecs.segment import BadSegment
from tests.app.test_projections import bring_prelist, state
from tests.conftest import NOON, cloned
from tests.support.office import OpenOffice, instance, open_office

PHOTO = b"\x89PNG an invented shop front"
SECRET = "a secret that no database holds, of an invented office"


def nobody(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def settings(folder: Path, vault: Path) -> Settings:
    return Settings(
        data_dir=folder, backup_url=str(vault), backup_key=SECRET, public_url="http://testserver"
    )


def opened(office: OpenOffice, vault: Path) -> Office:
    return Office(settings(office.settings.data_dir, vault), office.engine, lambda: NOON)


@contextmanager
def another_machine(server: str, folder: Path, vault: Path) -> Iterator[Office]:
    """An empty database and an empty data directory."""
    with cloned(server, "template1") as url:
        engine = make_engine(url)
        yield Office(settings(folder, vault), engine, lambda: NOON)
        engine.dispose()


def keep_all(office: Office) -> None:
    keeper = Keeper(office, Vault.needed(office.settings))
    while keeper.step():
        pass


def bring_back(office: Office) -> Restored:
    return restore(office, Vault.needed(office.settings), NOON, nobody)


def serving(office: Office) -> OpenOffice:
    return replace(open_office(office.engine, office.settings.data_dir), settings=office.settings)


def journal(engine: sa.Engine) -> list[str]:
    with reading(engine) as session:
        return [entry.hash for entry in walk(session, "3375")]


def test_everything_comes_back_as_it_was(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    bring_prelist(office)
    for name in "abc":
        assert office.send("ppl01", office.submission(name), **{"a.png": PHOTO}).status_code == 201
    office.send("ppl01", b"rubbish")
    office.settle()
    keep_all(opened(office, vault))
    with another_machine(server, tmp_path / "new", vault) as new:
        done = bring_back(new)
        back = serving(new)
        assert done.epoch == 2
        assert journal(new.engine) == journal(office.engine)
        assert state(back) == state(office)
        assert ObjectBlobs.of(new.settings).get(sha256(PHOTO).hexdigest()) == PHOTO
        assert rows(new.engine) == rows(office.engine)
        answer = back.send("ppl01", back.submission("a"))
        assert answer.status_code == 201
        with reading(new.engine) as session:
            assert heads(session) == heads_of(office)
            assert marks(session)["3375"].position == heads(session)["3375"]
        assert back.bearer("admin")  # accounts and passwords are there
        rebuild_all(new.engine, "3375", lambda *_: None)
        assert state(back) == state(office)


def heads_of(office: OpenOffice) -> dict[str, int]:
    with reading(office.engine) as session:
        return heads(session)


def rows(engine: sa.Engine) -> dict[str, int]:
    """Count the rows of the plain tables, logins aside."""
    with reading(engine) as session:
        return {
            table.name: session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in plain_tables()
        }


def test_numbers_go_on_behind_those_that_came_back(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    office.send("ppl01", b"rubbish")
    keep_all(opened(office, vault))
    with another_machine(server, tmp_path / "new", vault) as new:
        bring_back(new)
        assert serving(new).send("ppl01", b"other rubbish").status_code == 400


def test_an_old_backup_is_completed_by_the_phones(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    first, second, third = (office.submission(name) for name in "abc")
    office.send("ppl01", first)
    keep_all(opened(office, vault))
    office.send("ppl01", second)  # acknowledged, and not yet shipped when the house burns
    with another_machine(server, tmp_path / "new", vault) as new:
        assert bring_back(new).epoch == 2
        back = serving(new)
        for body in (third, second):  # in another order than the first time
            assert back.send("ppl01", body).status_code == 201
        keep_all(new)
        kept = journal(new.engine)
        assert len(kept) == 3
        with another_machine(server, tmp_path / "newer", vault) as newer:
            assert bring_back(newer).epoch == 3
            assert journal(newer.engine) == kept


def test_what_a_lost_epoch_had_beyond_the_restore_does_not_come_back_twice(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    old = tmp_path / "old"
    office.send("ppl01", office.submission("a"))
    keep_all(opened(office, vault))
    keep_all(opened(office, old))
    with writing(office.engine) as session:
        session.execute(sa.text("DELETE FROM backup_mark"))
    office.send("ppl01", office.submission("b"))
    keep_all(opened(office, vault))
    with another_machine(server, tmp_path / "new", old) as new:
        bring_back(new)  # from a copy that lacks b
        serving(new).send("ppl01", office.submission("c"))
        both = Office(settings(tmp_path / "new", vault), new.engine, lambda: NOON)
        keep_all(both)
        kept = journal(new.engine)
        with another_machine(server, tmp_path / "newer", vault) as newer:
            bring_back(newer)
            assert journal(newer.engine) == kept


def test_a_missing_or_altered_segment_is_told_and_nothing_is_half_restored(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    for name in "ab":
        office.send("ppl01", office.submission(name))
        keep_all(opened(office, vault))
    first, second = (vault / each.name for each in history(chest(vault))["3375"])
    body = first.read_bytes()
    for damage in (b"", body[:-1], second.read_bytes()):
        first.write_bytes(damage)
        with another_machine(server, tmp_path / f"new{len(damage)}", vault) as new:
            with pytest.raises(BadSegment):
                bring_back(new)
            assert journal(new.engine) == []
    first.unlink()
    with (
        another_machine(server, tmp_path / "new", vault) as new,
        pytest.raises(BadSegment, match="positions after 0 are missing"),
    ):
        bring_back(new)


def chest(vault: Path) -> Vault:
    return Vault.needed(settings(vault, vault))


def test_a_database_that_holds_something_is_not_restored_over(
    office: OpenOffice, vault: Path
) -> None:
    here = opened(office, vault)
    with pytest.raises(NoBackup):
        bring_back(here)
    keep_all(here)
    with pytest.raises(NotEmpty):
        bring_back(here)


def test_a_file_that_comes_late_is_shipped_late(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"), **{"a.png": PHOTO})
    here = opened(office, vault)
    digest = sha256(PHOTO).hexdigest()
    path = office.settings.data_dir / "blobs" / digest[:2] / digest
    path.unlink()
    keep_all(here)
    assert not chest(vault).has(f"files/{digest[:2]}/{digest}")
    ObjectBlobs.of(office.settings).put(digest, PHOTO)
    keep_all(here)
    assert chest(vault).has(f"files/{digest[:2]}/{digest}")


def test_receipts_tell_how_far_the_backup_reaches(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"))
    keep_all(opened(office, vault))
    with reading(office.engine) as session:
        assert SqlJournal(session).backed_up_through("3375") == 1
        assert SqlJournal(session).backed_up_through("9999") == 0


def test_tables_are_dumped_only_when_they_changed(office: OpenOffice, vault: Path) -> None:
    here = opened(office, vault)
    keep_all(here)
    keep_all(here)
    assert len(chest(vault).names("tables/")) == 1


def test_a_long_lane_goes_in_several_segments(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"))
    engine, here = office.engine, opened(office, vault)
    tie(engine, chest(vault))
    assert ship(engine, chest(vault), ObjectBlobs.of(here.settings), NOON) == 1 <= LONGEST
    assert ship(engine, chest(vault), ObjectBlobs.of(here.settings), NOON) == 0


@pytest.mark.parametrize("by_vault", [True, False])
def test_a_database_that_forgot_something_starts_under_a_new_epoch(
    office: OpenOffice, server: str, vault: Path, *, by_vault: bool
) -> None:
    office.send("ppl01", office.submission("a"))
    here = opened(office, vault)
    keep_all(here)
    assert hold_against_memory(here.engine, here.settings, chest(vault)) is None
    name = str(here.engine.url.database)
    with cloned(server, name.rpartition("_")[0]) as url:  # as it stood before the submission
        older = make_engine(url)
        if by_vault:
            epoch_file(here.settings).unlink()
        found = chest(vault) if by_vault else None
        assert hold_against_memory(older, here.settings, found) == 2
        with reading(older) as session:
            assert SqlJournal(session).epoch == 2
        older.dispose()


def test_an_office_whose_vault_is_away_serves_all_the_same(
    office: OpenOffice, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no directory")
    away = settings(tmp_path, tmp_path / "file" / "vault")
    assert begin_service(office.engine, away) is None
    assert begin_service(office.engine, settings(tmp_path, tmp_path / "file")) is None
    assert begin_service(office.engine, Settings(data_dir=tmp_path)) is None


def test_names_of_people_are_not_to_be_read_in_the_vault(office: OpenOffice, vault: Path) -> None:
    office.send("ppl01", office.submission("a"), **{"a.png": PHOTO})
    keep_all(opened(office, vault))
    files = [path.read_bytes() for path in vault.rglob("*") if path.is_file()]
    assert len(files) >= 4
    told = [instance("a").encode(), b"Contoh ppl01", PHOTO, b"owner_name"]
    assert not any(text in body for body in files for text in told)


def test_shipping_begins_when_a_vault_that_was_out_of_reach_is_back(
    office: OpenOffice, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PAUSE_SECONDS", 0.01)
    office.send("ppl01", office.submission("a"))
    vault.write_bytes(b"")  # where a directory should be
    stop = threading.Event()
    keeper = threading.Thread(target=keep, args=(opened(office, vault), stop))
    keeper.start()
    try:
        time.sleep(0.1)
        assert keeper.is_alive()
        vault.unlink()
        deadline = time.monotonic() + 60
        while shipped(office) == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        stop.set()
        keeper.join()
    assert shipped(office) == 1


def shipped(office: OpenOffice) -> int:
    with reading(office.engine) as session:
        told = marks(session)
        return told["3375"].position if "3375" in told else 0


@pytest.mark.slow
def test_what_is_damaged_for_good_costs_no_more_than_it_must(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path
) -> None:
    keeper = Keeper(opened(office, vault), chest(vault))
    for name in "abcd":
        office.send("ppl01", office.submission(name), **{"a.png": PHOTO + name.encode()})
        keeper.step()
    [photo, *_] = sorted(vault.glob("files/*/*"))
    photo.write_bytes(photo.read_bytes()[:-1])
    (vault / "tables/20991231T000000000000Z.seg").write_bytes(b"damaged")
    _, second, _, last = (vault / each.name for each in history(chest(vault))["3375"])
    last.unlink()
    with another_machine(server, tmp_path / "new", vault) as new:
        done = bring_back(new)
        assert (done.entries, done.cut, done.files, done.files_missing) == (
            {"3375": 3},
            {"3375": 1},
            3,
            1 if photo.name in named(new.engine) else 0,
        )
        assert len(done.damage) == 2
    second.write_bytes(b"")
    (vault / "epoch.seg").write_bytes(b"")
    with another_machine(server, tmp_path / "newer", vault) as new:
        with pytest.raises(BadSegment):
            bring_back(new)
        done = restore(new, Vault.needed(new.settings), NOON, nobody, up_to_damage=True)
        assert done.entries == {"3375": 1}
        assert done.epoch > 100  # the last one is told nowhere: far enough from all
        back = serving(new)
        for name in "bcd":
            back.send("ppl01", back.submission(name))
        keep_all(new)
        found = chest(vault)
        shipped = [each.hash for some in entries_of(found, history(found)["3375"]) for each in some]
        assert shipped == journal(new.engine)  # what lay behind the damage no longer counts
        assert len(shipped) == 4


def named(engine: sa.Engine) -> set[str]:
    with reading(engine) as session:
        return {each.sha256 for entry in walk(session, "3375") for each in entry.attachments}


@pytest.mark.slow
def test_a_restore_that_is_broken_off_serves_nobody_and_is_repeated(
    office: OpenOffice, server: str, tmp_path: Path, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.send("ppl01", office.submission("a"), **{"a.png": PHOTO})
    keep_all(opened(office, vault))

    def dies(*_: object) -> None:
        with pytest.raises(NoBackup):  # a second one at the same time stays out
            bring_back(new)
        raise SystemExit

    with another_machine(server, tmp_path / "new", vault) as new:
        away = new.settings.model_copy(update={"backup_url": None})
        for where in ("_load_files", "adopt"):
            with monkeypatch.context() as patch:
                patch.setattr(f"app.backup.restore.{where}", dies)
                with pytest.raises(SystemExit):
                    bring_back(new)
            for each in (new.settings, away):
                with pytest.raises(Unfinished):
                    begin_service(new.engine, each)
        assert bring_back(new).entries == {"3375": 1}
        assert journal(new.engine) == journal(office.engine)
        assert begin_service(new.engine, new.settings) is None
        with pytest.raises(NotEmpty):
            bring_back(new)
