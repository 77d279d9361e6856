from datetime import UTC, datetime

import pytest
from lxml import etree

from sync.codecs.openrosa import (
    FormListing,
    MediaListing,
    form_list,
    integrity,
    manifest,
    read_envelope,
    submission_response,
)
from sync.envelope import Attachment
from sync.errors import Unreadable

ORX = 'xmlns:orx="http://openrosa.org/xforms"'
ID = "<orx:instanceID>uuid:1</orx:instanceID>"


def submission(
    meta: str = "<instanceID>uuid:1</instanceID>", rest: str = "", root: str = ""
) -> bytes:
    head = f'<data id="se2026_l" version="2026061501" {root}>'
    return f"{head}{rest}<meta>{meta}</meta></data>".encode()


def test_a_submission_becomes_an_envelope_and_stays_as_it_is() -> None:
    body = submission(
        "<instanceID> uuid:2 </instanceID><deprecatedID>uuid:1</deprecatedID>",
        "<start>2026-06-15T08:00:00.000+07:00</start><end>2026-06-15T08:30:00.000+07:00</end>"
        "<deviceid>collect:abc</deviceid>",
    )
    photo = Attachment("front.jpg", "0" * 64, 3)
    envelope = read_envelope(body, attachments=[photo])
    assert envelope.body == body
    assert envelope.instance_id == "uuid:2"
    assert envelope.prior_instance_id == "uuid:1"
    assert (envelope.form_id, envelope.form_version) == ("se2026_l", "2026061501")
    assert envelope.captured_at == datetime(2026, 6, 15, 1, 30, tzinfo=UTC)
    assert envelope.device == "collect:abc"
    assert envelope.attachments == (photo,)
    assert envelope.kind == "submission"


def test_the_door_may_know_the_device_better() -> None:
    body = submission(rest="<deviceid>told</deviceid>")
    assert read_envelope(body, device="known").device == "known"


def test_a_device_that_a_database_cannot_name_costs_no_submission() -> None:
    assert read_envelope(submission(), device="a\x00\ud800b" + "c" * 400).device == "ab" + "c" * 248


@pytest.mark.parametrize(
    "body",
    [
        submission(),
        f'<d id="f" {ORX}><orx:meta>{ID}</orx:meta></d>'.encode(),
        f'<d id="f" {ORX}><meta>{ID}</meta></d>'.encode(),
        b'<d id="f" xmlns="urn:f"><meta><instanceID>uuid:1</instanceID></meta></d>',
        b'<d id="f" instanceID="uuid:1"/>',
        b'<d xmlns="urn:f" instanceID="uuid:1"/>',
        '<?xml version="1.0" encoding="UTF-16"?><d id="f" instanceID="uuid:1"/>'.encode("utf-16"),
        b'<?xml version="1.0"?><!-- c --><?pi x?><d id="f" instanceID="uuid:1"><!-- c --></d>',
    ],
)
def test_instance_ids_are_found_wherever_clients_put_them(body: bytes) -> None:
    assert read_envelope(body).instance_id == "uuid:1"


def test_a_question_named_meta_elsewhere_is_no_meta_block() -> None:
    body = b'<d id="f" xmlns:x="urn:x"><x:meta><instanceID>no</instanceID></x:meta></d>'
    assert code(body) == "no_instance_id"


@pytest.mark.parametrize("end", ["", "soon", "2026-06-15T08:30:00"])
def test_an_unusable_end_gives_way_to_the_start(end: str) -> None:
    start = "2026-06-15T08:00:00+07:00"
    envelope = read_envelope(submission(rest=f"<start>{start}</start><end>{end}</end>"))
    assert envelope.captured_at == datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def test_a_submission_without_times_is_taken() -> None:
    assert read_envelope(submission()).captured_at is None


def code(body: bytes, **limits: int) -> str:
    with pytest.raises(Unreadable) as error:
        read_envelope(body, **limits)
    return error.value.code


