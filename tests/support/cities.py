"""Invented cities in files, as commands read them."""

from pathlib import Path

import pytest

from matching.truth.files import write
from matching.truth.make import make_truth


def city_of(factory: pytest.TempPathFactory, records: int, seed: int) -> Path:
    """Write an invented city with its truth; give its folder."""
    folder = factory.mktemp("city")
    write(make_truth(records, seed), folder)
    return folder
