"""The commands about the prelist."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.core.db import writing
from app.core.office import open_office
from app.core.settings import settings
from app.core.terminal import FAILED, OUT, print_json, telling_problems
from app.registry.prelist import PrelistReport, import_prelist

app = typer.Typer(help="The units known beforehand.", no_args_is_help=True)
_SHOWN = 20  # faults; all of them with --json


@app.callback()
def prelist() -> None:
    """Work on the units known beforehand."""


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV in UTF-8, one unit a line.")
    ],
    lane: Annotated[
        str | None, typer.Option(help="Regency, four digits; default: the office's own.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import a prelist; its first line names the columns, in any order.

    They are unit_id or idsbr, idsubsls, business_name and, where known, owner_name, address, kbli,
    phone, nib. All of the file is taken in or, where a line is wrong, nothing; then the exit code
    is 1. The same file again changes nothing, a corrected one adds what has changed.

    Example: se2026 prelist import prelist.csv
    """
    with telling_problems():
        language = settings().language
    with telling_problems(language), open_office() as office, writing(office.engine) as session:
        report = import_prelist(
            session,
            file.read_bytes(),
            lane=lane or office.settings.regency,
            actor="command line",
            now=office.clock(),
        )
    if as_json:
        print_json(asdict(report) | {"imported": report.imported})
    else:
        show(report, language)
    if not report.imported:
        raise typer.Exit(FAILED)


def show(report: PrelistReport, language: str) -> None:
    """Print what an import found and did."""
    for fault in report.faults[:_SHOWN]:
        where = f"line {fault.line}" + (f", {fault.column}" if fault.column else "")
        OUT.print(f"{where}: {fault.told(language)}", markup=False, highlight=False)
    if len(report.faults) > _SHOWN:
        OUT.print(f"… and {len(report.faults) - _SHOWN} more: use --json to see all.")
    if report.ignored_columns:
        OUT.print(f"Columns not used: {', '.join(report.ignored_columns)}", markup=False)
    if report.imported:
        OUT.print(
            f"{report.rows} rows: {report.new} new, {report.changed} changed, "
            f"{report.unchanged} unchanged."
        )
    else:
        OUT.print(f"Nothing was imported: {len(report.faults)} faults in {report.rows} rows.")
