"""Test submissions of a draft cost the service no more than others do."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import sqlalchemy as sa

from app.core.db import reading
from app.intake.memory import Memory
from app.main import create_app
from app.questionnaires import draft_repository
from tests.app.questionnaires.test_drafts import filled, market, uploaded
from tests.conftest import NOON
from tests.support.office import OpenOffice


@pytest.mark.anyio
async def test_a_test_submission_waits_for_memory_and_holds_no_connection(
    office: OpenOffice,
) -> None:
    draft = uploaded(office, "one", market())
    address = f"{office.openrosa('ppl01')}/draf/{draft.id}/submission"
    service = create_app(office.settings, office.engine, lambda: NOON)
    service.state.memory = memory = Memory(1000)
    pool, came = office.engine.pool, asyncio.Event()
    assert isinstance(pool, sa.QueuePool)

    async def slowly() -> AsyncIterator[bytes]:
        held = pool.checkedout()
        yield filled("2")
        came.set()
        assert held == 0

    def kept() -> int:
        with reading(office.engine) as session:
            return draft_repository.trial_count(session, draft.id)

    transport = httpx.ASGITransport(service)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as phone:
        async with memory.holding(1000):
            sent = asyncio.create_task(phone.post(address, content=slowly()))
            await came.wait()
            await asyncio.wait([sent], timeout=0.2)
            assert (sent.done(), kept()) == (False, 0)
        assert ((await sent).status_code, kept()) == (201, 1)
        large = office.settings.max_submission_mb * 1_000_000 + 1
        assert (await phone.post(address, content=b" " * large)).status_code == 413
        assert kept() == 1
