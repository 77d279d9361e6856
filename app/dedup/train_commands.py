"""`se2026 dedup train`: a model from clerks' answers, or from invented towns."""

import csv
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.core.db import reading
from app.core.office import open_office
from app.core.problems import Invalid
from app.core.terminal import ERR, OUT, print_json, telling_problems

if TYPE_CHECKING:
    from matching.model import Model
    from matching.training.labels import Labels
    from matching.training.towns import Town

NOISES = ("usual", "harsh", "usual", "mild", "usual", "usual", "harsh", "usual")
FEWEST_TOWNS = 4


def train(  # noqa: PLR0913 - one parameter for each option
    out: Annotated[Path, typer.Option(dir_okay=False, help="Model file to write.")],
    *,
    records: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Records, as for `link`."),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Answers of clerks: left,right,answer."),
    ] = None,
    from_office: Annotated[
        str | None,
        typer.Option(help="Instead of files: regency whose labels in the database teach."),
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Instead: CSV of record_id,unit_id."),
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Pairs to ask about next, to write as CSV."),
    ] = None,
    ask: Annotated[int, typer.Option(min=1, help="How many questions.")] = 250,
    model: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Model to start from; default: shipped."),
    ] = None,
    invented: Annotated[
        int, typer.Option(min=0, help="Instead of records: learn from so many invented towns.")
    ] = 0,
    size: Annotated[int, typer.Option(min=200, help="Records of an invented town.")] = 2400,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal models.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the evaluation as JSON.")] = False,
) -> None:
    """Learn the weights of matching; the model file is for `link --model`.

    The weights start from the shipped model and move as far as the answers say. Without answers, or
    after them, --questions writes the pairs whose answers would teach most. Labels that were
    downloaded from the office's pages hold their records, so they need no --records. Ends with 1
    when a file cannot be used.

    Example: se2026 dedup train --records city.csv --labels answers.csv --out ours.json
    Example: se2026 dedup train --from-office 3375 --out ours.json
    """
    with telling_problems(), _in_words():
        if invented:
            found = _of_towns(invented, size, seed, out.stem)
        elif records is not None:
            found = _of_answers(records, (labels, truth), (questions, ask, seed), model, out.stem)
        else:
            found = _of_labels(labels, from_office, model, out.stem)
        found.save(out)
    if as_json:
        print_json({"version": found.version, **found.as_json()["thresholds"], **found.evaluation})
    else:
        OUT.print(f"{out}: {found.evaluation.get('how', 'not trained')}")


@contextmanager
def _in_words() -> Iterator[None]:
    from matching.batch.errors import BadInput
    from matching.model import ModelError
    from matching.training.labels import LabelsError
    from matching.training.office import TooFewLabelsError

    try:
        yield
    except BadInput as bad:
        raise Invalid(bad.message_id, bad.message_en) from bad
    except (ModelError, LabelsError, TooFewLabelsError) as bad:
        raise Invalid(f"Tidak dapat dilatih: {bad}", str(bad)) from bad


def _of_towns(count: int, size: int, seed: int, version: str) -> "Model":
    from matching.training.learn import learn
    from matching.training.towns import invented

    if count < FEWEST_TOWNS:
        raise Invalid("Paling sedikit empat kota.", f"At least {FEWEST_TOWNS} towns, please.")
    towns = []
    for place in range(count):
        records = size * (6 + place * 7 % 9) // 10
        towns.append(invented(seed + place, records, NOISES[place % len(NOISES)]))
        ERR.print(f"{place + 1}/{count}: {towns[-1].town.name}, {records} records")
    labels = {"kind": "invented towns", "towns": count, "records": size, "seed": seed}
    return learn(towns, version, labels, ERR.print)


def _of_answers(
    records: Path,
    known: tuple[Path | None, Path | None],
    asked: tuple[Path | None, int, int],
    model: Path | None,
    version: str,
) -> "Model":
    from matching.batch.files import read_records
    from matching.model import load
    from matching.training.office import questions, records_of, relearn
    from matching.training.towns import town_of

    base = load(model)
    town = town_of(records.stem, records_of(read_records(records).records))
    labels = _labels(town, known, base)
    found = relearn(town, labels, base, version) if labels.answers else base
    for left, right in labels.contradicted:
        ERR.print(f"Answers contradict each other: {left}, {right}")
    path, count, seed = asked
    if path is not None:
        chance = random.Random(seed)  # noqa: S311 - draws questions, guards nothing
        _write_questions(path, questions(town, labels, found, count, chance))
    return found


def _of_labels(labels: Path | None, lane: str | None, model: Path | None, version: str) -> "Model":
    """Learn from labels that hold their records: of a file, or of the office's database."""
    from app.dedup.label_training import examples
    from app.dedup.references import matcher_of
    from matching.model import load
    from matching.reference import Reference
    from matching.training.examples import read
    from matching.training.office import taught_by

    base = load(model)
    if lane is not None:
        with open_office() as office, reading(office.engine) as session:
            taught = examples(session, lane)
            reference = matcher_of(session, lane).reference
        return taught_by(taught, reference, base, version)
    if labels is None:
        raise Invalid(
            "Sebutkan --records, --labels, --from-office, atau --invented.",
            "Please give --records, --labels, --from-office or --invented.",
        )
    ERR.print("Every name counts as usual: give --records to know which are rare.")
    return taught_by(read(labels), Reference(), base, version)


def _labels(town: "Town", known: tuple[Path | None, Path | None], base: "Model") -> "Labels":
    from matching.training.labels import gathered, read
    from matching.training.office import labels_from

    labels, truth = known
    if labels is not None:
        return read(labels)
    if truth is None:
        return gathered([])
    with truth.open(encoding="utf-8-sig", newline="") as file:
        units = {row["record_id"]: row["unit_id"] for row in csv.DictReader(file)}
    own = [units.get(features.record_id, features.record_id) for features in town.records]
    return gathered(labels_from(town, own, base))


def _write_questions(path: Path, pairs: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["left", "right", "answer"])
        table.writerows([left, right, ""] for left, right in pairs)
