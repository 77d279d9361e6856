"""Lists from GeoJSON and XML."""

import json
from typing import Any

import pytest

from forms.errors import FormsError, UnreadableXml
from forms.features import read_features
from forms.lists import ListTable

POINT = {"type": "Point", "coordinates": [109.68, -6.89, 3]}
LINE = {"type": "LineString", "coordinates": [[1, 2], [3.5, 4]]}
AREA = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(geometry: Any, **others: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, **others}


def test_features_become_rows_as_odk_reads_them() -> None:
    body = collection(
        feature(POINT, id="a", properties={"name": "Kantor", "floors": 2, "open": True}),
        feature(LINE, properties={"name": None, "tags": ["x"], "shut": False}),
        feature(AREA, properties={}),
        feature({"type": "Polygon", "coordinates": []}),
        feature(None),
    )
    assert read_features(body) == [
        {
            "geometry": "-6.89 109.68 0 0",
            "name": "Kantor",
            "floors": "2",
            "open": "true",
            "id": "a",
        },
        {"geometry": "2 1 0 0; 4 3.5 0 0", "name": "", "tags": '["x"]', "shut": "false"},
        {"geometry": "0 0 0 0; 1 0 0 0; 1 1 0 0; 0 0 0 0"},
        {"geometry": ""},
        {},
    ]
    table = ListTable.from_file("map.geojson", body)
    assert [row.get("id") for row in table.rows] == ["a", None, None, None, None]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "Not GeoJSON"),
        (b"[" * 100_000, "Not GeoJSON"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "list of features"),
        (collection("x"), "Feature 1"),
        (collection(feature(POINT), {"type": "Point"}), "Feature 2"),
        (collection(feature({"type": "MultiPoint", "coordinates": []})), "geometry of feature 1"),
        (collection(feature({"type": "Point", "coordinates": [1]})), "geometry of feature 1"),
        (collection(feature({"type": "Point", "coordinates": ["1", "2"]})), "geometry"),
        (collection(feature({"type": "Point", "coordinates": [True, 2]})), "geometry"),
    ],
)
def test_what_is_no_map_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(FormsError, match=reason):
        read_features(body)


def test_xml_of_any_shape_is_a_tree_and_has_rows_where_it_can() -> None:
    plain = ListTable.from_file("a.xml", b"<root><item><name>a</name></item></root>")
    assert (plain.names, plain.flat, plain.rows) == (("root", "item"), True, ({"name": "a"},))
    named = ListTable.from_xml(b"<k:all xmlns:k='u'><k:city id='1'><n/></k:city></k:all>")
    assert (named.names, named.flat, named.rows) == (
        ("all", "city"),
        True,
        ({"n": "", "@id": "1"},),
    )
    assert not ListTable.from_xml(b"<r><i><a/><a/></i></r>").flat
    assert not ListTable.from_xml(b"<r><i><a><b/></a></i></r>").flat
    assert not ListTable.from_xml(b"<r><i><a x='1'/></i></r>").flat
    assert not ListTable.from_xml(b"<r v='1'><i/></r>").flat
    mixed = ListTable.from_xml(b"<r><i/><j/></r>")
    assert (mixed.flat, mixed.rows, list(mixed.root.kids)) == (False, (), ["i", "j"])
    assert ListTable.from_xml(b"<root/>").rows == ()
    with pytest.raises(UnreadableXml):
        ListTable.from_xml(b"<root>")


def test_rows_of_a_table_are_a_tree_when_asked_for() -> None:
    table = ListTable.from_file("a.csv", b"name,label\n1,Tuna\n")
    entry = table.root.kids["item"][0]
    assert (table.root.name, entry.position, entry.kids["label"][0].value) == ("root", 1, "Tuna")
    assert table.root is table.root
    assert table.none.rows == ()
    attributed = ListTable([{"@k": "1", "a": "x"}])
    assert attributed.root.kids["item"][0].attributes == {"k": "1"}
