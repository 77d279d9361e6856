"""Stock ODK Collect against the service: real pyxform forms, plain OpenRosa."""

from base64 import b64encode
from datetime import timedelta
from hashlib import md5

import pytest
import sqlalchemy as sa
from lxml import etree

from app.core.db import reading, table_of, writing
from app.core.ids import named_id
from app.core.models import Deployment
from app.intake.repository import walk
from app.questionnaires.service import publish
from app.registry.models import Entity, EntityConflict, EntityVersion
from app.registry.prelist import import_prelist
from tests.conftest import NOON
from tests.support.collect import XM, Phone, compiled_by_pyxform
from tests.support.office import ELSEWHERE, SUB_SLS, OpenOffice, password_of

AT = NOON - timedelta(hours=2)
UNIT = "IDSBR0000001"
VISIT = """
| survey |
| | type | name | label | save_to | relevant |
| | select_one_from_file usaha.csv | unit | Usaha | | |
| | text | fresh_id | Kode | | |
| | text | sls | Sub-SLS | idsubsls | |
| | text | nama | Nama | business_name | ${fresh_id} != 'x' |
| | text | kegiatan | Kegiatan | activity | |
| | image | foto | Foto | | |
| entities |
| | list_name | entity_id | create_if | update_if | label |
| | usaha | coalesce(${unit}, ${fresh_id}) | ${unit} = '' | ${unit} != '' | ${nama} |
| settings |
| | form_id | version | form_title |
| | kunjungan | 2026070101 | Kunjungan |
"""
PRELIST = f"""unit_id,idsubsls,business_name,owner_name,address,kbli
{UNIT},{SUB_SLS},BATIK SEKAR,SITI CONTOHWATI,GG CONTOH 3,13134
IDSBR0000009,{ELSEWHERE},TOKO CONTOH,ANI CONTOHWATI,JL CONTOH 1,47111
""".encode()


@pytest.fixture
def field(office: OpenOffice) -> OpenOffice:
    """An office with a prelist and a form of visits."""
    with writing(office.engine) as session:
        publish(session, compiled_by_pyxform(VISIT), actor="test", now=NOON - timedelta(days=1))
        report = import_prelist(session, PRELIST, lane="3375", actor="test", now=NOON)
        assert report.imported
    office.settle()
    return office


def phone(office: OpenOffice, user: str = "ppl01", name: str = "phone") -> Phone:
    made = Phone(office.client, office.openrosa(user), name)
    made.update()
    return made


def fresh(name: str) -> str:
    return str(named_id("fresh", name))


def entity(office: OpenOffice, entity_id: str) -> dict[str, object] | None:
    table = table_of(Entity)
    with reading(office.engine) as session:
        row = session.execute(sa.select(table).where(table.c.entity_id == entity_id)).mappings()
        found = row.one_or_none()
    return None if found is None else dict(found)


def conflicts(office: OpenOffice) -> list[tuple[str, str | None, str, str]]:
    table = table_of(EntityConflict)
    with reading(office.engine) as session:
        rows = session.execute(sa.select(table).order_by(table.c.field)).mappings()
        return [(r["field"], r["base_value"], r["other_value"], r["value"]) for r in rows]


def test_from_list_to_form_to_submission_to_the_next_list(field: OpenOffice) -> None:
    siti, budi = phone(field), phone(field, name="other")
    assert set(siti.entities["usaha"]) == {UNIT}
    held = siti.entities["usaha"][UNIT]
    assert (held.version, held.label) == (1_000_001, "BATIK SEKAR - GG CONTOH 3")
    assert (held.fields["idsubsls"], held.fields["kbli"]) == (SUB_SLS, "13134")

    new = fresh("warung")
    answers = {"fresh_id": new, "sls": SUB_SLS, "nama": "WARUNG BARU", "kegiatan": "MAKANAN"}
    _, body = siti.write("kunjungan", answers, at=AT, create=new)
    assert siti.send(body).status_code == 201
    field.settle()
    budi.update()
    seen = budi.entities["usaha"][new]
    assert (seen.label, seen.version) == ("WARUNG BARU", 1_000_001)
    assert seen.fields["activity"] == "MAKANAN"
    changed = {**answers, "fresh_id": "", "unit": new, "kegiatan": "MINUMAN"}
    _, again = budi.write("kunjungan", changed, at=AT, update=new)
    assert budi.send(again).status_code == 201
    field.settle()
    siti.update()
    assert siti.entities["usaha"][new].version == 1_000_002
    assert siti.entities["usaha"][new].fields["activity"] == "MINUMAN"
    assert siti.entities["usaha"][new].label == "WARUNG BARU"
    assert conflicts(field) == []


