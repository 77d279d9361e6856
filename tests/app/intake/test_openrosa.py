from hashlib import md5
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import etree
from sqlmodel import Session

from app.core.db import reading
from app.core.settings import Settings
from app.intake.models import JournalEntry, Quarantined
from app.intake.repository import receipt_counts, walk
from app.intake.verify import Walked, verify
from app.main import create_app
from tests.conftest import NOON
from tests.support.asgi import Caller
from tests.support.office import OpenOffice, instance

XF = "{http://openrosa.org/xforms/xformsList}"
XM = "{http://openrosa.org/xforms/xformsManifest}"
PNG = b"\x89PNG\r\n\x1a\n invented"


def entries(office: OpenOffice) -> list[tuple[str, str]]:
    with reading(office.engine) as session:
        return [(each.kind, str(each.outcome)) for each in walk(session, "3375")]


def quarantined(office: OpenOffice) -> list[tuple[str, bytes]]:
    with reading(office.engine) as session:
        rows = session.execute(sa.select(Quarantined).order_by(Quarantined.id)).scalars()  # type: ignore[arg-type]
        return [(row.reason, row.body) for row in rows]


def test_a_form_client_lists_downloads_and_sends(office: OpenOffice) -> None:
    door = office.openrosa("ppl01")
    listing = office.client.get(f"{door}/formList")
    assert listing.status_code == 200
    assert listing.headers["X-OpenRosa-Version"] == "1.0"
    assert listing.headers["Content-Type"] == "text/xml; charset=utf-8"
    (form,) = etree.fromstring(listing.content)
    told = {etree.QName(child).localname: child.text or "" for child in form}
    assert told["formID"] == "se2026_l"

    xform = office.client.get(told["downloadUrl"])
    assert f"md5:{md5(xform.content, usedforsecurity=False).hexdigest()}" == told["hash"]

    manifest = office.client.get(told["manifestUrl"])
    names = [name.text for name in etree.fromstring(manifest.content).iter(f"{XM}filename")]
    assert names == ["kbli.csv", "kelurahan.csv", "perbaikan.csv", "usaha.csv", "wilayah.csv"]
    for file in etree.fromstring(manifest.content):
        url, digest = file.findtext(f"{XM}downloadUrl"), file.findtext(f"{XM}hash")
        body = office.client.get(str(url)).content
        assert digest == f"md5:{md5(body, usedforsecurity=False).hexdigest()}"

    head = office.client.request("HEAD", f"{door}/submission")
    assert head.status_code == 204
    taken = office.settings.max_request_mb * 1_000_000
    assert 5_000_000 < int(head.headers["X-OpenRosa-Accept-Content-Length"]) < taken - 1_000_000
    sent = office.send("ppl01", office.submission("a"), **{"front.jpg": PNG})
    assert sent.status_code == 201
    assert b"submit_success" in sent.content
    assert entries(office) == [("submission", "stored")]


def test_what_is_downloaded_again_unchanged_costs_a_304(office: OpenOffice) -> None:
    url = f"{office.openrosa('ppl01')}/formList"
    etag = office.client.get(url).headers["ETag"]
    again = office.client.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_bad_token_is_told_so(office: OpenOffice) -> None:
    for method, path in (("GET", "formList"), ("POST", "submission"), ("HEAD", "submission")):
        assert office.client.request(method, f"/openrosa/guessed/{path}").status_code == 403
    parts = {"xml_submission_file": ("s.xml", office.submission("a"), "text/xml")}
    answer = office.client.post("/openrosa/guessed/submission", files=parts)
    (message,) = etree.fromstring(answer.content)  # an app shows this, and of all else the address
    assert (answer.status_code, message.get("nature")) == (403, "submit_failure")
    assert "kode QR baru" in str(message.text)


