"""`se2026 backup` and `se2026 restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from app.backup.errors import NoBackup
from app.backup.inspection import Reach, Standing, Verified, inspect, reaching, stand
from app.backup.keeper import Keeper
from app.backup.restore import Restored, restore
from app.backup.tie import begin_anew
from app.backup.vault import Vault
from app.core.clock import utc_now
from app.core.db import database_url, make_engine
from app.core.office import Office, open_office
from app.core.settings import settings as configured
from app.core.terminal import ERR, FAILED, OUT, Bars, print_json, telling_problems
from sync.codecs.segment import BadSegment

app = typer.Typer(help="Backups: how far they reach, make one, verify them.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Tell how the backup stands, by the database and by the place where it lies.

    Exit code 1 where something has not left this machine, or where the place is away, another's or
    sealed under another key. Example: se2026 backup status
    """
    with _telling(), open_office() as office:
        found = stand(office, Vault.needed(office.settings))
        now = office.clock()
    if as_json:
        trouble = found.trouble.told(_language()) if found.trouble is not None else None
        print_json({**asdict(found), "trouble": trouble})
    else:
        _tell_standing(found, now)
    if found.is_behind:
        raise typer.Exit(FAILED)


@app.command()
def run(
    *,
    anew: Annotated[
        bool, typer.Option("--anew", help="The old backup is lost: begin one in an empty place.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ship everything now; `se2026 serve` does so by itself, every few seconds.

    Example: se2026 backup run
    """
    with _telling(), open_office() as office, reaching():
        vault = Vault.needed(office.settings)
        if anew:
            begin_anew(office.engine, vault)
        keeper, total = Keeper(office, vault), 0
        while count := keeper.step():
            total += count
    if as_json:
        print_json({"shipped": total})
    else:
        _say(
            f"Terkirim: {total}. Semua yang ada di jurnal ada di cadangan.",
            f"Shipped: {total}. Everything that is in the journal is in the backup.",
        )


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Open all that the backup holds and walk the chain of every lane.

    Exit code 1 where a restore would not bring back everything. Example: se2026 backup verify
    """
    with _telling(), reaching():
        found = inspect(Vault.to_read(configured()))
    if as_json:
        print_json({"whole": found.is_whole, **asdict(found)})
    else:
        _tell_verified(found)
    if not found.is_whole:
        raise typer.Exit(FAILED)


def restore_all(
    *,
    up_to_damage: Annotated[
        bool,
        typer.Option(
            "--up-to-damage",
            help="A part of the journal is lost for good: bring back what lies before it.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring everything back from SE2026_BACKUP_URL into an empty database, under a new epoch.

    Phones notice the new epoch and bring again what the backup had not yet. A restore that was
    broken off is simply repeated.

    Example: SE2026_DATA_DIR=/srv/new SE2026_BACKUP_KEY=… se2026 restore
    """
    with _telling():
        chosen = configured()
        vault = Vault.to_read(chosen)
        with reaching():
            engine = make_engine(database_url(chosen))
            with Progress(console=ERR, transient=True) as progress:
                office, told = Office(chosen, engine, utc_now), Bars(progress).tell
                done = restore(office, vault, utc_now(), told, up_to_damage=up_to_damage)
            engine.dispose()
    if as_json:
        print_json(asdict(done))
    else:
        _tell_restored(done)


@contextmanager
def _telling() -> Iterator[None]:
    """Tell what is wrong in the office's language, with what to do; exit code 1."""
    with telling_problems():
        language = _language()
    with telling_problems(language):
        try:
            yield
        except NoBackup:
            raise
        except BadSegment as error:
            raise NoBackup(
                f"Cadangan rusak: {error}. se2026 backup verify menyebut semua yang rusak. Untuk "
                "memulihkan, coba dahulu salinan lain. Jika tidak ada: se2026 restore "
                "--up-to-damage memulihkan yang ada sebelum kerusakan itu, dan ponsel membawa yang "
                "masih disimpannya.",
                f"The backup is damaged: {error}. se2026 backup verify names all that is damaged. "
                "To restore, try another copy first. Where there is none: se2026 restore "
                "--up-to-damage brings back what lies before the damage, and phones bring what "
                "they still keep.",
            ) from error


def _language() -> str:
    return configured().language


def _say(told_id: str, told_en: str, colour: str = "") -> None:
    told = escape(told_en if _language() == "en" else told_id)
    OUT.print(f"[{colour}]{told}[/{colour}]" if colour else told)


def _tell_standing(found: Standing, now: datetime) -> None:
    for each in found.lanes:
        _tell_reach(each, now, "red" if each.since or found.trouble else "green")
    if found.files:
        _say(
            f"{found.files} foto atau berkas belum ada di cadangan.",
            f"{found.files} photos or files are not in the backup yet.",
            "red",
        )
    if found.trouble is not None:
        _say(found.trouble.message_id, found.trouble.message_en, "red")
    elif found.newest_tables is None:
        _say(
            "Tabel (akun, wilayah, kuesioner) belum ada di cadangan: se2026 backup run.",
            "The tables (accounts, areas, questionnaires) are not in the backup: se2026 backup run",
            "red",
        )
    if configured().backup_key is None:
        _say(
            "Kuncinya hanya ada di backup.key di SE2026_DATA_DIR: simpan salinannya di tempat "
            "lain. Tanpa kunci itu cadangan tidak dapat dibuka.",
            "The key lies in backup.key in SE2026_DATA_DIR: keep a copy elsewhere. Without it "
            "nobody opens the backup.",
            "yellow",
        )


def _tell_reach(each: Reach, now: datetime, colour: str) -> None:
    late_id = late_en = ""
    if each.since is not None:
        minutes = max(int((now - each.since).total_seconds() // 60), 0)
        late_id = f" Tertinggal {minutes // 60} jam {minutes % 60} menit."
        late_en = f" Behind by {minutes // 60} h {minutes % 60} min."
    _say(
        f"Lajur {each.lane}: {each.backed_up_through} dari {each.head} catatan sudah dikirim "
        f"ke cadangan.{late_id}",
        f"Lane {each.lane}: {each.backed_up_through} of {each.head} entries have left this "
        f"machine.{late_en}",
        colour,
    )


def _tell_verified(found: Verified) -> None:
    for lane, count in found.entries.items():
        _say(f"Lajur {lane}: {count} catatan terbaca.", f"Lane {lane}: {count} entries are whole.")
    _say(f"Berkas terbaca: {found.files}.", f"Files that are whole: {found.files}.")
    _tell_losses(found.cut, found.files_missing, found.damage)
    if found.is_whole:
        _say("Cadangan utuh.", "The backup is whole.", "green")
    else:
        _say(
            "Cadangan ini tidak lengkap. Selama kantornya masih ada: perbaiki disknya, lalu mulai "
            "cadangan baru di tempat kosong (SE2026_BACKUP_URL yang lain).",
            "This backup is not whole. While the office still stands: see to the disk, and begin "
            "a new backup in an empty place (another SE2026_BACKUP_URL).",
            "red",
        )


def _tell_restored(done: Restored) -> None:
    lanes = ", ".join(f"{lane}: {count}" for lane, count in done.entries.items()) or "0"
    _say(
        f"Dipulihkan dengan masa {done.epoch}. Catatan: {lanes}; berkas: {done.files}.",
        f"Restored under epoch {done.epoch}. Entries: {lanes}; files: {done.files}.",
        "green",
    )
    _tell_losses(done.cut, done.files_missing, done.damage)


def _tell_losses(cut: dict[str, int], files_missing: int, damage: list[str]) -> None:
    for each in damage:
        _say(f"Rusak: {each}", f"Damaged: {each}", "red")
    for lane, count in cut.items():
        _say(
            f"Lajur {lane}: {count} catatan terakhir, yang sudah dinyatakan aman, tidak ada di "
            "cadangan ini. Cari salinan yang lebih baru; ponsel hanya membawa yang masih ada "
            "padanya.",
            f"Lane {lane}: the last {count} entries, which phones were told to be safe, are not in "
            "this backup. Look for a newer copy; phones bring only what they still keep.",
            "red",
        )
    if files_missing:
        _say(
            f"{files_missing} foto atau berkas yang disebut catatan tidak ada.",
            f"{files_missing} photos or files that entries name are not there.",
            "red",
        )
