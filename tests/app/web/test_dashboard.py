import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from app.auth.models import Role
from tests.support.asgi import Caller
from tests.support.town import EAST, KAUMAN, LANE, MEDONO, MEDONO_A, TIRTO, WEST

Enter = Callable[..., Caller]


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)


def rows(text: str) -> list[str]:
    """Give the names of the lines of the table, in order."""
    body = text.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [re.sub(r"<[^>]+>", "", cell).split()[0] for cell in re.findall(r"<th.*?</th>", body)]


def points(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the data of a chart."""
    (values,) = spec["datasets"].values()
    return list(values)


def test_the_front_page_shows_the_city(enter: Enter) -> None:
    text = enter().get("/").text
    assert "Kota Pekalongan" in text
    assert rows(text) == ["Medono", "Tirto", "Kauman", "Tanpa"]
    assert "Sri &lt;Wahyuni&gt;" in text
    assert "77,0 %" in text  # 47 of the target of 61 were visited
    assert "62,7 %" in text  # 32 of the 51 on the prelist were found
    for path in (f"/wilayah/{MEDONO}", "/grafik/peta.svg", "/grafik/kehadiran.json"):
        assert path in text


def test_one_drills_down_to_the_leaf(enter: Enter) -> None:
    caller = enter()
    assert f'href="/wilayah/{MEDONO}"' in caller.get(f"/wilayah/{WEST}").text
    assert f'href="/wilayah/{MEDONO_A[:14]}"' in caller.get(f"/wilayah/{MEDONO}").text
    assert f'href="/wilayah/{MEDONO_A}"' in caller.get(f"/wilayah/{MEDONO_A[:14]}").text
    leaf = caller.get(f"/wilayah/{MEDONO_A}")
    assert leaf.status_code == 200
    assert f'href="/wilayah/{MEDONO}"' in leaf.text  # and up again


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["Medono", "Tirto", "Kauman", "Tanpa"]),
        ("urut=nama&arah=turun", ["Kauman", "Tirto", "Medono", "Tanpa"]),
        ("urut=kunjungan&arah=naik", ["Kauman", "Tirto", "Medono", "Tanpa"]),
        ("urut=disetujui&arah=turun", ["Medono", "Tirto", "Kauman", "Tanpa"]),
        ("urut=target&arah=naik", ["Kauman", "Tirto", "Medono", "Tanpa"]),
        ("tingkat=kecamatan", ["Pekalongan", "Pekalongan", "Tanpa"]),
    ],
)
def test_lines_are_sorted_by_link(enter: Enter, query: str, order: list[str]) -> None:
    assert rows(enter().get(f"/?{query}").text) == order


def test_no_page_outside_ones_area(enter: Enter) -> None:
    caller = enter(Role.COORDINATOR, WEST)
    assert "Pekalongan Barat" in caller.get("/").text
    for path in (f"/wilayah/{EAST}", f"/wilayah/{KAUMAN}", f"/grafik/peta.json?wilayah={EAST}"):
        answer = caller.get(path)
        assert answer.status_code == 404
        assert "Kauman" not in answer.text
    assert rows(caller.get(f"/wilayah/{LANE}").text) == ["Medono", "Tirto"]


def test_an_enumerator_begins_with_his_leaf(enter: Enter) -> None:
    text = enter(Role.ENUMERATOR, MEDONO_A).get("/").text
    assert rows(text) == ["RT"]
    assert "/grafik/" not in text


def test_a_government_viewer_sees_aggregates_only(enter: Enter) -> None:
    caller = enter(Role.GOVERNMENT)
    text = caller.get("/").text
    assert rows(text) == ["Medono", "Tirto", "Kauman", "Tanpa"]
    assert "= dirahasiakan" in text
    assert "tingkat=sls" not in text
    assert "/dokumen" not in text
    assert "/kandidat" not in text
    told = re.findall(r"<td[^>]*>([0-9]+)</td>", text.split("<tbody>")[1])
    assert not {"1", "2"} & set(told)
    for path in ("/dokumen", "/kandidat", f"/wilayah/{LANE}?tingkat=sub_sls"):
        assert caller.get(path).status_code == 403
    assert caller.get(f"/wilayah/{MEDONO_A}").status_code == 403


def test_charts_tell_a_government_viewer_no_more_than_the_table(enter: Enter) -> None:
    bars = enter(Role.GOVERNMENT).get(f"/grafik/kehadiran.json?wilayah={WEST}").json()
    counts = [value["count"] for value in points(bars)]
    assert counts
    assert not {1, 2} & set(counts)


def test_the_map_is_schematic_until_outlines_are_there(enter: Enter) -> None:
    caller = enter()
    spec = caller.get(f"/grafik/peta.json?wilayah={LANE}").json()
    places = {f["properties"]["name"]: f["properties"] for f in points(spec)}
    assert set(places) == {"Medono", "Tirto", "Kauman"}
    assert places["Tirto"]["share"] == "72,7 %"
    assert places["Tirto"]["band"] == "60-80 %"
    assert places["Kauman"]["band"] == "tanpa angka"
    assert places["Medono"]["page"] == f"/wilayah/{MEDONO}"
    assert "skematis" in json.dumps(spec)
    drawn = caller.get(f"/grafik/peta.svg?wilayah={LANE}&ukuran=approved")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Disetujui dari target" in drawn.text
    assert drawn.text.count('aria-roledescription="geoshape"') == 3  # Kauman too, in grey
    assert "skematis" in drawn.text


def test_imported_outlines_replace_the_schematic_ones(enter: Enter, engine: sa.Engine) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    with engine.begin() as connection:
        for code in (MEDONO, TIRTO, KAUMAN):
            connection.execute(
                sa.text("INSERT INTO boundary VALUES (:code, :geometry, 'test', now())"),
                {"code": code, "geometry": json.dumps(square)},
            )
    spec = enter().get(f"/grafik/peta.json?wilayah={LANE}").json()
    assert [f["geometry"] for f in points(spec)] == [square] * 3
    assert "skematis" not in json.dumps(spec)


def test_legends_speak_the_readers_language(enter: Enter) -> None:
    caller = enter()
    caller.get("/bahasa/en")
    assert "Visited, of target" in caller.get(f"/grafik/peta.svg?wilayah={LANE}").text
    text = caller.get("/").text
    assert "Not visited yet" in text
    assert "77.0 %" in text


def test_a_place_without_points_says_so(enter: Enter, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE area SET latitude = NULL, longitude = NULL"))
    assert "Belum ada titik" in enter().get(f"/grafik/peta.svg?wilayah={LANE}").text


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/", 3),
        (f"/wilayah/{MEDONO}", 3),
        ("/?tingkat=sub_sls", 3),
        (f"/grafik/peta.json?wilayah={LANE}", 4),
        (f"/grafik/kehadiran.json?wilayah={LANE}", 2),
    ],
)
def test_a_page_costs_a_fixed_number_of_statements(
    enter: Enter, engine: sa.Engine, path: str, statements: int
) -> None:
    caller = enter()
    caller.get("/")
    with counted(engine) as sent:
        assert caller.get(path).status_code == 200
    about_pages = [text for text in sent if "FROM account" not in text]
    assert len(about_pages) == statements


def test_coverage_as_json(enter: Enter) -> None:
    answer = enter().get("/api/v1/coverage?level=kecamatan").json()
    assert [row["area_code"] for row in answer["rows"]] == [WEST, EAST, LANE]
    assert answer["total"]["target"] == 61
    assert answer["rows"][0]["share_visited"] == pytest.approx(46 / 60)
    assert enter(Role.GOVERNMENT).get("/api/v1/coverage?level=sls").status_code == 403
