"""What officers are told: in an area, for some days, until it is taken back."""

from typing import Any
from uuid import UUID

import pytest

from tests.support.office import JENGGOT, SUB_SLS, OpenOffice
from tests.support.pulling import Puller

ID = str(UUID(int=1))


def announce(office: OpenOffice, by: str, area: str, number: int = 1, **told: str) -> Any:
    said = {
        "announcement_id": str(UUID(int=number)),
        "title": "Hujan lebat",
        "text": "Pakai sampul plastik untuk tablet.",
        "area": area,
        "valid_from": "2026-07-01",
        "valid_until": "2026-07-05",
        **told,
    }
    answer = office.client.post("/api/v1/announcements", json=said, headers=office.bearer(by))
    office.settle()
    return answer


def heard(office: OpenOffice, user: str) -> list[object]:
    device = Puller(office, user)
    device.pull()
    return [each["title"] for each in device.payloads("announcement")]


def read(office: OpenOffice, user: str, **query: str) -> list[dict[str, Any]]:
    answer = office.client.get("/api/v1/announcements", params=query, headers=office.bearer(user))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_all_who_work_in_the_area_hear_it_and_nobody_else(office: OpenOffice) -> None:
    assert announce(office, "pml01", JENGGOT).status_code == 201
    assert announce(office, "admin", "3375", 2, title="Rapat").status_code == 201
    assert heard(office, "ppl01") == ["Hujan lebat", "Rapat"]
    assert heard(office, "ppl02") == ["Rapat"]
    assert [each["title"] for each in read(office, "ppl02")] == ["Rapat"]
    assert {each["announced_by"] for each in read(office, "pml01")} == {
        "Contoh pml01",
        "Contoh admin",
    }


def test_what_is_taken_back_leaves_the_devices(office: OpenOffice) -> None:
    announce(office, "pml01", SUB_SLS)
    device = Puller(office, "ppl01")
    device.pull()
    said = {"decision_id": str(UUID(int=9))}
    path = f"/api/v1/announcements/{ID}/withdrawal"
    strange = office.client.post(path, json=said, headers=office.bearer("pml02"))
    assert strange.status_code == 404
    assert office.client.post(path, json=said, headers=office.bearer("pml01")).status_code == 201
    office.settle()
    device.pull()
    assert [(each.kind, each.payload) for each in device.heard] == [("announcement", None)]
    assert read(office, "ppl01") == []
    assert [each["is_withdrawn"] for each in read(office, "ppl01", every="true")] == [True]


def test_only_what_holds_today_is_shown(office: OpenOffice) -> None:
    announce(office, "admin", "3375", 1, valid_from="2026-06-30", valid_until="2026-06-30")
    announce(office, "admin", "3375", 2, valid_from="2026-07-02")
    assert read(office, "ppl01") == []
    assert len(read(office, "ppl01", every="true")) == 2
    assert len(heard(office, "ppl01")) == 2  # a device is offline when the day comes


def test_the_same_again_is_the_same(office: OpenOffice) -> None:
    first = announce(office, "pml01", JENGGOT).json()
    again = announce(office, "pml01", JENGGOT).json()
    assert (first["outcome"], again["outcome"]) == ("stored", "duplicate")
    assert first["position"] == again["position"]


@pytest.mark.parametrize(
    ("by", "area", "told", "status"),
    [
        ("ppl01", SUB_SLS, {}, 403),
        ("pml01", "3375", {}, 403),
        ("pml01", "3301", {}, 403),
        ("admin", "33750", {}, 422),
        ("pusat", "", {}, 422),
        ("admin", "3375", {"title": " \x00"}, 422),
        ("admin", "3375", {"text": "x" * 4001}, 422),
        ("admin", "3375", {"valid_until": "2026-06-30"}, 422),
        ("admin", "3375", {"valid_from": "kemarin"}, 422),
    ],
)
def test_what_nobody_may_announce(
    office: OpenOffice, by: str, area: str, told: dict[str, str], status: int
) -> None:
    assert announce(office, by, area, **told).status_code == status
    assert heard(office, "ppl01") == []
