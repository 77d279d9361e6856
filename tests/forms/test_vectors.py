"""The Python engine answers as JavaRosa did, on vectors that JavaRosa made (`make vectors`).

What differs is listed in vectors/differences.toml with its reason: no more than that may differ,
and whatever no longer differs must be struck off the list.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest

from forms.errors import FormsError
from forms.xpath.context import Unknown
from tests.support.differential import compare, kindred, same
from tests.support.engines import PythonEngine, Verdict, as_verdict
from tests.support.expressions import Bench
from tests.support.vector_files import (
    HOME,
    known_expressions,
    known_findings,
    vector_form,
    vector_forms,
    vectors,
)

_BETWEEN = "\u241f"


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", vector_forms())
def test_expressions_come_out_as_in_javarosa(name: str) -> None:
    form = vector_form(name)
    rows = list(vectors("expressions", name))
    if not rows:
        pytest.skip("a questionnaire: judged by its submissions")
    bench = Bench(form.xform, form.lists())
    differing = {row["expression"] for row in differing_rows(bench, rows)}
    assert differing == known_expressions("python", name)


def differing_rows(bench: Bench, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    worlds: dict[tuple[str, str], Any] = {}
    for row in rows:
        key = row["submission"], row["now"]
        if key not in worlds:
            worlds[key] = bench.world(row["submission"].encode(), row["now"])
        world, nodes = worlds[key]
        expression = row["expression"]
        if row.get("type") == "nodeset":
            expression = f"join('{_BETWEEN}', {expression})"
        try:
            value = bench.evaluate(world, nodes[row["context"]], expression)
        except (FormsError, Unknown):
            if not row.get("error"):
                yield row
            continue
        if not agrees(value, row):
            yield row


def agrees(value: Any, row: dict[str, Any]) -> bool:
    """Where JavaRosa breaks off, an engine refuses or answers with nothing."""
    if row.get("error"):
        return not value or value != value  # noqa: PLR0124 - NaN
    wanted = row["value"]
    match row["type"]:
        case "nodeset":
            return bool(value == _BETWEEN.join(wanted))
        case "boolean":
            return value is wanted
        case "number":
            return type(value) is float and near(value, float(wanted))
        case "date":
            return is_moment(value, datetime.fromisoformat(wanted))
    return bool(value == wanted)


def near(one: float, other: float) -> bool:
    if one == other or (one != one and other != other):  # noqa: PLR0124 - NaN
        return True
    return abs(one - other) <= 1e-9 * max(1.0, abs(other))


def is_moment(value: Any, wanted: datetime) -> bool:
    """JavaRosa tells a day as its midnight."""
    if isinstance(value, datetime):
        return value == wanted
    return type(value) is date and datetime.combine(value, time.min, wanted.tzinfo) == wanted


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", vector_forms())
def test_submissions_are_judged_as_by_javarosa(name: str) -> None:
    engine = PythonEngine()
    engine.load(vector_form(name), HOME)
    differing = set()
    for row in vectors("submissions", name):
        ours = engine.judge(name, row["submission"].encode())
        findings = [(one["path"], one["rule"]) for one in row["findings"]]
        theirs = as_verdict(findings, row["values"])
        told = Verdict(ours.findings, {path: ours.values.get(path, "") for path in row["values"]})
        for one in compare(told, theirs):
            differing.add((one.what, one.side, kindred(one.path)))
    assert differing == known_findings("python", name)


def test_vectors_hold_values_of_every_kind() -> None:
    assert same("1", "true")
    assert not same("1", "2")
    rows = [row for name in vector_forms() for row in vectors("expressions", name)]
    assert {row.get("type", "error") for row in rows} == {
        "boolean",
        "date",
        "error",
        "nodeset",
        "number",
        "string",
    }
    judged = [row for name in vector_forms() for row in vectors("submissions", name)]
    rules = {one["rule"] for row in judged for one in row["findings"]}
    assert rules == {
        "calculation",
        "choice",
        "constraint",
        "relevance",
        "repeat",
        "required",
        "type",
        "unknown",
    }
