"""The region tree of Kota Pekalongan in a real database."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.areas.reference import kota_pekalongan
from app.areas.schemas import ImportReport
from app.areas.service import import_areas
from app.core.db import writing
from tests.conftest import NOON

Import = Callable[..., ImportReport]

# invented: two SLS of Medono, one of them in two parts
SLS = """code,name,expected_load
33750100040001,RT 001 RW 001,60
3375010004000100,RT 001 RW 001,60
33750100040002,RT 002 RW 001,90
3375010004000201,RT 002 RW 001 bagian 1,40
3375010004000202,RT 002 RW 001 bagian 2,50
"""


@pytest.fixture
def bring(engine: sa.Engine) -> Import:
    """Import a table in a transaction of its own."""

    def imported(table: str | bytes, **options: bool) -> ImportReport:
        body = table.encode() if isinstance(table, str) else table
        with writing(engine) as session:
            return import_areas(session, body, label="uji", actor="test", now=NOON, **options)

    return imported


@pytest.fixture
def city(bring: Import) -> Import:
    """Kota Pekalongan with some SLS, and the way to import more."""
    assert bring(kota_pekalongan()).outcome == "imported"
    assert bring(SLS).outcome == "imported"
    return bring
