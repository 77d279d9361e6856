"""What is larger than the service takes, whichever way it announces itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from app.core.settings import Settings
from app.main import create_app
from tests.conftest import NOON
from tests.support.office import OpenOffice

PARTS, PIECE = 40, b" " * 50_000  # 2 MB
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("door", ["forms", "batch"])
def test_it_is_refused_with_the_limit_when_all_has_come(
    office: OpenOffice, tmp_path: Path, door: str, *, announced: bool
) -> None:
    settings = Settings(data_dir=tmp_path, public_url="http://testserver", max_request_mb=1)
    service = create_app(settings, office.engine, lambda: NOON)
    address = "/api/v1/sync/push" if door == "batch" else f"{office.openrosa('ppl01')}/submission"
    headers = FORM if door == "forms" else office.bearer("ppl01")
    if announced:
        headers = {**headers, "Content-Length": str(PARTS * len(PIECE))}
    came = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal came
        for _ in range(PARTS):
            came += 1
            yield PIECE

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as phone:
            return await phone.post(address, content=body(), headers=headers)

    answer = asyncio.run(post())
    assert (answer.status_code, came) == (413, PARTS)
    if door == "forms":
        (message,) = etree.fromstring(answer.content)
        assert (message.get("nature"), "1 MB" in str(message.text)) == ("submit_failure", True)
    else:
        assert "1 MB" in answer.json()["detail"]
