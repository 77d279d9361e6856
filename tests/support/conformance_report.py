"""docs/conformance.md from the counts."""

import platform
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.engines import node
from tests.support.oracle import javarosa_version
from tests.support.tallies import Sort, Tally
from tests.support.vector_files import HOME

UNEXPLAINED = "not explained"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sort of difference is as it is; `path` is a pattern of paths without positions."""

    what: str
    side: str
    path: re.Pattern[str]
    reason: str

    def explains(self, sort: Sort) -> bool:
        """Whether a sort of difference is of this kind."""
        what, side, path = sort
        return (
            re.fullmatch(self.what, what) is not None
            and self.side in (side, "*")
            and bool(self.path.fullmatch(path))
        )


def reasons() -> list[Reason]:
    """Read the reasons kept in tests/forms/vectors/conformance.toml."""
    told = tomllib.loads((HOME / "conformance.toml").read_text(encoding="utf-8"))
    return [
        Reason(one["what"], one["side"], re.compile(one["path"]), one["reason"])
        for one in told.get("reasons", [])
    ]


def explained(sort: Sort, known: Sequence[Reason]) -> str:
    """Give the reason of a sort of difference."""
    return next((one.reason for one in known if one.explains(sort)), UNEXPLAINED)


def report(tallies: Sequence[Tally], count: int, seed: int) -> str:
    """Write the page: what was compared, the table, the differences with their reasons."""
    return "\n".join([*_head(count, seed), *_table(tallies), *_differences(tallies), ""])


_HEAD = """# Conformance of the form engines

The server's engine (`forms/`, Python) and the phone's (`app/web/pwa/engine/`, JavaScript) judge as
JavaRosa {javarosa} does, the engine of ODK Collect. This page is made by a command; repeat it with

    make conformance

or `{again}`; it needs Java and takes some minutes.
Here: Python {python}, Node {node}, Java {java}. Where there is no Java, the vectors under
`tests/forms/vectors/` hold both engines to JavaRosa (`make vectors` makes them anew), and
`python -m tests.support.foreign DIR` does the same as this page with any folder of XForms.

## What is compared

Of each form, {count:,} submissions of each kind: *random* (someone goes through the form from
question to question and answers by chance, within the constraints where that succeeds), *faulty*
(one question in eight is answered wrongly or left out), *mutated* (a random one with one to three
nodes altered, emptied, dropped, doubled, renamed or invented).

JavaRosa's verdict comes from JavaRosa (`tests/forms/oracle/Judge.java`): a submission is loaded as
a saved form is reopened, and each node is asked about: relevance, `isRequired`,
`evaluateConstraint`, the choices that `getSelectChoices` offers, what the answer parser takes, what
recalculation changes, whether `canCreateRepeat` wants more or fewer. Three decisions are ours:

- An element that is absent counts as unanswered; JavaRosa takes it for irrelevant, whatever the
  form says, and so would let a required answer be left out.
- An answer that is not of its type stays as text; JavaRosa cannot load such a document at all.
- An answer that is not among the choices stays; JavaRosa clears it as it shows the question.

*Same verdict*: both say valid, or both say invalid. *Same findings*: the same rules at the same
paths. *Same values*: the same recalculated values of all relevant nodes, numbers within 1e-9,
booleans in either spelling.
"""


def _head(count: int, seed: int) -> Iterator[str]:
    yield _HEAD.format(
        again=f"python -m tests.support.conformance --count {count} --seed {seed}",
        count=count,
        javarosa=javarosa_version(),
        python=platform.python_version(),
        node=_version(node()),
        java=_version("java"),
    )


def _table(tallies: Sequence[Tally]) -> Iterator[str]:
    yield "## Outcome\n"
    heads = ("submissions", "valid", "same verdict", "same findings", "same values")
    yield f"| form | kind | engine | {' | '.join(heads)} |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for one in tallies:
        yield (
            f"| {one.form} | {one.kind} | {one.engine} | {one.submissions:,} | {one.valid:,} "
            f"| {one.same_valid:,} | {one.same_findings:,} | {one.same_values:,} |"
        )
    for engine in dict.fromkeys(one.engine for one in tallies):
        some = [one for one in tallies if one.engine == engine]
        sums = (
            sum(getattr(one, name) for one in some)
            for name in ("submissions", "valid", "same_valid", "same_findings", "same_values")
        )
        yield f"| **all** | | **{engine}** | " + " | ".join(f"{total:,}" for total in sums) + " |"
    yield ""


def _differences(tallies: Sequence[Tally]) -> Iterator[str]:
    yield "## Differences\n"
    known = reasons()
    counts: Counter[tuple[str, str, Sort, str]] = Counter()
    for one in tallies:
        for sort, count in one.sorts.items():
            counts[one.form, one.engine, sort, explained(sort, known)] += count
    if not counts:
        yield "None."
        return
    yield "| form | engine | difference | path | submissions | reason |"
    yield "|---|---|---|---|--:|---|"
    words = {"ours": "only ours finds", "theirs": "only JavaRosa finds", "both": "differs:"}
    for (form, engine, (what, side, path), reason), count in sorted(counts.items()):
        yield f"| {form} | {engine} | {words[side]} {what} | `{path}` | {count:,} | {reason} |"


def _version(command: str) -> str:
    program = shutil.which(command)
    if program is None:
        return "absent"
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found.group() if found else "unknown"
