"""What the demo tells at its end: one object for scripts, tables for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from app.auth.models import Role
from app.auth.scope import Scope
from app.core.office import Office
from app.coverage.commands import print_rows
from app.coverage.rules import Level
from app.coverage.schemas import CoverageRow, summed
from app.coverage.service import coverage_of
from app.dedup.service import open_questions
from app.demo.opening import password_of, token_of
from app.demo.staff import Person
from app.export.models import Release
from app.intake.repository import receipt_counts
from app.review import repository as review

_SHOWN_ACCOUNTS = ("admin", "analis", "pemkot", "koseka01", "pml01", "ppl01")


def summary(
    office: Office, session: Session, staff: Sequence[Person], release: Release, address: str
) -> dict[str, Any]:
    """Give the counts, the coverage of every kelurahan, the release and the accounts.

    `address` is where phones will reach the service.
    """
    lane = office.settings.regency
    scope = Scope.of([lane])
    found = coverage_of(session, scope, Role.REGENCY_ADMIN, under=lane, level=Level.KELURAHAN)
    collector = next(each for each in staff if each.role is Role.ENUMERATOR)
    return {
        "documents": sum(review.document_counts(session, scope, lane).values()),
        "documents_by_status": review.document_counts(session, scope, lane),
        "receipts": receipt_counts(session, lane),
        "findings": review.finding_counts(session, scope, lane),
        "duplicate_candidates": open_questions(session, scope, lane),
        "coverage": [row.model_dump(mode="json") for row in found.rows],
        "release": {
            "path": str(office.settings.data_dir / release.path),
            "digest": release.digest,
            "rows": release.row_counts,
        },
        "accounts": [
            {
                "role": person.role,
                "user_name": person.user_name,
                "password": password_of(office, person.user_name),
            }
            for person in staff
        ],
        "openrosa_url": f"{address.rstrip('/')}/openrosa/{token_of(office, collector.user_name)}",
    }


def show(console: Console, told: Mapping[str, Any]) -> None:
    """Print the summary for people."""
    rows = [CoverageRow.model_validate(row) for row in told["coverage"]]
    print_rows(console, "Cakupan per kelurahan", rows, summed(rows))
    console.print(
        f"[bold]{told['documents']}[/bold] dokumen {told['documents_by_status']}, "
        f"tanda terima {told['receipts']}"
    )
    console.print(f"Temuan menurut aturan: {told['findings']}")
    console.print(f"Pasangan yang mungkin usaha yang sama: {told['duplicate_candidates']}")
    console.print(f"Rilis: {Path(told['release']['path'])} {told['release']['rows']}")
    console.print(_accounts(told["accounts"]))
    console.print(f"ODK Collect: {told['openrosa_url']}", soft_wrap=True)


def _accounts(accounts: Sequence[Mapping[str, str]]) -> Table:
    table = Table(title="Akun demo (semua: se2026 demo --no-serve --json)")
    for name in ("peran", "nama pengguna", "kata sandi"):
        table.add_column(name)
    for each in accounts:
        if each["user_name"] in _SHOWN_ACCOUNTS:
            table.add_row(each["role"], each["user_name"], each["password"])
    return table
