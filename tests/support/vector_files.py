"""The vectors as the engines' tests read them, and the differences that are known of."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.own_forms import FormFiles

HOME = Path(__file__).parents[1] / "forms" / "vectors"

# an engine that differs from JavaRosa: (form, expression), or (form, what, side, path)
Known = frozenset[tuple[str, ...]]


def vector_forms() -> list[str]:
    """Names of the forms that the vectors are about."""
    return sorted(folder.name for folder in (HOME / "forms").iterdir())


def vector_form(name: str) -> FormFiles:
    """Read a form and its lists."""
    folder = HOME / "forms" / name
    media = {one.name: one.read_bytes() for one in sorted((folder / "media").glob("*"))}
    return FormFiles(name, (folder / "form.xml").read_bytes(), media)


def vectors(kind: str, form: str) -> Iterator[dict[str, Any]]:
    """Read the vectors of a form: `expressions` or `submissions`."""
    with (HOME / f"{kind}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            vector: dict[str, Any] = json.loads(line)
            if vector["form"] == form:
                yield vector


def known_expressions(engine: str, form: str) -> frozenset[str]:
    """Expressions on which an engine is known to differ, each with its reason in the file."""
    return frozenset(
        expression
        for entry in _entries("expressions", engine, form)
        for expression in entry["these"]
    )


def known_findings(engine: str, form: str) -> frozenset[tuple[str, str, str]]:
    """Sorts of difference (what, side, path) that are known of."""
    return frozenset(
        (entry["what"], entry["side"], path)
        for entry in _entries("submissions", engine, form)
        for path in entry["paths"]
    )


def _entries(kind: str, engine: str, form: str) -> Iterator[dict[str, Any]]:
    told = tomllib.loads((HOME / "differences.toml").read_text(encoding="utf-8"))
    for entry in told.get(kind, []):
        assert entry["reason"], "a difference without a reason is a fault"
        if engine in entry["engines"] and form == entry["form"]:
            yield entry
