"""Counts of where engines and JavaRosa agree, form by form and kind by kind."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.support.answer_pool import answer_pool
from tests.support.differential import KINDS, Difference, Kind, compare, kindred, submissions
from tests.support.engines import Engine, JavaRosa, Verdict
from tests.support.oracle import OracleError
from tests.support.own_forms import FormFiles

Sort = tuple[str, str, str]  # what, side, path without positions
CRASH = "crash"
BESIDE = " beside a type fault"  # where JavaRosa could not load the document at all


@dataclass(slots=True)
class Tally:
    """How one engine did on the submissions of one kind of one form.

    submissions: judged by both; valid: as many JavaRosa finds nothing wrong with
    same_valid, same_findings, same_values: as many where the two agree
    sorts: differences by sort, each counted once a submission; examples: the first of each sort
    refused: submissions that JavaRosa itself could not judge
    """

    form: str
    kind: Kind
    engine: str
    submissions: int = 0
    valid: int = 0
    same_valid: int = 0
    same_findings: int = 0
    same_values: int = 0
    refused: int = 0
    sorts: Counter[Sort] = field(default_factory=Counter)
    examples: dict[Sort, tuple[Difference, bytes]] = field(default_factory=dict)

    def enter(self, submission: bytes, ours: Verdict | None, theirs: Verdict, why: str) -> None:
        """Count one submission; `ours` is None where the engine failed, `why` how."""
        self.submissions += 1
        self.valid += theirs.valid
        if ours is None:
            self.note(Difference(CRASH, "ours", why), submission)
            return
        differences = compare(ours, theirs)
        self.same_valid += ours.valid == theirs.valid
        self.same_findings += all(one.what == "value" for one in differences)
        self.same_values += not any(one.what == "value" for one in differences)
        told: set[Sort] = set()
        beside = (
            BESIDE if any(rule == "type" for _, rule in ours.findings | theirs.findings) else ""
        )
        for one in differences:
            sort = (one.what, one.side, kindred(one.path))
            if sort not in told:
                told.add(sort)
                self.note(replace(one, what=one.what + beside), submission)

    def note(self, difference: Difference, submission: bytes) -> None:
        """Count a difference and keep the first of its sort."""
        sort = (difference.what, difference.side, kindred(difference.path))
        self.sorts[sort] += 1
        self.examples.setdefault(sort, (difference, submission))


def tally(
    reference: JavaRosa,
    engines: Sequence[Engine],
    form: FormFiles,
    seeds: range,
    step: Callable[[], None],
) -> Iterator[Tally]:
    """Judge submissions of every kind; the form is loaded by all. `step` is called after each."""
    pool = answer_pool(form.xform)
    for kind in KINDS:
        tallies = [Tally(form.name, kind, engine.name) for engine in engines]
        for submission in submissions(reference.oracle, form.name, pool, kind, seeds):
            judged(reference, engines, form.name, submission, tallies)
            step()
        yield from tallies


def judged(
    reference: JavaRosa,
    engines: Sequence[Engine],
    form: str,
    submission: bytes,
    tallies: Sequence[Tally],
) -> None:
    """Let everybody judge one submission, and enter it."""
    try:
        theirs = reference.judge(form, submission)
    except OracleError:
        for one in tallies:
            one.refused += 1
        return
    for engine, one in zip(engines, tallies, strict=True):
        try:
            ours, why = engine.judge(form, submission), ""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted against the engine
            ours, why = None, f"{type(error).__name__}: {error}"[:120]
        one.enter(submission, ours, theirs, why)


def loaded(reference: JavaRosa, engines: Sequence[Engine], form: FormFiles, folder: Path) -> None:
    """Load a form everywhere; its lists are written to a folder that lasts while it is judged."""
    media = form.write(folder)
    for engine in (reference, *engines):
        engine.load(form, media)
