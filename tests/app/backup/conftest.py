from pathlib import Path

import pytest


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A place for a backup, with nothing in it yet."""
    return tmp_path / "vault"