def test_a_phone_of_another_area_does_not_see_them(field: OpenOffice) -> None:
    assert set(phone(field, "ppl02").entities["usaha"]) == {"IDSBR0000009"}
    assert set(phone(field, "admin").entities["usaha"]) == {UNIT, "IDSBR0000009"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_an_offline_chain_may_arrive_in_any_order(field: OpenOffice, order: list[int]) -> None:
    siti, new = phone(field), fresh("warung")
    told = {"fresh_id": new, "sls": SUB_SLS, "nama": "WARUNG", "kegiatan": "SATU"}
    chain = [siti.write("kunjungan", told, at=AT, create=new)[1]]
    for word in ("DUA", "TIGA"):
        later = {**told, "fresh_id": "", "unit": new, "kegiatan": word}
        chain.append(siti.write("kunjungan", later, at=AT, update=new)[1])
    for index in order:
        assert siti.send(chain[index]).status_code == 201
        field.settle()
        siti.update()
        assert new in siti.entities["usaha"], "what is held is not gone"
    found = entity(field, new)
    assert found is not None
    assert (found["number"], found["held_count"], found["conflict_count"]) == (3, 0, 0)
    assert found["fields"] == {
        "idsubsls": SUB_SLS, "business_name": "WARUNG", "activity": "TIGA",
    }  # fmt: skip
    assert siti.entities["usaha"][new].version == 1_000_003


def test_what_waits_is_held_and_told(field: OpenOffice) -> None:
    siti, new = phone(field), fresh("warung")
    told = {"fresh_id": new, "sls": SUB_SLS, "nama": "WARUNG", "kegiatan": "SATU"}
    siti.write("kunjungan", told, at=AT, create=new)
    _, later = siti.write("kunjungan", {"unit": new, "kegiatan": "DUA"}, at=AT, update=new)
    siti.send(later)
    field.settle()
    found = entity(field, new)
    assert found is not None
    assert (found["number"], found["held_count"]) == (0, 1)
    assert new not in phone(field, name="other").entities["usaha"]


def test_two_who_change_one_entity_are_told_field_by_field(field: OpenOffice) -> None:
    siti, budi = phone(field), phone(field, name="other")
    first = {"unit": UNIT, "nama": "BATIK SATU", "kegiatan": "CAP", "sls": SUB_SLS}
    second = {"unit": UNIT, "nama": "BATIK DUA", "sls": SUB_SLS}
    siti.send(siti.write("kunjungan", first, at=AT, update=UNIT)[1])
    budi.send(budi.write("kunjungan", second, at=AT, update=UNIT)[1])
    field.settle()
    assert conflicts(field) == [
        ("business_name", "BATIK SEKAR", "BATIK SATU", "BATIK DUA"),
        ("label", "BATIK SEKAR - GG CONTOH 3", "BATIK SATU", "BATIK DUA"),
    ]
    found = entity(field, UNIT)
    assert found is not None
    assert isinstance(found["fields"], dict)
    assert found["fields"]["business_name"] == "BATIK DUA"
    assert found["fields"]["kbli"] == "13134"


def test_an_edit_changes_what_it_corrects(field: OpenOffice) -> None:
    siti, new = phone(field), fresh("warung")
    told = {"fresh_id": new, "sls": SUB_SLS, "nama": "WARUNK", "kegiatan": "MAKANAN"}
    first, body = siti.write("kunjungan", told, at=AT, create=new)
    mended = {**told, "nama": "WARUNG"}
    _, edit = siti.write("kunjungan", mended, at=AT, create=new, edit_of=first)
    for sent in (edit, body):
        assert siti.send(sent).status_code == 201
        field.settle()
    found = entity(field, new)
    assert found is not None
    assert (found["label"], found["number"], found["conflict_count"]) == ("WARUNG", 2, 0)


def test_a_large_submission_comes_in_parts(field: OpenOffice) -> None:
    siti, new = phone(field), fresh("warung")
    told = {"fresh_id": new, "sls": SUB_SLS, "nama": "WARUNG"}
    _, body = siti.write("kunjungan", told, at=AT, create=new)
    assert siti.send(body, incomplete=True, **{"a.jpg": b"satu"}).status_code == 201
    assert siti.send(body, **{"b.jpg": b"dua"}).status_code == 201
    field.settle()
    found = entity(field, new)
    assert found is not None
    assert found["number"] == 1
    with reading(field.engine) as session:
        kinds = [each.kind for each in walk(session, "3375")]
    assert kinds == ["prelist", "prelist", "submission", "attachment"]


def test_a_list_that_changes_after_the_manifest_is_given_as_it_was_told(field: OpenOffice) -> None:
    mine, other = phone(field), phone(field, "ppl01", "other")
    manifest = etree.fromstring(mine.get(f"{mine.server}/manifest/kunjungan").content)
    (listed,) = [each for each in manifest if each.get("type") == "entityList"]
    address, told = str(listed.findtext(f"{XM}downloadUrl")), str(listed.findtext(f"{XM}hash"))
    answers = {"fresh_id": fresh("warung"), "sls": SUB_SLS, "nama": "WARUNG CONTOH"}
    _, body = other.write("kunjungan", answers, at=AT, create=fresh("warung"))
    assert other.send(body).status_code == 201
    field.settle()
    got = mine.get(address)
    assert f"md5:{md5(got.content).hexdigest()}" == told
    assert f'"{told.removeprefix("md5:")}' in got.headers["ETag"]
    mine.update()
    assert fresh("warung") in mine.entities["usaha"], "the next manifest tells of the next list"
    elsewhere = mine.get(address.replace("token-ppl01", "token-ppl02"))
    assert UNIT not in elsewhere.text, "what was told to one is not for others"


def test_versions_rise_with_the_epoch(field: OpenOffice) -> None:
    with writing(field.engine) as session:
        session.execute(sa.update(table_of(Deployment)).values(epoch=3))
    siti = phone(field)
    assert siti.entities["usaha"][UNIT].version == 3_000_001


def test_a_name_and_a_password_do_as_well_as_a_token(field: OpenOffice) -> None:
    bare = field.client.get("/openrosa/formList")
    assert bare.status_code == 401
    assert bare.headers["WWW-Authenticate"].startswith('Basic realm="')
    assert field.client.request("HEAD", "/openrosa/submission").status_code == 401
    siti = Phone(field.client, "/openrosa", "phone", basic("ppl01", password_of("ppl01")))
    siti.update()
    assert set(siti.entities["usaha"]) == {UNIT}
    told = {"unit": UNIT, "kegiatan": "CAP", "sls": SUB_SLS}
    _, body = siti.write("kunjungan", told, at=AT, update=UNIT)
    assert siti.send(body).status_code == 201
    field.settle()
    siti.update()
    assert siti.entities["usaha"][UNIT].version == 1_000_002
    stranger = Phone(field.client, "/openrosa", "phone", basic("ppl01", "tebakan saja"))
    assert stranger.send(body).status_code == 401


def test_guessing_passwords_is_slowed_down(field: OpenOffice) -> None:
    wrong = basic("ppl02", "tebakan saja")
    seen = [field.client.get("/openrosa/formList", headers=wrong).status_code for _ in range(7)]
    assert seen == [401, 401, 401, 401, 401, 429, 429]
    right = basic("ppl02", password_of("ppl02"))
    assert field.client.get("/openrosa/formList", headers=right).status_code == 429


def test_a_new_password_ends_what_was_remembered(field: OpenOffice) -> None:
    from app.auth.scope import NATION
    from app.auth.service import account_named, change_password

    siti = Phone(field.client, "/openrosa", "phone", basic("ppl01", password_of("ppl01")))
    siti.update()
    with writing(field.engine) as session:
        known = account_named(session, "ppl01", NATION)
        change_password(session, known.id, "sandi yang lain", actor="test", now=NOON)
    answer = field.client.get("/openrosa/formList", headers=siti.auth)
    assert answer.status_code == 401


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


def test_lists_travel_packed_and_unchanged_ones_not_at_all(field: OpenOffice) -> None:
    siti = phone(field)
    manifest = siti.get(f"{siti.server}/manifest/kunjungan")
    url = str(etree.fromstring(manifest.content).findtext(f".//{XM}downloadUrl"))
    plain = siti.get(url, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, siti.get(url)):
        known = {"If-None-Match": f"W/{answer.headers['ETag']}"}
        assert siti.get(url, **known).status_code == 304
    forms = siti.get(f"{siti.server}/forms/kunjungan.xml")
    assert forms.headers["Content-Encoding"] == "gzip"


def test_older_versions_are_listed_when_asked_for(field: OpenOffice) -> None:
    newer = compiled_by_pyxform(VISIT.replace("2026070101", "2026070102"))
    with writing(field.engine) as session:
        publish(session, newer, actor="test", now=NOON)
    listed = {}
    for query in ("", "&listAllVersions=true"):
        body = field.client.get(
            f"{field.openrosa('ppl01')}/formList?formID=kunjungan{query}"
        ).content
        found = etree.fromstring(body).iter("{*}version")
        listed[query] = [each.text for each in found]
    assert listed[""] == ["2026070102"]
    assert listed["&listAllVersions=true"] == ["2026070102", "2026070101"]


def test_every_word_is_kept_with_the_version_it_became(field: OpenOffice) -> None:
    table = table_of(EntityVersion)
    with reading(field.engine) as session:
        rows = session.execute(sa.select(table).order_by(table.c.position)).mappings().all()
    assert [(row["origin"], row["entity_id"], row["number"]) for row in rows] == [
        ("prelist", UNIT, 1), ("prelist", "IDSBR0000009", 1),
    ]  # fmt: skip
