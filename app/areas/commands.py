"""`se2026 areas`: bring the region tree in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.areas.schemas import ImportReport
from app.areas.service import import_areas, import_boundaries
from app.core.db import writing
from app.core.office import Office, open_office
from app.core.settings import settings
from app.core.terminal import ERR, FAILED, print_json, telling_problems

app = typer.Typer(no_args_is_help=True, help="The region tree: provinces down to sub-SLS.")


class _Refused(Exception):  # noqa: N818 - takes the transaction back
    """One of the files has errors."""


@app.callback()
def _group() -> None:
    """Keep `import` a command of its own, also while it is the only one."""


@app.command("import", no_args_is_help=True)
def import_command(
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, help="CSV with a header: code,name,…"),
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="GeoJSON with the outlines, WGS 84."),
    ] = None,
    label: Annotated[str, typer.Option(help="What to call this version.")] = "",
    *,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="Retire areas that the file leaves out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Import areas, outlines, or both; with any error in either, nothing is changed.

    Example: se2026 areas import sls_2026_1.csv --boundaries sls_2026_1.geojson
    """
    files = {"areas": file, "boundaries": boundaries}
    with telling_problems():
        language = settings().language
    with telling_problems(language), open_office() as office, _patience():
        reports = _import_all(office, files, label, retire=retire_missing)
    _tell(reports, language, as_json=as_json)
    if _is_refused(reports):
        raise typer.Exit(FAILED)


def _import_all(
    office: Office, files: Mapping[str, Path | None], label: str, *, retire: bool
) -> dict[str, ImportReport]:
    reports: dict[str, ImportReport] = {}
    with suppress(_Refused), writing(office.engine) as session:
        for kind, path in files.items():
            if path is not None:
                reports[kind] = _import(session, office, path, label, kind=kind, retire=retire)
        _refuse(reports)
    if _is_refused(reports):
        return {
            kind: ImportReport("refused", rows=report.rows, errors=report.errors)
            for kind, report in reports.items()
        }
    return reports


def _is_refused(reports: Mapping[str, ImportReport]) -> bool:
    return any(report.outcome == "refused" for report in reports.values())


def _refuse(reports: Mapping[str, ImportReport]) -> None:
    """Take everything back where one file has errors, also what the other one brought."""
    if _is_refused(reports):
        raise _Refused


def _import(
    session: Session, office: Office, path: Path, label: str, *, retire: bool, kind: str
) -> ImportReport:
    body, name, now = path.read_bytes(), label or path.name, office.clock()
    if kind == "boundaries":
        return import_boundaries(session, body, source=name, actor="cli", now=now)
    return import_areas(session, body, label=name, actor="cli", now=now, retire_missing=retire)


@contextmanager
def _patience() -> Iterator[None]:
    """Show a person that work goes on; a script sees nothing of it."""
    with ERR.status("…"):
        yield


def _tell(reports: dict[str, ImportReport], language: str, *, as_json: bool) -> None:
    if as_json:
        print_json({kind: asdict(report) for kind, report in reports.items()})
        return
    for kind, report in reports.items():
        for error in report.errors:
            typer.echo(f"{_place(kind, error.place, language)}: {error.told(language)}", err=True)
        typer.echo(_summary(kind, report, language), err=report.outcome == "refused")


def _place(kind: str, place: int, language: str) -> str:
    if kind == "areas":
        return f"line {place}" if language == "en" else f"baris {place}"
    return f"feature {place}" if language == "en" else f"fitur {place}"


def _summary(kind: str, report: ImportReport, language: str) -> str:
    if language == "en":
        return f"{kind}: {_told_en(report)}"
    return f"{'wilayah' if kind == 'areas' else 'batas wilayah'}: {_told_id(report)}"


def _told_id(report: ImportReport) -> str:
    counts = f"{report.added} baru, {report.changed} berubah, {report.retired} dihapus"
    return {
        "refused": f"{len(report.errors)} kesalahan, tidak ada yang diubah",
        "unchanged": "tidak ada yang baru",
        "imported": f"{counts} (versi {report.version})",
    }[report.outcome]


def _told_en(report: ImportReport) -> str:
    counts = f"{report.added} added, {report.changed} changed, {report.retired} retired"
    return {
        "refused": f"{len(report.errors)} errors, nothing was changed",
        "unchanged": "nothing new",
        "imported": f"{counts} (version {report.version})",
    }[report.outcome]
