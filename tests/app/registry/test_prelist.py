import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.areas.service import import_areas
from app.core.db import writing
from app.core.settings import settings
from app.intake.models import JournalEntry
from app.registry.commands import app
from app.registry.models import PrelistUnit
from app.registry.prelist import PrelistReport
from app.registry.prelist_file import read_prelist
from tests.app.registry.conftest import HEADER, HERE, LANE, THERE, Town
from tests.conftest import NOON


def counts(report: PrelistReport) -> tuple[int, int, int]:
    assert report.imported, report.faults
    return report.new, report.changed, report.unchanged


def faults(*lines: str, header: str = HEADER) -> list[tuple[int, str]]:
    found = read_prelist("\n".join((header, *lines)).encode(), LANE)
    assert all(fault.message_id and fault.message_en for fault in found.faults)
    return [(fault.line, fault.column) for fault in found.faults]


def test_each_new_row_becomes_an_entry(town: Town) -> None:
    assert counts(town.bring(f"11,{HERE},BATIK,,,,,", f"12,{HERE},TAHU,,,,,")) == (2, 0, 0)
    entries = town.rows(JournalEntry)
    assert [(each["kind"], each["form_id"], each["door"]) for each in entries] == [
        ("prelist", "prelist", "office")
    ] * 2
    body = entries[0]["body"]
    assert isinstance(body, bytes)
    assert json.loads(body)["business_name"] == "BATIK"


@pytest.mark.parametrize("is_settled", [False, True])
def test_only_what_changed_is_said_again(town: Town, is_settled: bool) -> None:  # noqa: FBT001
    first = [f"11,{HERE},BATIK,,,,,", f"12,{HERE},TAHU,,,,,"]
    town.bring(*first)
    if is_settled:
        town.settle()
    assert counts(town.bring(*first)) == (0, 0, 2)
    assert counts(town.bring(first[1], f"13,{HERE},TEMPE,,,,,")) == (1, 0, 1)
    assert counts(town.bring(f"11,{THERE},BATIK,,,,,")) == (0, 1, 0)
    assert len(town.rows(JournalEntry)) == 4
    assert set(town.units()) == {"11", "12", "13"}


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_row_may_go_back_and_forth(town: Town, is_settled: bool) -> None:  # noqa: FBT001
    for name in ("SATU", "DUA", "SATU", "DUA", "SATU"):
        assert town.bring(f"11,{HERE},{name},,,,,").unchanged == 0
        if is_settled:
            town.settle()
    assert len(town.rows(JournalEntry)) == 5
    assert town.units()["11"].business_name == "SATU"


def test_a_lagging_registry_does_not_mislead_the_comparison(town: Town) -> None:
    town.bring(f"11,{HERE},SATU,,,,,")
    town.settle()
    town.bring(f"11,{HERE},DUA,,,,,")
    assert counts(town.bring(f"11,{HERE},DUA,,,,,")) == (0, 0, 1)
    assert counts(town.bring(f"11,{HERE},SATU,,,,,")) == (0, 1, 0)


def test_one_wrong_row_and_nothing_is_imported(town: Town) -> None:
    report = town.bring(f"11,{HERE},BATIK,,,,,", f"12,{HERE},,,,,,")
    assert not report.imported
    assert (report.rows, report.new) == (2, 0)
    assert [(fault.line, fault.column) for fault in report.faults] == [(3, "business_name")]
    assert town.rows(JournalEntry) == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f",{HERE},BATIK,,,,,", "unit_id"),
        (f"1 1,{HERE},BATIK,,,,,", "unit_id"),
        (f"{'9' * 65},{HERE},BATIK,,,,,", "unit_id"),
        (f"1.2E+10,{HERE},BATIK,,,,,", "unit_id"),
        ("11,3.37501E+15,BATIK,,,,,", "idsubsls"),
        ("11,33750100040001,BATIK,,,,,", "idsubsls"),
        ("11,,BATIK,,,,,", "idsubsls"),
        ("11,3326010004000100,BATIK,,,,,", "idsubsls"),
        (f"11,{HERE},,,,,,", "business_name"),
        (f"11,{HERE},BATIK,,,pertanian,,", "kbli"),
        (f"11,{HERE},{'A' * 301},,,,,", "business_name"),
        (f"11,{HERE},BA\x00TIK,,,,,", "business_name"),
        (f'11,{HERE},BATIK,,"JL\nCONTOH",,,', "address"),
        (f"11,{HERE},BATIK", ""),
        (f"11,{HERE},BATIK,,,,,,,", ""),
        (f'11,{HERE},"BATIK"X,,,,,', ""),
    ],
)
def test_every_wrong_row_is_told_with_its_line(line: str, column: str) -> None:
    assert faults(f"10,{HERE},TAHU,,,,,", "", line) == [(4, column)]


