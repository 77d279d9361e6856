"""Documents of every questionnaire through the door: kept, checked, counted where they belong."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa

from app.auth.scope import Scope
from app.core.db import reading, table_of, writing
from app.coverage.models import CoverageTally
from app.export.service import release
from app.questionnaires.service import area_lists, publish
from app.questionnaires.shelf import Shelf
from app.registry.models import Unit
from forms.compile import Compiled, compile_definition, definition, definitions
from forms.fill import fill
from tests.app.review.test_review import decide, listed, read
from tests.conftest import NOON
from tests.support import buildings, businesses, enterprises, head_offices, sls_changes
from tests.support.office import OpenOffice, instance

MADE: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "se2026_l": businesses.batik_home_producer,
    "se2026_lkp": head_offices.trading_head_office,
    "se2026_lub": enterprises.textile_mill,
    "se2026_p": buildings.batik_house,
    "se2026_psls": sls_changes.new_name,
}
LISTINGS = ["se2026_lkp", "se2026_p", "se2026_psls"]  # about no unit of their own
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def compiled() -> dict[str, Compiled]:
    """What was compiled for the first office, whose areas all have."""
    return {}


@pytest.fixture
def full(office: OpenOffice, compiled: dict[str, Compiled]) -> OpenOffice:
    """An office that has published every questionnaire of the project."""
    with writing(office.engine) as session:
        if not compiled:
            lists = area_lists(session, "3375")
            for name in definitions():
                compiled[name] = compile_definition(definition(name), lists=lists)
        for form in compiled.values():
            publish(session, form, actor="test", now=NOON - DAY)
    return office


@cache
def version_of(form_id: str) -> str:
    return compile_definition(definition(form_id)).version


def submission(office: OpenOffice, form_id: str, name: str) -> bytes:
    with reading(office.engine) as session:
        shelf = Shelf(session)
        version = version_of(form_id)
        form, lists = shelf.form(form_id, version, NOON), shelf.lists(form_id, version, NOON)
    assert form is not None
    at = NOON - timedelta(hours=3)
    return fill(
        form, MADE[form_id](), lists, instance_id=instance(name), start=at,
        end=at + timedelta(minutes=40), device_id="test-device",
    )  # fmt: skip


def units(office: OpenOffice) -> set[str]:
    with reading(office.engine) as session:
        return set(session.execute(sa.select(table_of(Unit).c.unit_id)).scalars())


def tallies(office: OpenOffice) -> list[tuple[Any, ...]]:
    with reading(office.engine) as session:
        tally = table_of(CoverageTally)
        return [tuple(row) for row in session.execute(sa.select(tally).order_by(tally.c.area_code))]


def sent(office: OpenOffice, form_id: str) -> Mapping[str, Any]:
    answer = office.send("ppl01", submission(office, form_id, form_id))
    assert answer.status_code == 201, answer.text
    office.settle()
    rows = {row["document_id"]: row for row in listed(office, "admin")}
    return rows[instance(form_id)]


def approve(office: OpenOffice, name: str) -> None:
    position = read(office, name, "admin").json()["current_position"]
    assert decide(office, name, "approve", "admin", position=position).status_code == 201


def test_a_client_is_offered_every_questionnaire(full: OpenOffice) -> None:
    listing = full.client.get(f"{full.openrosa('ppl01')}/formList").text
    assert [name for name in definitions() if f"<formID>{name}</formID>" not in listing] == []


def test_every_questionnaire_of_the_project_is_tried() -> None:
    assert sorted(MADE) == definitions()


@pytest.mark.parametrize("form_id", sorted(MADE))
def test_a_sound_document_is_kept_and_has_no_finding(full: OpenOffice, form_id: str) -> None:
    row = sent(full, form_id)
    assert (row["status"], row["error_count"], row["warning_count"]) == ("SUBMITTED", 0, 0)
    detail = read(full, form_id, "admin").json()
    remarks = [
        remark
        for section in detail["sections"]
        for answer in section["answers"]
        for remark in answer["remarks"]
    ]
    assert remarks == []


@pytest.mark.parametrize("form_id", LISTINGS)
def test_a_listing_changes_neither_register_nor_coverage(full: OpenOffice, form_id: str) -> None:
    sent(full, "se2026_l")
    before = units(full), tallies(full)
    sent(full, form_id)
    assert (units(full), tallies(full)) == before
    approve(full, form_id)
    assert (units(full), tallies(full)) == before


def test_a_large_firm_is_a_unit_of_the_register(full: OpenOffice) -> None:
    sent(full, "se2026_lub")
    assert units(full) == {"IDSBR0000101"}


def test_a_head_office_does_not_stand_in_for_its_unit_in_a_release(full: OpenOffice) -> None:
    sent(full, "se2026_lub")
    body = submission(full, "se2026_lkp", "se2026_lkp").replace(b"IDSBR0000201", b"IDSBR0000101")
    assert full.send("ppl01", body).status_code == 201
    full.settle()
    for name in ("se2026_lub", "se2026_lkp"):
        approve(full, name)
    with writing(full.engine) as session:
        made = release(
            session, Scope.of(["3375"]), "3375", settings=full.settings, actor="test", now=NOON
        )
    folder = full.settings.data_dir / made.path
    tables = {path.name for path in folder.glob("*.csv") if "codebook" not in path.name}
    version = version_of("se2026_lub")
    assert f"se2026_lub-{version}.csv" in tables
    assert not any(name.startswith("se2026_lkp") for name in tables)
    text = (folder / f"se2026_lub-{version}.csv").read_text("utf-8")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["document_id"], row["size_class"]) == (instance("se2026_lub"), "large")
    secrets = ["TENUN CONTOH", "CONTOHNINGRUM", "0123456789012345", "IDSBR0000101", "081200000101"]
    everything = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert [secret for secret in secrets if secret in everything] == []
