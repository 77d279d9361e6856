"""Plain submissions are answered before the house, and no client can tell."""

import asyncio

import httpx
import pytest
import sqlalchemy as sa

from app.core.db import reading, writing
from app.intake.lanes import LaneQueues
from app.intake.quick_door import QuickDoor
from app.intake.repository import receipt_counts, walk
from app.main import create_app
from sync.journal import breaks
from tests.conftest import NOON
from tests.support.office import OpenOffice

PATH = "/openrosa/token-ppl01/submission?deviceID=collect%3Aabc"
USUAL = {"Cookie": "theme=dark"}  # whoever brings a cookie is no form client


def post(office: OpenOffice, name: str, path: str = PATH, **headers: str) -> httpx.Request:
    return post_of(office.submission(name), path, **headers)


def post_of(body: bytes, path: str = PATH, **headers: str) -> httpx.Request:
    files = {"xml_submission_file": ("submission.xml", body, "text/xml")}
    return httpx.Request("POST", f"http://office.test{path}", files=files, headers=headers)


class Watched:
    """The house behind the door, counting what gets there."""

    def __init__(self, office: OpenOffice) -> None:
        service = create_app(office.settings, office.engine, lambda: NOON)
        door = service.build_middleware_stack()
        assert isinstance(door, QuickDoor)
        self.house, self.visits, self.submissions = door._behind, 0, service.state.submissions
        door._behind = self
        service.middleware_stack = door
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(service))

    async def __call__(self, *line: object) -> None:
        self.visits += 1
        await self.house(*line)  # type: ignore[arg-type]


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, dict(sorted(answer.headers.items()))


async def known(house: Watched, office: OpenOffice) -> None:
    """Let the lane of the sender be known; the first of a sender takes the ordinary way."""
    answer = await house.client.send(post(office, "first"))
    assert (answer.status_code, house.visits) == (201, 1)
    house.visits = 0


@pytest.mark.anyio
async def test_both_ways_answer_the_same(office: OpenOffice) -> None:
    house = Watched(office)
    await known(house, office)
    for language in ("id", "en-GB,en;q=0.9"):
        quick = await house.client.send(post(office, "a", **{"Accept-Language": language}))
        assert house.visits == 0
        usual = {**USUAL, "Accept-Language": language}
        slow = await house.client.send(post(office, "a", **usual))
        assert house.visits == 1
        assert told(quick) == told(slow)
        house.visits = 0
    house.submissions.close()
    with reading(office.engine) as session:
        assert receipt_counts(session, "3375") == {"stored": 2, "duplicate": 3}
        assert {entry.device for entry in walk(session, "3375")} == {"collect:abc"}


@pytest.mark.anyio
async def test_many_at_one_moment_are_chained_once_each(office: OpenOffice) -> None:
    house = Watched(office)
    await known(house, office)
    names = [f"n{number % 20}" for number in range(40)]
    answers = await asyncio.gather(*(house.client.send(post(office, each)) for each in names))
    assert {each.status_code for each in answers} == {201}
    assert house.visits == 0
    house.submissions.close()
    with reading(office.engine) as session:
        entries = list(walk(session, "3375"))
        assert len(entries) == 21
        assert list(breaks(entries)) == []
        assert receipt_counts(session, "3375") == {"stored": 21, "duplicate": 20}


@pytest.mark.anyio
async def test_what_is_not_plain_is_answered_by_the_house(office: OpenOffice) -> None:
    house = Watched(office)
    await known(house, office)
    strange = [
        (post_of(b"<data"), 400),
        (post(office, "b", "/openrosa/token-nobody/submission"), 403),
        (post(office, "b", "/openrosa/submission"), 401),
        (httpx.Request("POST", f"http://office.test{PATH}", content=office.submission("c")), 201),
    ]
    for request, status in strange:
        answer = await house.client.send(request)
        assert answer.status_code == status
    assert house.visits == len(strange)
    house.submissions.close()


@pytest.mark.anyio
async def test_a_revoked_token_and_a_moved_officer_are_no_longer_of_the_lane(
    office: OpenOffice,
) -> None:
    house = Watched(office)
    await known(house, office)
    change = "UPDATE account_area SET area_code = '3326' WHERE account_id = (SELECT id FROM account"
    with writing(office.engine) as session:
        session.execute(sa.text(f"{change} WHERE user_name = 'ppl01')"))
    assert (await house.client.send(post(office, "moved"))).status_code == 201
    assert house.visits == 1
    with writing(office.engine) as session:
        session.execute(sa.text("UPDATE openrosa_token SET revoked_at = now()"))
    assert (await house.client.send(post(office, "late"))).status_code == 201
    assert house.visits == 2
    house.submissions.close()
    with reading(office.engine) as session:
        doors = [entry.door for entry in walk(session, "3326")]
    assert doors == ["openrosa", "openrosa-revoked"]


@pytest.mark.anyio
async def test_a_connection_that_died_meanwhile_is_replaced(office: OpenOffice) -> None:
    house = Watched(office)
    await known(house, office)
    first = house.client.send(post(office, "a"))
    assert (await first).status_code == 201
    with writing(office.engine) as session:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        session.execute(
            sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        )
    assert (await house.client.send(post(office, "b"))).status_code == 201
    assert (await house.client.send(post(office, "c"))).status_code == 201
    house.submissions.close()
    with reading(office.engine) as session:
        assert list(breaks(walk(session, "3375"))) == []
    assert isinstance(house.submissions, LaneQueues)
