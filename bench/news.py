"""How long after its receipt a new business is in the list that phones download next.

The worker runs beside the service, and nothing else is sent meanwhile: what is told is the time of
an office at rest. `bench.ingest` tells beside it how many documents a second the worker keeps up
with.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import httpx

from app.core.db import reading
from app.core.ids import named_id
from app.demo import opening
from app.demo.city import invent_areas
from app.demo.firms import invent_prelist
from app.demo.interview import NEW, Call, interview
from app.questionnaires.shelf import Shelf
from bench.office import OFFICER, SEED, Bench
from forms.fill import fill

_ENTITY = re.compile(rb'entity [^>]*\bid="([^"]+)"')
_LOOK_SECONDS = 0.01
_PATIENCE = 60.0


def newcomers(bench: Bench, count: int) -> list[bytes]:
    """Fill SE2026-L for businesses that no list has; each makes an entity."""
    office = bench.office
    with reading(office.engine) as session:
        shelf, now = Shelf(session), office.clock()
        form = opening.current_form(session)
        tree = shelf.form(form.form_id, form.version, now)
        lists = shelf.lists(form.form_id, form.version, now)
    assert tree is not None
    firms = [replace(each, unit_id="") for each in invent_prelist(invent_areas(SEED), SEED + 1)]
    begun = now - timedelta(hours=1)
    return [
        fill(
            tree,
            interview(Call(SEED, OFFICER, firm, NEW, begun)),
            lists,
            instance_id=f"uuid:{named_id('bench-new', str(number))}",
            start=begun,
            end=now,
            device_id="bench",
        )
        for number, firm in enumerate(firms[:count])
    ]


def listed_after(bench: Bench, port: int, bodies: Sequence[bytes]) -> list[float]:
    """Give, for each of these, the seconds from its 201 to the first list that has it."""
    with reading(bench.office.engine) as session:
        form = opening.current_form(session)
        file = f"media/{form.form_id}/{form.version}/usaha.csv"
    home = f"http://127.0.0.1:{port}/openrosa/{opening.token_of(bench.office, OFFICER)}"
    with httpx.Client(timeout=60) as phone:
        return [_waited(phone, home, f"{home}/{file}", body) for body in bodies]


def _waited(phone: httpx.Client, home: str, path: str, body: bytes) -> float:
    found = _ENTITY.search(body)
    if found is None:
        raise RuntimeError("the submission makes no entity")
    files = {"xml_submission_file": ("submission.xml", body, "text/xml")}
    phone.post(f"{home}/submission", files=files).raise_for_status()
    begun = time.perf_counter()
    mark = ""
    while (waited := time.perf_counter() - begun) < _PATIENCE:
        told = phone.get(path, headers={"If-None-Match": mark})
        if told.status_code == httpx.codes.OK and found[1] in told.content:
            return time.perf_counter() - begun
        mark = told.headers["etag"]
        time.sleep(_LOOK_SECONDS)
    raise RuntimeError(f"not in the list after {waited:.0f} s")
