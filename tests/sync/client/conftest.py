from collections.abc import Iterator

import pytest

from tests.support.memory_server import MemoryServer, serving


@pytest.fixture
def server() -> Iterator[MemoryServer]:
    with serving(MemoryServer()) as running:
        yield running