def test_all_faults_are_told_not_only_the_first() -> None:
    assert faults(",,,,,x,,", f"11,{HERE},A,,,,,", f"11,{HERE},B,,,,,") == [
        (2, "unit_id"), (2, "idsubsls"), (2, "business_name"), (2, "kbli"), (4, "unit_id"),
    ]  # fmt: skip


def test_lines_are_counted_as_an_editor_does() -> None:
    assert faults(f'11,{HERE},A,,"1\n2",,,', f"12,{HERE},,,,,,") == [
        (2, "address"), (4, "business_name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("", ["unit_id", "idsubsls", "business_name"]),
        ("nama,idsubsls,business_name", ["unit_id"]),
        ("idsbr,business_name,business_name", ["idsubsls", "business_name"]),
    ],
)
def test_a_header_must_name_the_columns(header: str, columns: list[str]) -> None:
    assert faults(header=header) == [(1, column) for column in columns]


def test_a_file_that_is_not_utf8_says_where() -> None:
    (fault,) = read_prelist(f"{HEADER}\n11,{HERE},Caf\xe9".encode("latin-1"), LANE).faults
    assert (fault.line, "UTF-8" in fault.told("id")) == (2, True)


def test_semicolons_byte_order_mark_and_other_orders_are_read() -> None:
    text = f"\ufeffBusiness_Name;IDSBR;catatan;idsubsls\r\nBATIK; 11 ;x;{HERE}\r\n"
    found = read_prelist(text.encode(), LANE)
    assert (found.faults, found.ignored) == ([], ("catatan",))
    assert found.rows["11"]["idsbr"] == "11"
    assert found.rows["11"]["idsubsls"] == HERE


def test_an_idsbr_may_stand_beside_the_unit_id() -> None:
    found = read_prelist(
        f"unit_id,idsbr,idsubsls,business_name\n1,,{HERE},A\n,2,{HERE},B".encode(), LANE
    )
    assert [(row["unit_id"], row["idsbr"]) for row in found.rows.values()] == [
        ("1", ""),
        ("2", "2"),
    ]


def test_where_areas_are_known_a_sub_sls_must_be_one_of_them(town: Town) -> None:
    codes = ("33", "3375", "3375010", "3375010004", HERE[:14], HERE)
    table = "\n".join(("code,name", *(f"{code},CONTOH" for code in codes)))
    with writing(town.engine) as session:
        done = import_areas(session, table.encode(), label="uji", actor="test", now=NOON)
        assert done.outcome == "imported", done
    report = town.bring(f"11,{THERE},BATIK,,,,,", f"12,{HERE},BATIK,,,,,")
    assert [(fault.line, fault.column) for fault in report.faults] == [(2, "idsubsls")]
    assert counts(town.bring(f"12,{HERE},BATIK,,,,,")) == (1, 0, 0)


def test_a_rebuild_gives_the_same_prelist(town: Town) -> None:
    town.bring(f"11,{HERE},BATIK,,,,,")
    town.settle()
    before = town.rows(PrelistUnit)
    town.rebuild()
    assert town.rows(PrelistUnit) == before


def test_a_long_prelist_is_taken_in_by_batches(town: Town) -> None:
    lines = [f"{number},{HERE},USAHA {number},,,,," for number in range(2500)]
    assert counts(town.bring(*lines)) == (2500, 0, 0)
    assert counts(town.bring(*lines)) == (0, 0, 2500)
    assert len(town.rows(JournalEntry)) == 2500


@pytest.fixture
def office(
    engine: sa.Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An office with this test's database, and where its files lie."""
    monkeypatch.setenv("SE2026_DATABASE_URL", database_url.replace("+psycopg", ""))
    monkeypatch.setenv("SE2026_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["import", *arguments])
    return done.exit_code, done.output


def test_the_command_imports_a_file(office: Path, town: Town) -> None:
    file = office / "prelist.csv"
    file.write_text(f"{HEADER},catatan\n11,{HERE},BATIK,,,,,,x\n")
    code, told = run(str(file))
    assert code == 0
    assert "1 rows: 1 new, 0 changed, 0 unchanged" in told
    assert "catatan" in told
    assert json.loads(run(str(file), "--json")[1])["unchanged"] == 1
    assert len(town.rows(JournalEntry)) == 1


def test_the_command_tells_what_is_wrong(office: Path, town: Town) -> None:
    file = office / "prelist.csv"
    file.write_text("\n".join([HEADER, *(f"{number},[red],A,,,,," for number in range(25))]))
    code, told = run(str(file))
    assert code == 1
    assert "line 2, idsubsls: " in told
    assert "[red]" in told
    assert "5 more" in told
    assert "Nothing was imported: 25 faults in 25 rows" in told
    code, told = run(str(file), "--json")
    assert (code, len(json.loads(told)["faults"])) == (1, 25)
    assert town.rows(JournalEntry) == []
