"""What a process loads before its first work: after a crash, somebody waits for it."""

import json
import subprocess
import sys

_LATE = ("altair", "alembic", "duckdb", "openpyxl", "polars", "pyarrow", "pyxform", "splink")
_LATE_FOR_A_WORKER = (*_LATE, "jinja2", "numpy", "scipy", "uvicorn")
_ASK = "import json, sys; import {}; sys.stdout.write(json.dumps(sorted(sys.modules)))"


def loaded_by(module: str) -> set[str]:
    asked = subprocess.run(
        [sys.executable, "-c", _ASK.format(module)], check=True, capture_output=True, text=True
    )
    return set(json.loads(asked.stdout))


def test_a_worker_starts_without_what_its_first_batch_does_not_need() -> None:
    assert loaded_by("app.worker").isdisjoint(_LATE_FOR_A_WORKER)


def test_the_service_starts_without_what_few_requests_need() -> None:
    assert loaded_by("app.main").isdisjoint(_LATE)
