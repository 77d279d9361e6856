"""The embedded PostgreSQL comes back, wherever its users run."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# A process that inherits orphans, as PID 1 of a container does: the dead server stays its zombie.
INHERITOR = """
import ctypes, os, signal, sys, time
from pathlib import Path
from app.core.postgres import EmbeddedPostgres

PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
postgres = EmbeddedPostgres(Path(sys.argv[1]))
postgres.start()
assert not postgres.revive()
number = int((postgres.cluster / "postmaster.pid").read_text().split()[0])
os.kill(number, signal.SIGKILL)
for _ in range(300):
    if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
        break
    time.sleep(0.1)
assert postgres.revive()
assert not postgres.revive()
postgres.stop()
print("revived")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has sub-reapers")
def test_a_server_that_died_as_our_child_is_started_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INHERITOR, str(tmp_path / "pg")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout == "revived\n", done.stderr
