import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.areas import repository, service
from app.areas.models import AreaRevision, AreaVersion
from app.areas.outlines import twice_area
from app.areas.schemas import ImportReport
from app.areas.scope import NATION, Scope
from app.core.db import reading, writing
from tests.app.areas.conftest import Import
from tests.conftest import NOON

SQUARE = [[109.66, -6.91], [109.67, -6.91], [109.67, -6.9], [109.66, -6.9], [109.66, -6.91]]


def feature(code: object, ring: object = SQUARE, kind: str = "Polygon", **more: Any) -> Any:
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {
        "type": "Feature",
        "properties": {"bps_code": code, **more},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def bring(engine: sa.Engine, body: bytes) -> ImportReport:
    with writing(engine) as session:
        return service.import_boundaries(session, body, source="uji", actor="test", now=NOON)


def shape(engine: sa.Engine, code: str) -> Any:
    with reading(engine) as view:
        return repository.boundaries(view, NATION, [code])[code]


def test_outlines_are_kept_and_read_within_the_scope(city: Import, engine: sa.Engine) -> None:
    report = bring(engine, collection(feature("3375010004"), feature("3375020007")))
    assert (report.outcome, report.added, report.version) == ("imported", 2, 3)
    with reading(engine) as view:
        barat = Scope(("3375010",))
        both = ["3375010004", "3375020007", "3375030005"]
        assert set(repository.boundaries(view, NATION, both)) == set(both[:2])
        assert set(repository.boundaries(view, barat, both)) == {"3375010004"}


def test_rings_are_turned_and_flattened(city: Import, engine: sa.Engine) -> None:
    hole = [[109.662, -6.908], [109.668, -6.908], [109.668, -6.902], [109.662, -6.908]]
    high = [[x + 1e-9, y, 12.5] for x, y in reversed(SQUARE)]
    one = feature("3375010004")
    one["geometry"]["coordinates"] = [high, hole]
    assert bring(engine, collection(one)).outcome == "imported"
    outer, inner = shape(engine, "3375010004")["coordinates"]
    assert twice_area(outer) > 0 > twice_area(inner)
    assert sorted(outer) == sorted(SQUARE)


@pytest.mark.parametrize(
    "properties",
    [
        {"KDKEL": "3375010004"},
        {"iddesa": 3375010004},
        {"idsubsls": "3375010004000201"},
        {"bps_code": None, "kode": "3375010004"},
        {"bps_code": "", "id": "3375010004", "name": "Medono"},
    ],
)
def test_offices_name_the_code_in_many_ways(
    city: Import, engine: sa.Engine, properties: dict[str, Any]
) -> None:
    one = {**feature(""), "properties": properties}
    assert bring(engine, collection(one)).added == 1


def test_the_same_outlines_again_change_nothing_and_new_ones_keep_the_old(
    city: Import, engine: sa.Engine
) -> None:
    bring(engine, collection(feature("3375010004")))
    again = bring(engine, collection(feature("3375010004")))
    assert again.outcome == "unchanged"
    triangle = [*SQUARE[:3], SQUARE[0]]
    moved = bring(engine, collection(feature("3375010004", triangle, "MultiPolygon")))
    assert (moved.outcome, moved.added, moved.changed) == ("imported", 0, 1)
    with reading(engine) as view:
        query = select(AreaRevision).where(AreaRevision.code == "3375010004")
        said = [one.content for one in view.exec(query.order_by(sa.text("version_id")))]
        assert [one["boundary"]["type"] for one in said[1:]] == ["Polygon", "MultiPolygon"]
        versions = view.exec(select(AreaVersion).where(AreaVersion.label == "uji")).all()
        assert {one.imported_by for one in versions} == {"test"}


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (feature("9999999999"), "tidak ada: impor dahulu"),
        (feature("33750"), "Kode wilayah terdiri dari"),
        (feature(3.375010004e9), "angka hasil Excel"),
        (feature(None), "tidak ada kode BPS"),
        (feature(True), "tidak ada kode BPS"),
        ({**feature("3375010004"), "properties": None}, "tidak ada kode BPS"),
        ({**feature("3375010004"), "geometry": None}, "bentuknya None"),
        ({**feature("3375010004"), "geometry": {"type": "Point"}}, "bentuknya Point"),
        (feature("3375010004", SQUARE[:4]), "tidak tertutup"),
        (feature("3375010004", [SQUARE[0], SQUARE[1], SQUARE[0]]), "tidak melingkupi"),
        (feature("3375010004", [[y, x] for x, y in SQUARE]), "di luar Indonesia"),
        (feature("3375010004", [[352000.5, 9238000.5]]), "di luar Indonesia"),
        (feature("3375010004", [[10**400, float("nan")]]), "di luar Indonesia"),
        (feature("3375010004", [["109.66", "-6.9"]]), "di luar Indonesia"),
        (feature("3375010004", [[109.66]]), "di luar Indonesia"),
        (feature("3375010004", []), "tidak tersusun"),
        (feature("3375010004", {"x": 1}, "MultiPolygon"), "tidak tersusun"),
    ],
)
def test_a_wrong_feature_is_told_by_its_number_and_nothing_is_kept(
    city: Import, engine: sa.Engine, view: Session, one: Any, says: str
) -> None:
    report = bring(engine, collection(feature("3375010007"), one))
    assert report.outcome == "refused"
    assert [error.place for error in report.errors] == [2]
    assert says in report.errors[0].message_id
    assert repository.boundaries(view, NATION, ["3375010007"]) == {}


def test_all_wrong_features_are_told(city: Import, engine: sa.Engine) -> None:
    double = feature("3375010004")
    report = bring(engine, collection(double, feature(None), double, feature("9999999999")))
    assert [error.place for error in report.errors] == [2, 3, 4]
    assert "fitur 1" in report.errors[1].message_id


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<gml/>", "bukan JSON"),
        (b"[" * 100_000, "bukan JSON"),
        (b"\xff\xfe", "bukan JSON"),
        (b"[]", "bukan FeatureCollection"),
        (b'{"features": []}', "bukan FeatureCollection"),
        (b'{"features": [1]}', "bukan FeatureCollection"),
        (collection(feature("3375010004"), crs={"name": "EPSG:32749"}), "bukan WGS 84"),
    ],
)
def test_a_file_that_is_no_geojson_is_explained(
    city: Import, engine: sa.Engine, body: bytes, says: str
) -> None:
    report = bring(engine, body)
    assert (report.outcome, [error.place for error in report.errors]) == ("refused", [0])
    assert says in report.errors[0].message_id


def test_the_map_is_schematic_until_every_outline_is_there(
    city: Import, engine: sa.Engine, shared_data: Path
) -> None:
    body = (shared_data / "pekalongan_kelurahan.geojson").read_bytes()
    some = json.loads(body)["features"][:20]
    assert bring(engine, collection(*some)).added == 20
    assert city_map(engine).schematic
    assert len(city_map(engine).shapes) == 27
    assert bring(engine, body).added == 7
    drawn = city_map(engine)
    assert not drawn.schematic
    assert len(drawn.shapes) == 27
    features = drawn.feature_collection()["features"]
    assert {one["properties"]["schematic"] for one in features} == {False}


def city_map(engine: sa.Engine) -> Any:
    with reading(engine) as view:
        kelurahan = repository.of_level(view, NATION, "3375", 10)
        return service.area_map(view, NATION, kelurahan)
