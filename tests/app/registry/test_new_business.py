"""A new business, from the shipped questionnaire to the list of the next phone."""

import threading
from collections.abc import Iterator

import pytest

from app import worker
from app.core.db import reading
from app.projections import backlog
from tests.app.test_survival import wait_for
from tests.support.collect import Phone
from tests.support.office import SUB_SLS, OpenOffice

NEW = {"presence": "2", "unit_id": "", "new_kind": "1", "business_name": "WARUNG BARU CONTOH"}


@pytest.fixture
def working(office: OpenOffice) -> Iterator[OpenOffice]:
    """An office whose worker runs as it does beside the service."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(office.engine, stop))
    thread.start()
    yield office
    stop.set()
    thread.join()


def listed(office: OpenOffice, user: str) -> dict[str, str]:
    """Give names by id as a phone that refreshes now has them."""
    phone = Phone(office.client, office.openrosa(user), user)
    phone.update()
    return {name: one.label for name, one in phone.entities.get("usaha", {}).items()}


def is_read(office: OpenOffice) -> bool:
    with reading(office.engine) as session:
        return backlog(session) == 0


def test_a_new_business_is_in_the_next_list(working: OpenOffice) -> None:
    assert working.send("ppl01", working.submission("new", NEW)).status_code == 201
    wait_for(lambda: is_read(working))  # a list that changes under a download fits no manifest
    found = listed(working, "pml01")
    assert list(found.values()) == ["WARUNG BARU CONTOH"]
    assert listed(working, "ppl01") == found
    assert listed(working, "ppl02") == {}


def test_a_correction_changes_it_and_makes_no_second_one(office: OpenOffice) -> None:
    known = {**NEW, "fresh_id": "5bb4a3c4-7f43-4f0e-9d57-3c6a4d1c9a01"}
    office.send("ppl01", office.submission("new", known))
    named = {**known, "business_name": "WARUNG SUDAH BERNAMA"}
    office.send("ppl01", office.submission("mended", named, edit_of="new"))
    office.settle()
    assert listed(office, "ppl01") == {known["fresh_id"]: "WARUNG SUDAH BERNAMA"}


def test_a_business_that_is_not_on_the_list_is_held_and_lost_to_nobody(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("found"))
    office.settle()
    assert listed(office, "ppl01") == {}
    answer = office.client.get(
        "/api/v1/units", params={"area": SUB_SLS}, headers=office.bearer("ppl01")
    )
    assert len(answer.json()["items"]) == 1
