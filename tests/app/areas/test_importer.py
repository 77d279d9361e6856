import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.areas import repository
from app.areas.models import Area, AreaRevision, AreaVersion
from app.areas.reference import kota_pekalongan
from app.areas.scope import NATION
from app.core.db import reading
from app.core.models import OutboxNote
from tests.app.areas.conftest import SLS, Import

TOP = "code,name\n33,Jawa Tengah\n3375,Kota Pekalongan\n3375010,Pekalongan Barat\n"


def errors(table: str | bytes, bring: Import) -> list[tuple[int, str]]:
    report = bring(table)
    assert report.outcome == "refused"
    assert report.version is None
    return [(error.place, error.message_id) for error in report.errors]


def rows(view: Session, model: type) -> int:
    return view.exec(select(sa.func.count()).select_from(model)).one()


def test_the_reference_holds_the_city(bring: Import, view: Session) -> None:
    report = bring(kota_pekalongan())
    assert (report.outcome, report.added, report.version) == ("imported", 33, 1)
    kelurahan = repository.of_level(view, NATION, "3375", 10)
    assert len(kelurahan) == 27
    assert all(one.postal_code and one.latitude and one.area_km2 for one in kelurahan)
    crosswalk = {one.code: one.kemendagri_code for one in repository.of_level(view, NATION, "", 7)}
    assert crosswalk == {
        "3375010": "33.75.01",
        "3375020": "33.75.02",
        "3375030": "33.75.04",  # Selatan: the registers number it and Utara the other way round
        "3375040": "33.75.03",
    }
    names = {one.code: (one.name, one.kemendagri_name) for one in kelurahan}
    assert names["3375010017"] == ("Pasirkratonkramat", "Pasirkratonkramat")
    assert names["3375040005"] == ("Kandangpanjang", "Kandang Panjang")
    assert all(
        one.kemendagri_code.startswith(crosswalk[one.parent_code] + ".") for one in kelurahan
    )


def test_the_same_file_again_changes_nothing(city: Import, view: Session) -> None:
    for table in (SLS, kota_pekalongan(), SLS.replace("\n", "\r\n")):
        report = city(table)
        assert (report.outcome, report.added, report.changed) == ("unchanged", 0, 0)
    assert rows(view, AreaVersion) == 2


def test_every_wrong_row_is_told_and_nothing_is_half_imported(bring: Import, view: Session) -> None:
    found = errors(
        "code,name,latitude,longitude,expected_load\n33,Jawa Tengah,,,\n3375,Kota Pekalongan,,,\n"
        "3375010,Pekalongan Barat,,,\n"
        "3.38E+15,Rusak,,,\n"
        "3375010004,Medono,109.66,-6.9,\n"
        "3375010007,,,,\n"
        "3375010010,Tirto,-6.89,,\n"
        "3375020007,Kauman,,,1.200\n"
        "3375020010,Poncol\n"
        "33750100070001,RT 001,,,\n",
        bring,
    )
    wrong = dict(found)
    assert [line for line, _ in found].count(6) == 2  # latitude and longitude
    assert "Kode adalah teks" in wrong[5]
    assert "tertukar" in wrong[6]
    assert "nama harus diisi" in wrong[7]
    assert "dua-duanya" in wrong[8]
    assert "bilangan bulat" in wrong[9]
    assert "berisi 2 sel, seharusnya 5" in wrong[10]
    assert 11 not in wrong  # its parent is in the file, only wrong itself
    assert (rows(view, Area), rows(view, AreaVersion)) == (0, 0)


def test_an_orphan_is_told(bring: Import) -> None:
    found = errors(TOP + "3375020007,Kauman\n33750100040001,RT 001\n", bring)
    assert [(line, "3375020," in said or "3375010004," in said) for line, said in found] == [
        (5, True),
        (6, True),
    ]


