"""`se2026 dedup link`: find the units in a file of records, without a server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

from app.core.problems import Invalid
from app.core.settings import settings
from app.core.terminal import ERR, OUT, Bars, print_json, telling_problems

if TYPE_CHECKING:
    from matching.batch.link import Request
    from matching.batch.report import Report


def link(  # noqa: PLR0913 - one parameter for each option
    records: Annotated[
        Path,
        typer.Option(exists=True, dir_okay=False, help="Records: .parquet, or .csv in UTF-8."),
    ],
    out: Annotated[Path, typer.Option(dir_okay=False, help="Units: .parquet or .csv to write.")],
    *,
    edges: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Scored pairs and questions to write.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Model file; default: the one shipped."),
    ] = None,
    review: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Answers of clerks: left,right,answer."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help="Folder of finished chunks to keep; default: beside --out while the run lasts.",
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=0, help="Processes; default: one for each processor.")
    ] = 0,
    language: Annotated[
        str | None, typer.Option(help="Language of messages: id or en; default: the office's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Find which records are of one business; write record_id and unit_id of every record.

    Columns: record_id, source (prelist, field, online), enumerator, name, owner, address, phone,
    nib, lat, lon, kbli, sls (16 digits); all but record_id may be missing. A unit is named by its
    first record. With --edges the questions worth a clerk's time come first, ranked; hand their
    answers back with --review. A run that was stopped goes on where it was when called again.
    Ends with 1 when a file cannot be used.

    Example: se2026 dedup link --records city.parquet --out units.parquet --edges pairs.parquet
    """
    from matching.batch.link import Request

    request = Request(records, out, edges, model, review, work, processes)
    with telling_problems():
        tongue = language or settings().language
    with telling_problems(tongue, OSError):
        report = _linked(request)
    if as_json:
        print_json(report.as_object())
    else:
        from app.dedup.link_report import sentences

        for sentence in sentences(report, tongue):
            OUT.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _linked(request: "Request") -> "Report":
    """Run with a bar for each part; say as a problem what is wrong with a file."""
    from matching.batch.errors import BadInput
    from matching.batch.link import link as run
    from matching.model import ModelError

    try:
        with Progress(console=ERR, transient=True) as progress:
            return run(request, Bars(progress).tell)
    except BadInput as bad:
        raise Invalid(bad.message_id, bad.message_en) from bad
    except ModelError as bad:
        raise Invalid(f"Berkas model tidak dapat dipakai: {bad}", str(bad)) from bad
