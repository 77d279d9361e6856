"""JavaRosa as the oracle: a long-lived Java process that judges submissions and expressions.

The harness under tests/forms/oracle is compiled once into the system's temporary directory, keyed
by a digest of its source and of the jar that pyxform carries.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyxform

SOURCES = Path(__file__).parents[1] / "forms" / "oracle"
JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
NOW = "2026-05-20T10:30:00.000+07:00"
ZONE = "Asia/Jakarta"

_FUNCTIONS = "org/javarosa/xpath/expr/XPathFuncExpr.class"
_PINNED = ("today", "now", "random", "uuid")


class OracleError(Exception):
    """What JavaRosa refused, in its words."""


def available() -> bool:
    """Whether Java and the jar are here."""
    return shutil.which("java") is not None and shutil.which("javac") is not None and JAR.exists()


def javarosa_version() -> str:
    """The version of JavaRosa inside the jar."""
    with zipfile.ZipFile(JAR) as jar:
        text = jar.read("META-INF/maven/org.getodk/javarosa/pom.properties").decode()
    return next(line.partition("=")[2] for line in text.splitlines() if line.startswith("version="))


class Oracle:
    """One Java process; forms stay loaded by the name they are given."""

    def __init__(self) -> None:
        classes = compiled()
        self._process = subprocess.Popen(
            [
                "java",
                "-Xss4m",
                "-Xshare:auto",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=4",
                "-Duser.timezone=" + ZONE,
                "-Duser.language=en",
                "-Dfile.encoding=UTF-8",
                "-cp",
                os.pathsep.join([str(classes), str(JAR)]),
                "Oracle",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        """Send one request. Raises OracleError with JavaRosa's words."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = json.dumps({"op": operation, **request}, ensure_ascii=True)
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise OracleError("the oracle ended unexpectedly")
        said: dict[str, Any] = json.loads(answer)
        if not said.pop("ok"):
            raise OracleError(said["error"])
        return said

    def load(self, form: str, xml: bytes, media: Path | None = None) -> dict[str, Any]:
        """Load a form under a name, with the folder of its lists."""
        return self.ask("load", form=form, xml=xml.decode(), media=str(media or ""))

    def drop(self, form: str) -> None:
        """Forget a form."""
        self.ask("drop", form=form)

    def fill(
        self,
        form: str,
        seed: int,
        *,
        faults: float = 0.0,
        pool: Mapping[str, Iterable[str]] | None = None,
        now: str = NOW,
    ) -> bytes:
        """Answer a form by a seed; `faults` is the share of questions answered wrongly."""
        said = self.ask(
            "fill", form=form, seed=seed, faults=faults, now=now, zone=ZONE, pool=pool or {}
        )
        return str(said["submission"]).encode()

    def judge(self, form: str, submission: bytes, *, now: str = NOW, **how: str) -> dict[str, Any]:
        """Judge a submission: valid, findings of path and rule, values by path."""
        zone = how.pop("zone", ZONE)
        text = submission.decode()
        return self.ask("judge", form=form, submission=text, now=now, zone=zone, **how)

    def evaluate(
        self,
        form: str,
        submission: bytes,
        expressions: Iterable[tuple[str, str]],
        *,
        now: str = NOW,
        zone: str = ZONE,
    ) -> list[dict[str, Any]]:
        """Evaluate (context, expression) pairs: type and value, or error, of each."""
        said = self.ask(
            "eval",
            form=form,
            submission=submission.decode(),
            now=now,
            zone=zone,
            expressions=[{"context": at, "expression": source} for at, source in expressions],
        )
        results: list[dict[str, Any]] = said["results"]
        return results


def compiled() -> Path:
    """Compile the harness where it is not compiled yet; return the folder of its classes."""
    sources = sorted(SOURCES.glob("*.java"))
    digest = hashlib.sha256(JAR.read_bytes())
    for source in (*sources, Path(__file__)):
        digest.update(source.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"se2026-oracle-{digest.hexdigest()[:16]}"
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "classes"
        made.mkdir()
        subprocess.run(
            ["javac", "-cp", str(JAR), "-d", str(made), *map(str, sources)],
            check=True,
            capture_output=True,
        )
        _pin_functions(made / _FUNCTIONS)
        try:
            shutil.copytree(made, folder)
        except FileExistsError:
            return folder
    return folder


def _pin_functions(target: Path) -> None:
    """Write a copy of JavaRosa's functions in which clock and chance are ours to answer.

    The names it compares with are spelled otherwise in the copy's constants, so that these calls
    fall through to the function handlers that the harness registers.
    """
    with zipfile.ZipFile(JAR) as jar:
        code = jar.read(_FUNCTIONS)
    for name in _PINNED:
        constant = b"\x01" + len(name).to_bytes(2, "big") + name.encode()
        if code.count(constant) != 1:
            raise OracleError(f"JavaRosa's functions do not name {name} as expected")
        code = code.replace(constant, constant[:-1] + b"~")
    target.parent.mkdir(parents=True)
    target.write_bytes(code)