def test_a_post_that_is_as_large_as_was_told_is_taken(office: OpenOffice, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, public_url="http://testserver", max_request_mb=1)
    app = create_app(settings, office.engine, lambda: NOON)
    small = OpenOffice(Caller(app, base_url="http://testserver"), office.engine, settings)
    head = small.client.request("HEAD", f"{small.openrosa('ppl01')}/submission")
    body, names = small.submission("a"), [f"foto-{number:064}.jpg" for number in range(101)]
    room = int(head.headers["X-OpenRosa-Accept-Content-Length"]) - len(body)
    files = dict.fromkeys(names, b"") | {names[0]: b"x" * room}
    assert small.send("ppl01", body, **files).status_code == 201


@pytest.mark.parametrize("user", ["pemkot", "analis"])
def test_a_token_of_somebody_who_sees_aggregates_opens_nothing(
    office: OpenOffice, user: str
) -> None:
    media = office.client.get(f"{office.openrosa(user)}/formList")
    assert media.status_code == 403
    assert office.send(user, office.submission("a")).status_code == 403


def test_the_same_again_is_a_duplicate_and_something_else_a_rival(office: OpenOffice) -> None:
    first = office.submission("a")
    other = office.submission("a", {"business_name": "NAMA LAIN"})
    assert [office.send("ppl01", body).status_code for body in (first, first, other, other)] == [
        201, 201, 201, 201,
    ]  # fmt: skip
    assert entries(office) == [("submission", "stored"), ("submission", "rival")]
    with reading(office.engine) as session:
        counts = receipt_counts(session, "3375")
    assert counts == {"duplicate": 2, "rival": 1, "stored": 1}


def test_the_bytes_are_kept_as_they_came(office: OpenOffice) -> None:
    body = b"<?xml version='1.0'?>\r\n" + office.submission("a").partition(b"?>")[2] + b"\n\n"
    office.send("ppl01", body)
    with reading(office.engine) as session:
        (entry,) = walk(session, "3375")
    assert entry.body == body


def test_files_that_come_with_a_later_part_are_kept_too(office: OpenOffice) -> None:
    body = office.submission("a")
    office.send("ppl01", body, **{"front.jpg": PNG})
    office.send("ppl01", body, **{"back.jpg": PNG + b"2"})
    office.send("ppl01", body, **{"back.jpg": PNG + b"2"})
    with reading(office.engine) as session:
        kept = [
            (each.kind, [file.name for file in each.attachments]) for each in walk(session, "3375")
        ]
    assert kept == [("submission", ["front.jpg"]), ("attachment", ["back.jpg"])]


