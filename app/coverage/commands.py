"""The command that shows coverage."""

import json as jsonlib
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.auth.models import Role
from app.auth.scope import NATION
from app.core.db import reading
from app.core.office import open_office
from app.coverage.rules import Level
from app.coverage.schemas import Coverage, CoverageRow
from app.coverage.service import coverage_of

_COLUMNS = (
    "prelist", "new", "target", "visited", "found", "not_found", "closed", "duplicate",
    "non_response", "submitted", "approved", "rejected", "with_errors", "leaves_done", "leaves",
)  # fmt: skip


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
    with open_office() as office, reading(office.engine) as session:
        found = coverage_of(
            session,
            NATION,
            Role.NATIONAL_ADMIN,
            under=under or office.settings.regency,
            level=level,
        )
    if json:
        typer.echo(jsonlib.dumps(found.model_dump(mode="json"), ensure_ascii=False))
    else:
        Console().print(table_of_rows(found))


def table_of_rows(found: Coverage) -> Table:
    """Give the lines as a table with the total at its foot."""
    table = Table(title=f"{found.total.name} ({found.total.area_code})", show_footer=True)
    table.add_column("area", footer="total", no_wrap=True)
    table.add_column("name")
    for name in _COLUMNS:
        table.add_column(
            name.replace("_", " "), footer=str(getattr(found.total, name)), justify="right"
        )
    for row in found.rows:
        table.add_row(*_cells(row))
    return table


def _cells(row: CoverageRow) -> Sequence[str]:
    name = "(no known area)" if row.without_area else row.name
    return [row.area_code, name, *(str(getattr(row, column)) for column in _COLUMNS)]