@pytest.mark.parametrize(
    ("table", "line", "says"),
    [
        (b"PK\x03\x04rest", 1, "buku kerja Excel"),
        (b"code,name\n33,Jawa\n3375,Kota \xe9\n", 3, "UTF-8"),
        (b"", 1, "Kolom code tidak ada"),
        (b"code,name\n", 1, "tidak berisi wilayah"),
        (b"kode;nama;warna\n33;Jawa Tengah;biru\n", 1, "'warna' tidak dikenal"),
        (b"code,name,name\n33,a,b\n", 1, "lebih dari sekali"),
        (b'code,name\n33,"Jawa\n3375,Kota\n', 2, "Tanda kutip tidak ditutup"),
        (b"code,name\n33,Jawa\x00Tengah\n", 2, "nama harus diisi"),
        (b'code,name\n33,"Jawa\nTengah"\n3375,\n', 4, "nama harus diisi"),
        (b"code,name\n33,Jawa\n33,Tengah\n", 3, "sudah ada di baris 2"),
        (b"code,name,parent\n33,Jawa,\n3375,Kota,32\n", 3, "bukan 32"),
        (b"code,name,kemendagri_code\n33,Jawa,33.75\n", 2, "bukan tingkat yang sama"),
        (b"code,name,kemendagri_code\n33,Jawa,3375\n", 2, "ditulis seperti"),
        (b"code,name,kemendagri_code\n33,Jawa,33\n34,Yogya,33\n", 3, "sudah ada di baris 2"),
        (b"code,name,postal_code\n33,Jawa,5111\n", 2, "5 angka"),
        (b"code,name,area_km2\n33,Jawa,0\n", 2, "lebih dari 0"),
        (b"code,name,latitude,longitude\n33,Jawa,abc,1e2\n", 2, "angka ditulis seperti"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    bring: Import, table: bytes, line: int, says: str
) -> None:
    assert any(at == line and says in said for at, said in errors(table, bring))


@pytest.mark.parametrize(
    "table",
    [
        "\ufeffcode;name;latitude;longitude\r\n33;Jawa Tengah;-6,9;109,6\r\n".encode(),
        b"kode\tnama\tlintang\tbujur\n\n33\tJawa Tengah\t-6.9\t109.6\n\n",
        b"Code|Name|Latitude|Longitude\n33|Jawa Tengah|-6.9|109.6",
        "code,name,latitude,longitude\n33,Jawa Tengah,-6.9,109.6\n".encode("utf-16"),
    ],
)
def test_spreadsheets_write_csv_in_many_ways(bring: Import, view: Session, table: bytes) -> None:
    assert bring(table).added == 1
    area = repository.area(view, NATION, "33")
    assert area is not None
    assert (area.name, area.latitude, area.longitude) == ("Jawa Tengah", -6.9, 109.6)


def test_a_new_version_revises_what_changed_and_keeps_what_it_does_not_say(
    city: Import, engine: sa.Engine
) -> None:
    report = city("code,name\n3375010004,Medono Baru\n3375010007,Podosugih\n")
    assert (report.outcome, report.added, report.changed, report.version) == ("imported", 0, 1, 3)
    with reading(engine) as view:
        medono = repository.area(view, NATION, "3375010004")
        said = view.exec(
            select(AreaRevision.content).where(AreaRevision.code == "3375010004")
        ).all()
    assert medono is not None
    assert (medono.name, medono.postal_code) == ("Medono Baru", "51111")
    assert [content["name"] for content in said] == ["Medono", "Medono Baru"]
    assert city("code,name,postal_code\n3375010004,Medono Baru,\n").changed == 1  # emptied


def test_kemendagri_codes_may_be_swapped_but_not_shared(city: Import, view: Session) -> None:
    taken = errors("code,name,kemendagri_code\n3375010004,Medono,33.75.01.1003\n", city)
    assert "sudah dipakai wilayah 3375010007" in taken[0][1]
    swap = (
        "code,name,kemendagri_code\n3375010004,Medono,33.75.01.1003\n"
        "3375010007,Podosugih,33.75.01.1002\n"
    )
    assert city(swap).changed == 2
    medono = repository.area(view, NATION, "3375010004")
    assert medono is not None
    assert medono.kemendagri_code == "33.75.01.1003"


def test_what_a_file_leaves_out_is_retired_only_on_demand(city: Import, view: Session) -> None:
    part = (
        "code,name\n33750100040002,RT 002 RW 001\n3375010004000201,RT 002 RW 001 bagian 1\n"
        "3375010004000203,RT 002 RW 001 bagian 3\n"
    )
    assert (city(part).added, city(part, retire_missing=True).retired) == (1, 3)
    left = [area.code for area in repository.leaves(view, NATION, "3375010004")]
    assert left == ["3375010004000201", "3375010004000203"]
    gone = view.exec(select(Area).where(Area.until_version == 4)).all()
    assert {area.code for area in gone} == {
        "33750100040001",
        "3375010004000100",
        "3375010004000202",
    }
    said = view.exec(select(AreaRevision).where(AreaRevision.version_id == 4)).all()
    assert {one.code: one.content for one in said} == {
        area.code: {"retired": True} for area in gone
    }


def test_neighbours_and_lower_levels_are_never_retired_by_a_list_of_kelurahan(
    city: Import, view: Session
) -> None:
    city("code,name\n3326,Kabupaten Pekalongan\n3326010,Kandangserang\n")
    assert city(kota_pekalongan(), retire_missing=True).outcome == "unchanged"
    without_tirto = b"".join(
        line for line in kota_pekalongan().splitlines(keepends=True) if b"Tirto" not in line
    )
    assert city(without_tirto, retire_missing=True).retired == 1
    assert repository.area(view, NATION, "3326010") is not None
    assert len(repository.leaves(view, NATION, "3375010004")) == 3


def test_a_retired_area_comes_back(city: Import, view: Session) -> None:
    city("code,name\n33750100040002,RT 002 RW 001\n", retire_missing=True)
    assert errors("code,name\n3375010004000109,Bagian 9\n", city)[0][0] == 2
    report = city(SLS)
    assert (report.added, report.changed) == (2, 0)
    assert len(repository.leaves(view, NATION, "3375010004")) == 3


def test_the_floors_above_are_told_of_new_areas(city: Import, view: Session) -> None:
    notes = view.exec(select(OutboxNote)).all()
    assert {note.lane for note in notes} == {"3375"}
    assert {note.key for note in notes} == {
        "3375",
        "3375010004000100",
        "3375010004000201",
        "3375010004000202",
    }


def test_a_regency_of_twenty_thousand_sub_sls_is_imported_whole(
    bring: Import, view: Session
) -> None:
    lines = ["code,name"]
    for kelurahan in range(100):
        lines += [f"3375010{kelurahan:03},Kelurahan {kelurahan}"]
        for sls in range(50):
            code = f"3375010{kelurahan:03}{sls:04}"
            lines += [f"{code},SLS {sls}", *(f"{code}{sub:02},Sub {sub}" for sub in range(4))]
    table = TOP + "\n".join(lines[1:])
    assert bring(table).added == 25_103
    assert bring(table).outcome == "unchanged"
    assert len(repository.leaves(view, NATION, "3375")) == 20_000
