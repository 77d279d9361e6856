"""`se2026 journal`: verify the chain, rebuild the projections."""

from typing import Annotated

import sqlalchemy as sa
import typer
from rich.progress import Progress

from app.core.db import reading
from app.core.office import open_office
from app.core.terminal import ERR, FAILED, OUT, print_json, telling_problems
from app.intake.projector import skipped
from app.intake.repository import heads
from app.intake.verify import Walked, verify
from app.projections import PROJECTORS, rebuild_all

app = typer.Typer(help="The journal: verify it, rebuild from it.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("verify")
def verify_journal(*, as_json: AsJson = False) -> None:
    """Hold every entry against its hash and its predecessor; exit code 1 where one fails.

    Example: se2026 journal verify
    """
    with telling_problems(), open_office() as office, reading(office.engine) as session:
        told = []
        for lane, head in heads(session).items():
            walked = Walked()
            found = verify(session, lane, walked)
            told.append(
                {
                    "lane": lane,
                    "entries": walked.entries,
                    "head": head,
                    "breaks": [{"position": each.position, "what": each.what} for each in found],
                }
            )
    if as_json:
        print_json(told)
    for lane_told in told if not as_json else ():
        OUT.print(_sentence(lane_told))
    if any(lane_told["breaks"] for lane_told in told):
        raise typer.Exit(FAILED)


@app.command()
def rebuild(*, as_json: AsJson = False) -> None:
    """Empty every projection and replay the journal; readers see the old state until then.

    Example: se2026 journal rebuild
    """
    told: dict[str, dict[str, int]] = {}
    with telling_problems(), open_office() as office:
        with reading(office.engine) as session:
            lanes = list(heads(session))
        told = {lane: _rebuild(office.engine, lane) for lane in lanes}
    if as_json:
        print_json(told)
    else:
        for lane, taken in told.items():
            OUT.print(f"{lane}: " + ", ".join(f"{name} {count}" for name, count in taken.items()))


@app.command("skipped")
def list_skipped(*, as_json: AsJson = False) -> None:
    """List the entries that a projection could not take in; exit code 1 where there are any.

    They stay in the journal. A rebuild with a newer version of this program tries them again.

    Example: se2026 journal skipped
    """
    with telling_problems(), open_office() as office, reading(office.engine) as session:
        told = [each.model_dump() for each in skipped(session)]
    if as_json:
        print_json(told)
    else:
        for each in told:
            OUT.print(
                f"[red]{each['lane']}/{each['position']} is missing from "
                f"{each['projector']}: {each['error']}[/red]"
            )
        OUT.print(f"{len(told)} entries skipped.")
    if told:
        raise typer.Exit(FAILED)


def _rebuild(engine: sa.Engine, lane: str) -> dict[str, int]:
    taken: dict[str, int] = {}
    with Progress(console=ERR, transient=True) as progress:
        task = progress.add_task(f"Rebuilding {lane}", total=len(PROJECTORS) + 1)

        def tell(name: str, count: int) -> None:
            taken[name] = count
            progress.advance(task)

        rebuild_all(engine, lane, tell)
    return taken


def _sentence(told: dict[str, object]) -> str:
    breaks = told["breaks"]
    if breaks:
        return f"[red]Lane {told['lane']}: {told['entries']} entries, broken: {breaks}[/red]"
    return f"[green]Lane {told['lane']}: {told['entries']} entries, the chain holds.[/green]"
