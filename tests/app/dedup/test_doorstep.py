"""The warning at the door: what a phone fetches, and what it can say with it."""

import base64

from matching.doorstep import Marker, shipped, unpacked
from matching.record import FIELD, Record
from tests.app.dedup.test_office import bring_prelist
from tests.support.office import ELSEWHERE, SUB_SLS, OpenOffice

PATH = f"/api/v1/doorstep/{SUB_SLS}"
TYPED = Record(
    record_id="",
    source=FIELD,
    name="Bt. Sekar Jlamprang",
    owner="Ibu Siti Contohwati",
    address="Gg Contoh 3 No. 17",
)


def test_a_phone_can_warn_of_what_is_listed_and_holds_no_name(office: OpenOffice) -> None:
    bring_prelist(office)
    office.settle()
    bearer = office.bearer("ppl01")
    answer = office.client.get(PATH, headers=bearer)
    told = answer.json()
    rows = unpacked(base64.b64decode(told["rows"]))
    marker, weights = Marker(told["key"]), shipped()
    typed = marker.marks(TYPED)
    warned = [each.unit for each in rows if weights.quarters(typed, each) >= weights.warning]
    assert len(rows) == 2
    assert warned == [marker.bucket("unit", "IDSBR0000001", 1 << 16)]
    assert not any(word in answer.text.upper() for word in ("SEKAR", "CONTOHWATI", "IDSBR"))
    again = office.client.get(PATH, headers=bearer | {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    shared = office.client.get("/api/v1/doorstep", headers=bearer).json()
    assert shared["warning"] == weights.warning


def test_only_who_works_there_is_told(office: OpenOffice) -> None:
    for user, status in (("ppl02", 404), ("pml01", 200), ("analis", 403)):
        assert office.client.get(PATH, headers=office.bearer(user)).status_code == status
    away = office.client.get(f"/api/v1/doorstep/{ELSEWHERE}", headers=office.bearer("ppl01"))
    assert away.status_code == 404
    assert office.client.get("/api/v1/doorstep").status_code == 401
