"""The differential test on a folder of forms that others wrote.

    python -m tests.support.foreign DIR [--count K] [--seed N] [--markdown FILE]

DIR holds XForms: FILE.xml, or NAME/form.xml with its lists in NAME/media. Nothing of them is kept.
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from forms.errors import FormsError
from tests.support.engines import JavaRosa, PythonEngine
from tests.support.oracle import Oracle, OracleError
from tests.support.own_forms import FormFiles
from tests.support.tallies import Sort, Tally, loaded, tally

Outcome = tuple[str, str]  # one of refused by JavaRosa, refused by ours, judged; and the reason


def forms_in(folder: Path) -> Iterator[FormFiles]:
    """Read every form of a folder with its lists."""
    for path in sorted([*folder.glob("*.xml"), *folder.glob("*/form.xml")]):
        xform = path.read_bytes()
        media = {
            one.name: one.read_bytes()
            for one in (path.parent / "media").glob("*")
            if f'/{one.name}"'.encode() in xform or f"'{one.stem}'".encode() in xform
        }
        name = path.parent.name if path.name == "form.xml" else path.stem
        yield FormFiles(name, xform, media)


def judge_all(oracle: Oracle, form: FormFiles, seeds: range) -> tuple[Outcome, list[Tally]]:
    """Load a form on both sides and judge submissions of every kind."""
    with tempfile.TemporaryDirectory() as folder:
        return _judge_all(oracle, form, seeds, Path(folder))


def _judge_all(
    oracle: Oracle, form: FormFiles, seeds: range, folder: Path
) -> tuple[Outcome, list[Tally]]:
    reference, ours = JavaRosa(oracle), PythonEngine()
    try:
        loaded(reference, [], form, folder)
    except (OracleError, ValueError) as error:
        return ("refused by JavaRosa", str(error)), []
    try:
        loaded(reference, [ours], form, folder)
    except FormsError as error:
        return ("refused by ours", str(error)), []
    except Exception as error:  # noqa: BLE001 - a crash is what this looks for
        return ("crash", f"{type(error).__name__}: {error}"), []
    try:
        return ("judged", ""), list(tally(reference, [ours], form, seeds, lambda: None))
    except OracleError as error:
        return ("not filled by JavaRosa", str(error)), []
    finally:
        oracle.drop(form.name)


def report(outcomes: dict[str, Outcome], tallies: list[Tally]) -> Iterator[str]:
    """Write the outcome as Markdown: agreement, forms refused, differences by how many forms."""
    kinds = Counter(outcome for outcome, _ in outcomes.values())
    total = sum(one.submissions for one in tallies)
    yield f"Forms: {len(outcomes)} - " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    yield ""
    yield "| kind | submissions | valid alike | findings alike | values alike |"
    yield "|---|---|---|---|---|"
    for kind in ("random", "faulty", "mutated", "all"):
        some = [one for one in tallies if kind in (one.kind, "all")]
        count = max(1, sum(one.submissions for one in some))
        shares = (
            f"{100 * sum(getattr(one, name) for one in some) / count:.2f} %"
            for name in ("same_valid", "same_findings", "same_values")
        )
        yield f"| {kind} | {count if total else 0} | " + " | ".join(shares) + " |"
    yield "\n## Forms not compared\n"
    for name, (outcome, reason) in sorted(outcomes.items(), key=lambda one: one[1]):
        if outcome != "judged":
            yield f"- {name}: {outcome}: {' '.join(reason.split())[:260]}"
    yield "\n## Differences by the number of forms\n"
    yield from _ranked(tallies)


def _ranked(tallies: list[Tally]) -> Iterator[str]:
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    cases: Counter[tuple[str, str]] = Counter()
    by_sort: dict[tuple[str, str], list[tuple[int, Sort, Tally]]] = defaultdict(list)
    for one in tallies:
        for sort, count in one.sorts.items():
            forms[sort[:2]].add(one.form)
            cases[sort[:2]] += count
            by_sort[sort[:2]].append((count, sort, one))
    for what in sorted(forms, key=lambda what: -len(forms[what])):
        yield f"### {what[0]} ({what[1]}): {len(forms[what])} forms, {cases[what]} cases\n"
        for count, sort, one in sorted(by_sort[what], key=lambda row: -row[0])[:60]:
            difference, _ = one.examples[sort]
            shown = f" - ours `{difference.ours[:60]}`, JavaRosa `{difference.theirs[:60]}`"
            values = shown if difference.what.startswith("value") else ""
            yield f"- {one.form}, {one.kind}, {count}x: `{difference.path}`{values}"
        yield ""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Hold the Python engine against JavaRosa.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    console = Console()
    outcomes: dict[str, Outcome] = {}
    tallies: list[Tally] = []
    seeds = range(options.seed, options.seed + options.count)
    with Oracle() as oracle:
        for form in track(list(forms_in(options.folder)), console=console):
            outcomes[form.name], found = judge_all(oracle, form, seeds)
            tallies += found
    text = "\n".join(report(outcomes, tallies))
    if options.markdown:
        options.markdown.write_text(text + "\n")
    console.print(text.partition("\n## Differences")[0], markup=False)


if __name__ == "__main__":
    main()
