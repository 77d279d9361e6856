from collections.abc import Iterator

import pytest

from tests.support.memory_server import MemoryServer, serving


@pytest.fixture
def office() -> Iterator[MemoryServer]:
    with serving(MemoryServer()) as running:
        yield running
