"""A device killed at any instruction loses nothing that it promised to keep."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.support.devices import in_the_field
from tests.support.memory_server import MemoryServer

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "tests.support.killed_device"]
SLOW = [pytest.param(where, marks=pytest.mark.slow) for where in ("disk.py:1", ":5")]


@pytest.mark.parametrize("where", ["disk.py:5", *SLOW])
def test_death_at_any_line_loses_nothing(tmp_path: Path, office: MemoryServer, where: str) -> None:
    office.always_backed_up = True
    told = subprocess.run(
        [*PROGRAM, "lines", office.url, str(tmp_path), where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    promised = told.stdout.split()
    held = Counter(office.held())
    assert len(promised) > 3 * 3
    assert [name for name in promised if held[name] != 1] == []
    assert set(held.values()) == {1}
    assert office.journal.verify() == ()


def test_a_killed_device_loses_nothing(tmp_path: Path, office: MemoryServer) -> None:
    chance = random.Random(2026)
    promised: list[str] = []
    for life in range(5):
        program = subprocess.Popen(
            [*PROGRAM, "work", office.url, str(tmp_path), str(life)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert program.stdout is not None
        promised.append(program.stdout.readline().strip())
        time.sleep(chance.uniform(0.0, 0.3))
        program.kill()
        rest, _ = program.communicate()
        # a name that the kill cut short was not told in full, hence not promised
        promised += [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    with in_the_field(tmp_path, office.url) as field:
        assert field.device.push().left == 0
    held = Counter(office.held())
    assert [name for name in promised if held[name] != 1] == []
    assert set(held.values()) == {1}
