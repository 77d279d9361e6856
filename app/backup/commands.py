"""`se2026 backup` and `se2026 restore`."""

from typing import Annotated, Any

import typer
from rich.progress import Progress

from app.backup.keeper import Keeper
from app.backup.restore import NotEmpty, entries_of, history, restore
from app.backup.shipping import marks
from app.backup.tables import newest_dump
from app.backup.tie import begin_anew
from app.backup.vault import NoBackup, Vault
from app.core.clock import utc_now
from app.core.db import database_url, make_engine, reading
from app.core.office import Office, open_office
from app.core.settings import settings as configured
from app.core.terminal import ERR, FAILED, OUT, Bars, print_json, telling_problems
from app.intake.repository import heads
from sync.codecs.segment import BadSegment

app = typer.Typer(help="Backups: how far they reach, make one, verify them.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Tell, for each lane, what the journal holds and what the backup holds.

    Exit code 1 where something has not left this machine. Example: se2026 backup status
    """
    with telling_problems("en", NoBackup, BadSegment), open_office() as office:
        vault = Vault.needed(office.settings)
        with reading(office.engine) as session:
            shipped = marks(session)
            told = {
                "lanes": [
                    {
                        "lane": lane,
                        "head": head,
                        "backed_up_through": shipped[lane].position if lane in shipped else 0,
                        "shipped_at": shipped[lane].shipped_at if lane in shipped else None,
                    }
                    for lane, head in heads(session).items()
                ],
                "newest_tables": newest_dump(vault),
            }
    _tell_status(told, as_json=as_json)


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
    with telling_problems("en", NoBackup, BadSegment), open_office() as office:
        vault = Vault.needed(office.settings)
        if anew:
            begin_anew(office.engine, vault)
        keeper, total = Keeper(office, vault), 0
        while count := keeper.step():
            total += count
    if as_json:
        print_json({"shipped": total})
    else:
        OUT.print(f"Shipped: {total}. Everything that is in the journal is in the backup.")


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Open every segment and walk the chain of every lane; exit code 1 where one fails.

    Example: se2026 backup verify
    """
    with telling_problems("en", NoBackup, BadSegment):
        office_settings = configured()
        vault = Vault.needed(office_settings)
        told = {lane: _walk(vault, lane) for lane in history(vault)}
        if newest_dump(vault) is None:
            raise NoBackup("There is no dump of the tables yet. Please run se2026 backup run.")
    if as_json:
        print_json(told)
    else:
        for lane, count in told.items():
            OUT.print(f"[green]Lane {lane}: {count} entries, the chain holds.[/green]")


def restore_all(*, as_json: AsJson = False) -> None:
    """Bring everything back from SE2026_BACKUP_URL into an empty database, under a new epoch.

    Phones notice the new epoch and bring again what the backup had not yet.

    Example: SE2026_DATA_DIR=/srv/new SE2026_BACKUP_KEY=… se2026 restore
    """
    with telling_problems("en", NoBackup, NotEmpty, BadSegment):
        chosen = configured()
        vault = Vault.needed(chosen)
        engine = make_engine(database_url(chosen))
        with Progress(console=ERR, transient=True) as progress:
            done = restore(Office(chosen, engine, utc_now), vault, utc_now(), Bars(progress).tell)
        engine.dispose()
    if as_json:
        print_json({"epoch": done.epoch, "entries": done.entries, "files": done.files})
    else:
        told = ", ".join(f"{lane}: {count}" for lane, count in done.entries.items())
        OUT.print(f"Restored under epoch {done.epoch}. Entries: {told}; files: {done.files}.")


def _walk(vault: Vault, lane: str) -> int:
    return sum(len(entries) for entries in entries_of(vault, history(vault)[lane]))


def _tell_status(told: dict[str, Any], *, as_json: bool) -> None:
    behind = [each for each in told["lanes"] if each["head"] > each["backed_up_through"]]
    if as_json:
        print_json(told)
    else:
        for each in told["lanes"]:
            colour = "red" if each in behind else "green"
            OUT.print(
                f"[{colour}]Lane {each['lane']}: {each['backed_up_through']} of {each['head']} "
                f"entries have left this machine.[/{colour}]"
            )
    if behind:
        raise typer.Exit(FAILED)
