"""What phones fetch: an assignment of a thousand units each, and an entity list of a regency.

Run `python -m bench.downloads [--devices 1000] [--units 1000] [--listed 50000] [--json]`. Each
device pulls everything of its areas from the beginning, as on its first morning, and then asks
again from where it stands; an officer's phone downloads the prelist as an entity list, the first
one of all (`list_made_ms`) and when others of that area have it, and checks with its ETag whether
it has changed. The units are those of invented cities one upon another: names, owners and streets
repeat as they do in life.
"""

import argparse
import json
import os
import time
from dataclasses import replace
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from app.auth.models import Role
from app.core.db import reading
from app.demo import opening
from app.demo.city import invent_areas
from app.demo.firms import InventedFirm, invent_prelist
from app.demo.staff import LANE, Person
from app.intake.projector import catch_up
from app.projections import PROJECTORS
from bench.load import SCREEN
from bench.office import OFFICER, SEED, Bench, opened

_PUPIL = "ppl02"


def _get(path: str, *more: str) -> bytes:
    head = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *more]
    return "\r\n".join([*head, "", ""]).encode()


def _furnish(bench: Bench, units: int, listed: int) -> None:
    """List so many units in the regency; some enumerator has about `units` of them."""
    cities = (invent_prelist(invent_areas(SEED), SEED + n) for n in count())
    firms = [each for each in next(cities) if each.listed]
    areas = sorted({each.idsubsls for each in firms})
    mine = areas[: max(1, round(len(areas) * units / listed))]
    others = (each for city in cities for each in city if each.listed)
    more = [
        _renamed(each, f"9{at:07}")
        for at, each in zip(range(listed - len(firms)), others, strict=False)
    ]
    with SCREEN.status(f"Listing {listed:,} units …"):
        opening.open_prelist(bench.office, more)
        opening.open_accounts(
            bench.office, [Person(_PUPIL, "Contoh Dua", Role.ENUMERATOR, tuple(mine))]
        )
        # phones are told of what is below matching and counting, which take the most of the time
        catch_up(bench.office.engine, PROJECTORS, LANE)


def _renamed(firm: InventedFirm, name: str) -> InventedFirm:
    assert firm.listed is not None
    return replace(firm, listed={**firm.listed, "unit_id": name, "idsbr": name})


def _measured(bench: Bench, devices: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with bench.serving("service", "app.main:serve", "--factory") as port:
        home = f"http://127.0.0.1:{port}"
        password = opening.password_of(bench.office, _PUPIL)
        form = {"username": _PUPIL, "password": password}
        access = httpx.post(f"{home}/api/v1/token", data=form).raise_for_status().json()
        bearer = f"Authorization: Bearer {access['access_token']}"
        pull = "/api/v1/sync/pull"
        told = httpx.get(f"{home}{pull}", headers=dict([bearer.split(": ", 1)]), timeout=60)
        lines = [json.loads(line) for line in told.raise_for_status().text.splitlines()]
        cursor = next(each for each in reversed(lines) if "next_cursor" in each)["next_cursor"]
        found["changes_each"] = sum(1 for each in lines if "seq" in each)
        whole = _get(pull, bearer, "Accept-Encoding: gzip")
        found["pull"] = _sent(bench, port, "pull from the beginning", [whole] * devices)
        rest = _get(f"{pull}?cursor={quote(cursor)}", bearer)
        found["pull again"] = _sent(bench, port, "pull with nothing new", [rest] * devices)
        found |= _lists(bench, port, home)
    return found


def _lists(bench: Bench, port: int, home: str) -> dict[str, Any]:
    with reading(bench.office.engine) as session:
        form = opening.current_form(session)
        file = f"media/{form.form_id}/{form.version}/usaha.csv"
    path = f"/openrosa/{opening.token_of(bench.office, OFFICER)}/{file}"
    begun = time.perf_counter()
    told = httpx.get(f"{home}{path}", headers={"Accept-Encoding": "gzip"}, timeout=120)
    made = time.perf_counter() - begun
    told.raise_for_status()
    packed = _get(path, "Accept-Encoding: gzip")
    known = _get(path, "Accept-Encoding: gzip", f"If-None-Match: {told.headers['etag']}")
    return {
        "list_rows": told.text.count("\n") - 1,
        "list_bytes": len(told.content),
        "list_bytes_packed": int(told.headers["content-length"]),
        "list_made_ms": round(1000 * made, 1),
        "entity list": _sent(bench, port, "entity list", [packed] * 200),
        "entity list, unchanged": _sent(bench, port, "entity list, 304", [known] * 1000),
    }


def _sent(bench: Bench, port: int, title: str, requests: list[bytes]) -> dict[str, Any]:
    load = bench.send(title, port, requests, len(requests))
    return {
        "requests": len(requests),
        "per_second": round(load.rate, 1),
        "p50_ms": round(load.wait_at(0.5), 1),
        "p99_ms": round(load.wait_at(0.99), 1),
        "cpu_ms_each": {
            who: round(1000 * cpu / load.documents, 2) for who, cpu in load.cpu.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--units", type=int, default=1000, help="units of one assignment, about")
    parser.add_argument("--listed", type=int, default=50_000, help="units of the regency")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()
    with opened(told.connections) as bench:
        _furnish(bench, told.units, told.listed)
        outcome = _measured(bench, told.devices)
        outcome["peak_memory_mb"] = {who: round(peak) for who, peak in bench.peaks.items()}
    outcome["load_average"] = os.getloadavg()[0]
    if told.json:
        print(json.dumps(outcome, indent=2))
    else:
        SCREEN.print(outcome)


if __name__ == "__main__":
    main()