def test_names_that_a_database_cannot_hold_cost_no_submission(office: OpenOffice) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n\r\n%b\r\n'
    body = part % (b"xml_submission_file", b"s.xml", office.submission("a"))
    body += part % (b"photo", b"fr\x00ont.jpg", PNG) + b"--x--\r\n"
    answer = office.client.post(
        f"{office.openrosa('ppl01')}/submission?deviceID=a%00b",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 201
    with reading(office.engine) as session:
        (entry,) = walk(session, "3375")
    assert [file.name for file in entry.attachments] == ["front.jpg"]
    assert (office.settings.data_dir / "blobs").stat().st_mode & 0o077 == 0


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]><data id="x">&lol2;</data>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE data [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<data id="se2026_l"><meta><instanceID>uuid:1</instanceID></meta><a>&x;</a></data>"""
RUBBISH = {
    "not XML": (b"PK\x03\x04 not xml at all", "not_xml", 400),
    "empty": (b"", "not_xml", 400),
    "billion laughs": (BILLION_LAUGHS, "has_doctype", 400),
    "external entity": (EXTERNAL, "has_doctype", 400),
    "wrong encoding": (b"<?xml version='1.0'?><data id='x'>\xff\xfe</data>", "not_xml", 400),
    "no instance id": (b"<data id='se2026_l' version='1'><meta/></data>", "no_instance_id", 400),
    "no form": (b"<data><meta><instanceID>u:1</instanceID></meta></data>", "not_a_submission", 400),
    "20 MB": (b"<data id='x'>" + b"a" * 20_000_000 + b"</data>", "too_large", 413),
    "too deep": (b"<data id='x'>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</data>", "too_deep", 400),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(RUBBISH))
def test_rubbish_is_answered_and_kept(office: OpenOffice, case: str) -> None:
    body, reason, status = RUBBISH[case]
    answer = office.send("ppl01", body)
    assert answer.status_code == status
    assert b"submit_failure" in answer.content
    ((kept_reason, kept),) = quarantined(office)
    assert kept_reason == reason
    assert body in kept
    assert entries(office) == []
    assert office.send("ppl01", office.submission("a")).status_code == 201


def test_half_a_multipart_is_answered_and_kept(office: OpenOffice) -> None:
    head = b'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"'
    body = b"--xyz\r\n" + head + b"\r\n\r\n<data id"
    answer = office.client.post(
        f"{office.openrosa('ppl01')}/submission",
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=xyz"},
    )
    assert answer.status_code == 400
    assert quarantined(office) == [("half_multipart", body)]


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "x" * 5000])
def test_a_multipart_that_names_no_usable_boundary_is_answered(
    office: OpenOffice, boundary: str
) -> None:
    answer = office.client.post(
        f"{office.openrosa('ppl01')}/submission",
        content=b"anything",
        headers={"Content-Type": f"multipart/form-data{boundary}"},
    )
    assert answer.status_code == 400
    assert [body for _, body in quarantined(office)] == [b"anything"]


def test_an_unknown_form_is_stored_all_the_same(office: OpenOffice) -> None:
    body = b"<data id='other_form' version='7'><meta><instanceID>uuid:o</instanceID></meta></data>"
    assert office.send("ppl01", body).status_code == 201
    assert entries(office) == [("submission", "stored")]


def test_a_refusal_speaks_the_callers_language(office: OpenOffice) -> None:
    url = f"{office.openrosa('ppl01')}/submission"
    told = {
        language: office.client.post(
            url, content=b"rubbish", headers={"Accept-Language": language}
        ).text
        for language in ("id-ID", "en-GB")
    }
    assert "Kirim ulang" in told["id-ID"]
    assert "Send it again" in told["en-GB"]


def test_an_account_without_a_regency_cannot_send(office: OpenOffice) -> None:
    assert office.send("pusat", office.submission("a")).status_code == 403


def test_a_successor_may_come_before_what_it_replaces(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("b", edit_of="a"))
    office.send("ppl01", office.submission("a"))
    office.settle()
    rows = office.client.get("/api/v1/documents", headers=office.bearer("admin")).json()["rows"]
    assert [(row["document_id"], row["version_count"]) for row in rows] == [(instance("a"), 2)]


def test_the_journal_is_only_appended_to(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("a"))
    for attack in (
        "UPDATE journal_entry SET actor = 'nobody'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
    ):
        with (
            office.engine.connect() as connection,
            pytest.raises(sa.exc.DBAPIError, match="append"),
        ):
            connection.exec_driver_sql(attack)


def test_the_chain_tells_when_somebody_changed_an_entry(office: OpenOffice) -> None:
    for name in "abc":
        office.send("ppl01", office.submission(name))
    with Session(office.engine) as session:
        assert verify(session, "3375", Walked()) == []
        session.execute(sa.text("ALTER TABLE journal_entry DISABLE TRIGGER USER"))
        session.execute(
            sa.update(JournalEntry).where(JournalEntry.position == 2).values(actor="somebody else")  # type: ignore[arg-type]
        )
        walked = Walked()
        found = [(each.position, each.what) for each in verify(session, "3375", walked)]
        session.rollback()
    assert found == [(2, "hash")]
    assert walked.entries == 3


def test_the_same_rubbish_again_is_kept_once(office: OpenOffice) -> None:
    for _ in range(3):
        assert office.send("ppl01", b"rubbish").status_code == 400
    assert len(quarantined(office)) == 1
