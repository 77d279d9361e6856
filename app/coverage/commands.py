"""The command that shows coverage."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from app.auth.models import Role
from app.auth.scope import NATION
from app.core.db import reading
from app.core.office import open_office
from app.core.settings import settings
from app.core.terminal import print_json, telling_problems
from app.coverage.rules import Level
from app.coverage.schemas import CoverageRow
from app.coverage.service import coverage_of

_COLUMNS = {
    "prelist": "prelist",
    "new": "new",
    "target": "target",
    "visited": "visited",
    "found": "found",
    "not_found": "not\nfound",
    "closed": "closed",
    "duplicate": "dupli-\ncate",
    "non_response": "non-re-\nsponse",
    "submitted": "sub-\nmitted",
    "approved": "appro-\nved",
    "rejected": "rejec-\nted",
    "with_errors": "with\nerrors",
    "leaves_done": "areas\ndone",
}


def show(
    under: Annotated[
        str | None, typer.Option(help="Area code of 4 to 16 digits; default: the regency.")
    ] = None,
    level: Annotated[Level, typer.Option(help="One line for each area of this level.")] = (
        Level.KELURAHAN
    ),
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what is covered: targets, presence, documents, approved, finished areas.

    Example: se2026 coverage --under 3375010 --level sls
    """
    with (
        telling_problems(settings().language),
        open_office() as office,
        reading(office.engine) as session,
    ):
        found = coverage_of(
            session,
            NATION,
            Role.NATIONAL_ADMIN,
            under=under or office.settings.regency,
            level=level,
        )
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        title = f"{found.total.name} ({found.total.area_code})"
        print_rows(Console(), title, found.rows, found.total)


def print_rows(
    console: Console, title: str, rows: Sequence[CoverageRow], total: CoverageRow
) -> None:
    """Print a line for each area with the total at the foot; no number is ever cut.

    Where the counts need more room than the console has, they follow in further tables.
    """
    console.print(title, style="bold", markup=False, highlight=False)
    for table in _tables(console, rows, total):
        console.print(table)


def _tables(console: Console, rows: Sequence[CoverageRow], total: CoverageRow) -> Iterator[Table]:
    left = list(_COLUMNS)
    while left:
        fitting = 1
        while fitting < len(left) and _fits(console, _table(rows, total, left[: fitting + 1])):
            fitting += 1
        yield _table(rows, total, left[:fitting])
        left = left[fitting:]


def _fits(console: Console, table: Table) -> bool:
    return Measurement.get(console, console.options.update(width=1000), table).minimum <= (
        console.width
    )


def _table(rows: Sequence[CoverageRow], total: CoverageRow, columns: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_footer=True, show_edge=False, padding=0)
    table.add_column("area", footer="total", no_wrap=True)
    table.add_column("name", overflow="fold")  # the only one that wraps
    for column in columns:
        table.add_column(_COLUMNS[column], _cell(total, column), justify="right", no_wrap=True)
    for row in rows:
        name = "(no known area)" if row.without_area else row.name
        table.add_row(row.area_code, name, *(_cell(row, column) for column in columns))
    return table


def _cell(row: CoverageRow, column: str) -> str:
    count = str(getattr(row, column))
    return f"{count}/{row.leaves}" if column == "leaves_done" else count
