"""`se2026 dedup evaluate`: how well records are matched, against a truth or by people's answers."""

import tempfile
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from app.core.terminal import ERR, MISUSED, OUT, Bars, print_json, telling_problems

Figures = Mapping[str, Any]
Told = Callable[[str, int, int], None]


class PageLanguage(StrEnum):
    """Of the page; JSON has names of its own."""

    INDONESIAN = "id"
    ENGLISH = "en"


def evaluate(  # noqa: PLR0913 - a command has its options
    *,
    records: Annotated[
        Path | None, typer.Option(help="Records as `link` reads them.", exists=True)
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="record_id, unit_id, hard_class.", exists=True)
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(help="Draw questions for people into this CSV file.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="The CSV file that `--draw` wrote, answered.", exists=True)
    ] = None,
    questions: Annotated[int, typer.Option(help="How many to draw, about.", min=50)] = 1200,
    model: Annotated[Path | None, typer.Option(help="Model file; the shipped one without.")] = None,
    rivals: Annotated[bool, typer.Option(help="Try textbook and exact keys beside.")] = True,
    seed: Annotated[int, typer.Option(help="Of clerks' errors and of the draw.")] = 1,
    page: Annotated[Path | None, typer.Option(help="Write a page with plots (HTML).")] = None,
    language: Annotated[PageLanguage, typer.Option(help="Of the page.")] = PageLanguage.INDONESIAN,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures.")] = False,
) -> None:
    """Tell how well records are matched.

    With a truth: pairs, clusters, hard classes, before and after questions are answered, beside
    Splink's textbook model and exact keys. Without one: draw a sample, let people answer it (same
    or different in the column answer, a second opinion in second), and read it back.

    Example: se2026 dedup evaluate --records a.parquet --truth truth.csv --page quality.html
    Example: se2026 dedup evaluate --records mine.csv --draw ask.csv
    Example: se2026 dedup evaluate --answers ask.csv --page quality.html
    """
    from matching.batch.errors import BadInput
    from matching.model import ModelError

    with (
        telling_problems("en", BadInput, ModelError, OSError),
        tempfile.TemporaryDirectory() as work,
        Progress(console=ERR, transient=True) as progress,
    ):
        told = Bars(progress).tell
        if answers is not None:
            figures = _answered(answers)
        elif records is not None and truth is not None:
            figures = _tried(records, truth, Path(work), model, told=told, seed=seed, rivals=rivals)
        elif records is not None and draw is not None:
            figures = _drawn(records, draw, Path(work), model, told=told, seed=seed, many=questions)
        else:
            ERR.print("Please give --records with --truth or with --draw, or --answers alone.")
            raise typer.Exit(MISUSED)
        if page is not None and draw is None:
            _write_page(figures, page, language)
    if as_json:
        print_json(figures)
        return
    _print(figures)


def _tried(
    records: Path,
    truth: Path,
    work: Path,
    model: Path | None,
    *,
    told: Told,
    seed: int,
    rivals: bool,
) -> Figures:
    from matching.evaluation.trial import Trial, tried

    trial = Trial(records=records, truth=truth, work=work, model=model, seed=seed, rivals=rivals)
    return tried(trial, told)


def _drawn(
    records: Path,
    out: Path,
    work: Path,
    model: Path | None,
    *,
    told: Told,
    seed: int,
    many: int,
) -> Figures:
    from matching.evaluation.clerical import Sampling, sampled

    sampling = Sampling(records=records, out=out, work=work, model=model, questions=many, seed=seed)
    return sampled(sampling, told)


def _answered(questions: Path) -> Figures:
    from matching.evaluation.clerical import answered

    return answered(questions)


def _write_page(figures: Figures, page: Path, language: PageLanguage) -> None:
    from app.web.evaluation import as_html

    page.write_text(as_html(figures, language), encoding="utf-8")


def _print(figures: Figures) -> None:
    if "ours" in figures:
        _print_trial(figures)
    elif "estimate" in figures:
        estimate = figures["estimate"]
        for name in ("precision", "recall", "f1"):
            found = estimate[name]
            OUT.print(f"{name}: {found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})")
        OUT.print(f"from {estimate['asked']} answers")
    else:
        OUT.print(f"{figures['questions']} questions; please answer same or different.")


def _print_trial(figures: Figures) -> None:
    from rich.table import Table

    table = Table("", "precision", "recall", "F1", "hard F1", "pure", "entities")
    rows = {"ours": figures["ours"], "after answers": figures["reviewed"], **figures["rivals"]}
    for name, row in rows.items():
        pairs = row["pairs"]
        shares = (pairs["precision"], pairs["recall"], pairs["f1"])
        more = (row["hard"]["f1"], row["pure_clusters"])
        table.add_row(
            name, *(f"{each:.4f}" for each in (*shares, *more)), f"{row['entity_error']:+.2%}"
        )
    OUT.print(table)
    sure = figures["automatic"]
    OUT.print(
        f"automatic links: {sure['links']}, precision of their clusters {sure['precision']:.4f}"
    )
    OUT.print(f"pairs met by keys: {figures['blocking']['recall']:.4f} of the true ones")
