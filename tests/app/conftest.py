"""What tests of the service may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.db import make_engine
from app.core.migrate import migrate
from app.core.postgres import EmbeddedPostgres
from tests.conftest import cloned
from tests.support.office import OpenOffice, furnish, open_office


@pytest.fixture(scope="session")
def furnished(server: str, template: str) -> Iterator[str]:
    """The name of a database with people, areas and a questionnaire; nobody writes to it again."""
    with cloned(server, template) as url:
        engine = make_engine(url)
        furnish(engine)
        engine.dispose()
        yield str(sa.make_url(url).database)


@pytest.fixture
def office(server: str, furnished: str, tmp_path: Path) -> Iterator[OpenOffice]:
    """An open office of the test's own."""
    with cloned(server, furnished) as url:
        engine = make_engine(url)
        yield open_office(engine, tmp_path)
        engine.dispose()


@pytest.fixture(scope="session")
def furnished_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a PostgreSQL of its own, furnished and stopped, to be copied."""
    house = tmp_path_factory.mktemp("house")
    postgres = EmbeddedPostgres(house / "postgres")
    engine = make_engine(postgres.start())
    migrate(engine)
    furnish(engine)
    engine.dispose()
    postgres.stop()
    return house