def laughs(encoding: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY l0 "ha">{entities}]>'
        '<d id="f" x="&l12;"><meta><instanceID>&l12;</instanceID></meta></d>'
    )
    return text.encode(encoding)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "not_xml"),
        (b"   ", "not_xml"),
        (b"{}", "not_xml"),
        (b"\x00\xff\xfe", "not_xml"),
        (submission()[:-3], "not_xml"),
        (submission() + b"<more/>", "not_xml"),
        ('<d id="f" version="é"/>'.encode("latin-1"), "not_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><d id="f"/>', "not_xml"),
        (b'<d id="f"><q>&nope;</q></d>', "not_xml"),
        (laughs("utf-8"), "has_doctype"),
        (laughs("utf-16"), "has_doctype"),
        (b"<!DOCTYPE d>" + submission(), "has_doctype"),
        (b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">' + submission(), "has_doctype"),
        (b'<!DOCTYPE d [<!ENTITY p SYSTEM "file:///etc/hostname">]>' + submission(), "has_doctype"),
        (b"<d>" * 201 + b"</d>" * 201, "too_deep"),
        (b"<d>" * 200 + b"<d/>" + b"</d>" * 200, "too_deep"),
        (("<d>" * 201 + "</d>" * 201).encode("utf-16"), "too_deep"),
        (b"<d>" * 5000 + b"</d>" * 5000, "too_deep"),
        (b"<data><meta><instanceID>uuid:1</instanceID></meta></data>", "not_a_submission"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml" instanceID="u"/>', "not_a_submission"),
        (submission(meta=""), "no_instance_id"),
        (submission(meta="<instanceID>  </instanceID>"), "no_instance_id"),
        (submission(meta=f"<instanceID>{'x' * 251}</instanceID>"), "bad_identifier"),
        (submission(meta="<instanceID>a&#10;b</instanceID>"), "bad_identifier"),
        (
            submission(meta=f"<instanceID>a</instanceID><deprecatedID>{'x' * 999}</deprecatedID>"),
            "bad_identifier",
        ),
        (f'<d id="{"x" * 251}" instanceID="u"/>'.encode(), "bad_identifier"),
    ],
)
def test_what_is_no_submission_says_why(body: bytes, expected: str) -> None:
    assert code(body) == expected


def test_depth_and_size_are_bounded_just_there() -> None:
    deep = b"<q>" * 199 + b"</q>" * 199
    body = b'<d id="f" instanceID="u">' + deep + b"</d>"
    assert read_envelope(body, max_bytes=len(body)).instance_id == "u"
    assert code(body, max_bytes=len(body) - 1) == "too_large"


def test_every_refusal_speaks_both_languages_and_tells_no_content() -> None:
    with pytest.raises(Unreadable) as error:
        read_envelope(b"<secret>3375")
    assert error.value.message_id != error.value.message_en
    assert "3375" not in error.value.message_id + error.value.message_en + str(error.value)


def test_the_form_list_is_openrosas() -> None:
    listing = FormListing(
        form_id="se2026_l",
        name='Usaha & "Toko"',
        version="1",
        digest="d" * 32,
        download_url="http://h/f.xml",
        manifest_url="http://h/m",
    )
    root = etree.fromstring(form_list([listing]))
    space = "{http://openrosa.org/xforms/xformsList}"
    assert root.tag == f"{space}xforms"
    assert {child.tag.removeprefix(space): child.text for child in root[0]} == {
        "formID": "se2026_l",
        "name": 'Usaha & "Toko"',
        "version": "1",
        "hash": "md5:" + "d" * 32,
        "descriptionText": None,
        "downloadUrl": "http://h/f.xml",
        "manifestUrl": "http://h/m",
    }


def test_a_form_without_media_names_no_manifest() -> None:
    listing = FormListing(form_id="f", name="f", version="1", digest="0", download_url="u")
    assert b"manifestUrl" not in form_list([listing])
    assert len(etree.fromstring(form_list([]))) == 0


def test_the_manifest_tells_entity_lists_from_files() -> None:
    kbli = MediaListing(filename="kbli.csv", digest="a", download_url="u")
    usaha = MediaListing(
        filename="usaha.csv", digest="b", download_url="v", integrity_url="http://h/i"
    )
    root = etree.fromstring(manifest([kbli, usaha]))
    space = "{http://openrosa.org/xforms/xformsManifest}"
    assert root.tag == f"{space}manifest"
    assert [node.get("type") for node in root] == [None, "entityList"]
    assert root[1].findtext(f"{space}integrityUrl") == "http://h/i"
    assert root[0].findtext(f"{space}hash") == "md5:a"


def test_the_response_carries_its_nature_and_only_printable_words() -> None:
    root = etree.fromstring(submission_response("diterima\x00 ✓"))
    (message,) = root
    assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
    assert (message.get("nature"), message.text) == ("submit_success", "diterima ✓")


def test_the_integrity_document_tells_what_was_deleted() -> None:
    root = etree.fromstring(integrity({"e1": True, "e2": False}))
    assert [(node.get("id"), node.findtext("deleted")) for node in root[0]] == [
        ("e1", "true"),
        ("e2", "false"),
    ]
