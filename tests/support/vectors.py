"""Make the vectors that gate the engines where there is no Java: `make vectors`.

Sources: tests/forms/vectors/sources holds, by the name of a form, NAME.md (an XLSForm in Markdown)
and NAME.txt (expressions; a line `@ PATH` names the node they are evaluated in), beside the lists
that the forms name. The questionnaires that ship with the project join with submissions alone.
Everything is derived from seeds, so the same sources and the same JavaRosa give the same bytes.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from pyxform.xls2xform import convert
from rich.progress import track

from tests.support.answer_pool import answer_pool
from tests.support.differential import KINDS, submissions
from tests.support.engines import JavaRosa
from tests.support.expression_matrix import matrix
from tests.support.oracle import NOW, ZONE, Oracle, OracleError
from tests.support.own_forms import FormFiles, own_forms

HOME = Path(__file__).parents[1] / "forms" / "vectors"
SOURCES = HOME / "sources"
_SEEDS = {"random": range(1, 7), "faulty": range(11, 21), "mutated": range(21, 43)}
_OWN_SEEDS = {"random": range(1, 5), "faulty": range(11, 16), "mutated": range(21, 31)}
_FILLED = (2, 6)  # seeds of the submissions that expressions are evaluated in
_ABROAD = (
    ("2026-05-20T22:30:00.000-03:00", "America/Sao_Paulo"),
    ("2026-01-01T00:00:00.000Z", "UTC"),
)
_MATRIX = "plain"


def sample_forms() -> Iterator[FormFiles]:
    """Compile the forms made for testing."""
    lists = {one.name: one.read_bytes() for one in sorted(SOURCES.glob("*.*son"))}
    lists |= {one.name: one.read_bytes() for one in sorted(SOURCES.glob("*.csv"))}
    for source in sorted(SOURCES.glob("*.md")):
        made = convert(
            xlsform=source.read_text(), file_type=".md", form_name="data", validate=False
        )
        xform = made.xform.encode()
        media = {name: body for name, body in lists.items() if f"/{name}".encode() in xform}
        yield FormFiles(source.stem, xform, media)


def slim(submission: bytes) -> bytes:
    """Leave out what JavaRosa declares and nobody uses."""
    root = etree.fromstring(submission)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode").encode()


def expressions(name: str) -> Iterator[tuple[str, str]]:
    """Read the expressions of a form, each with the node it is evaluated in."""
    context = "/data"
    source = SOURCES / f"{name}.txt"
    for line in source.read_text().splitlines() if source.exists() else ():
        if line.startswith("@ "):
            context = line[2:].strip()
        elif line.strip():
            yield context, line.strip()
    if name == _MATRIX:
        yield from (("/data/t", expression) for expression in dict.fromkeys(matrix()))


def expression_vectors(reference: JavaRosa, form: FormFiles) -> Iterator[dict[str, Any]]:
    """Evaluate every expression of a form in filled submissions, and some of them abroad."""
    pairs = list(expressions(form.name))
    pool = answer_pool(form.xform)
    moments = [(NOW, ZONE)] * len(_FILLED)
    if form.name == "calendar":
        moments += _ABROAD
    for seed, (now, zone) in zip((*_FILLED, *_FILLED), moments, strict=False):
        submission = slim(reference.oracle.fill(form.name, seed, pool=pool))
        asked = _halved(pairs, seed) if form.name == _MATRIX else pairs
        results = reference.oracle.evaluate(form.name, submission, asked, now=now, zone=zone)
        for (context, expression), result in zip(asked, results, strict=True):
            if "absent" not in result and "no such node" not in result.get("error", ""):
                yield {
                    "form": form.name,
                    "submission": submission.decode(),
                    "context": context,
                    "expression": expression,
                    **_outcome(result),
                    "now": now,
                    "zone": zone,
                }


def _halved(pairs: list[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """Share the matrix out among the submissions."""
    return pairs[_FILLED.index(seed) :: len(_FILLED)]


def _outcome(result: dict[str, Any]) -> dict[str, Any]:
    if "error" in result:
        return {"error": True}
    return {"type": result["type"], "value": result["value"]}


def submission_vectors(
    reference: JavaRosa, form: FormFiles, seeds: dict[str, range], *, every_value: bool
) -> Iterator[dict[str, Any]]:
    """Judge submissions of every kind; values of calculations alone where the form is long."""
    pool = answer_pool(form.xform)
    calculated = _calculated(form.xform)
    for kind in KINDS:
        for filled in submissions(reference.oracle, form.name, pool, kind, seeds[kind]):
            submission = slim(filled)
            try:
                verdict = reference.judge(form.name, submission)
            except OracleError:
                continue
            values = verdict.values
            yield {
                "form": form.name,
                "submission": submission.decode(),
                "valid": verdict.valid,
                "findings": [
                    {"path": path, "rule": rule} for path, rule in sorted(verdict.findings)
                ],
                "values": {
                    path: values[path]
                    for path in sorted(values)
                    if every_value or _generic(path) in calculated
                },
            }


def _generic(path: str) -> str:
    return "/".join(step.partition("[")[0] for step in path.split("/"))


def _calculated(xform: bytes) -> set[str]:
    binds = etree.fromstring(xform).iterfind(".//{*}bind")
    return {bind.get("nodeset", "") for bind in binds if bind.get("calculate")}


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write one JSON object a line."""
    with path.open("w", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def place(form: FormFiles) -> Path:
    """Write a form where the engines' tests look for it; return the folder of its lists."""
    folder = HOME / "forms" / form.name
    folder.mkdir(parents=True)
    (folder / "form.xml").write_bytes(form.xform)
    return form.write(folder / "media")


def main() -> None:
    """Make everything anew."""
    shutil.rmtree(HOME / "forms", ignore_errors=True)
    evaluated: list[dict[str, Any]] = []
    judged: list[dict[str, Any]] = []
    with Oracle() as oracle:
        reference = JavaRosa(oracle)
        for form in track(list(sample_forms()), "Sample forms"):
            reference.load(form, place(form))
            evaluated += expression_vectors(reference, form)
            judged += submission_vectors(reference, form, _SEEDS, every_value=True)
        for form in track(list(own_forms()), "Own forms"):
            reference.load(form, place(form))
            judged += submission_vectors(reference, form, _OWN_SEEDS, every_value=False)
    write_lines(HOME / "expressions.jsonl", evaluated)
    write_lines(HOME / "submissions.jsonl", judged)
    print(f"{len(evaluated)} expressions, {len(judged)} submissions")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
