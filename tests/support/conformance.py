"""The differential test of both engines on the project's own questionnaires: `make conformance`.

    python -m tests.support.conformance [--count N] [--seed N] [--form NAME]... [--no-report]

Of every form N submissions each are filled at random, filled with faults, and filled and mutated;
JavaRosa and our engines judge each, and docs/conformance.md tells how far they agree.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.support.conformance_report import report
from tests.support.differential import KINDS
from tests.support.engines import Engine, JavaRosa, NodeEngine, PythonEngine
from tests.support.oracle import Oracle
from tests.support.own_forms import FormFiles, own_forms
from tests.support.tallies import Tally, loaded, tally

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def hold(
    forms: Sequence[FormFiles], engines: Sequence[Engine], seeds: range, console: Console
) -> Iterator[Tally]:
    """Judge submissions of every form and kind by all engines."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Oracle() as oracle, Progress(*columns, console=console) as progress:
        reference = JavaRosa(oracle)
        for form in forms:
            task = progress.add_task(form.name, total=len(seeds) * len(KINDS))
            with tempfile.TemporaryDirectory() as folder:
                loaded(reference, engines, form, Path(folder))
                yield from tally(reference, engines, form, seeds, lambda: progress.advance(task))  # noqa: B023 - called before the next form


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Hold our form engines against JavaRosa.")
    parser.add_argument("--count", type=int, default=2_000, help="submissions of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", action="append", help="only this questionnaire; may be repeated")
    parser.add_argument("--no-report", action="store_true", help="leave docs/conformance.md alone")
    options = parser.parse_args()
    console = Console()
    forms = [form for form in own_forms() if not options.form or form.name in options.form]
    seeds = range(options.seed, options.seed + options.count)
    with closing(NodeEngine()) as phone:
        tallies = list(hold(forms, [PythonEngine(), phone], seeds, console))
    page = report(tallies, options.count, options.seed)
    if options.no_report:
        console.print(page, markup=False)
    else:
        PAGE.write_text(page, encoding="utf-8")
        console.print(f"Written: {PAGE.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
