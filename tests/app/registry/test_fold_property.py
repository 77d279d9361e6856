"""Whatever arrives in whatever order: the registry is the same however it was read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import reading
from app.intake.projector import advance
from app.intake.repository import walk
from app.registry.fold import Reported, Sources, derived, prelisted, reported
from app.registry.models import Unit
from sync.envelope import SUBMISSION, Envelope, canonical
from sync.journal import Entry
from sync.receipts import Outcome
from tests.app.registry.conftest import Town, submission

_lanes = count(1000)
_names = st.sampled_from(["", "TOKO JAYA", "Jaya", "BATIK SEKAR"])
_instances = st.integers(0, 5).map("uuid:{}".format)
_units = st.sampled_from(["11", "11", "12", "uuid:0"])
_places = st.sampled_from(["", "010004000100", "010004000200", "020003000100"])
_nibs = st.sampled_from(["", "1234567890123", "9999"])


@st.composite
def prelist_rows(draw: st.DrawFn) -> Mapping[str, str]:
    return {
        "kind": "prelist",
        "unit_id": draw(_units),
        "place": draw(_places),
        "business_name": draw(_names),
        "nib": draw(_nibs),
        "idsbr": draw(st.sampled_from(["", "11", "12"])),
    }


@st.composite
def submissions(draw: st.DrawFn) -> Mapping[str, str]:
    return {
        "kind": SUBMISSION,
        "instance": draw(_instances),
        "replaces": draw(st.just("") | _instances),
        "unit_id": draw(st.just("") | _units),
        "presence": draw(st.sampled_from(["00", "1", "1", "2", "2", "3", "x"])),
        "place": draw(_places),
        "business_name": draw(_names),
        "nib": draw(_nibs),
        "owner_nik": draw(st.sampled_from(["", "3375034107800001"])),
        "mobile": draw(st.sampled_from(["9999", "081212345678"])),
    }


def envelope(told: Mapping[str, str], number: int, lane: str) -> Envelope:
    answers = {name: told[name] for name in told if name not in {"kind", "instance", "replaces"}}
    place = answers.pop("place")
    answers["idsubsls"] = lane + place if place else ""
    if told["kind"] == SUBMISSION:
        return submission(told["instance"], told["replaces"] or None, **answers)
    return Envelope(
        kind="prelist",
        instance_id=str(number),
        form_id="prelist",
        form_version="1",
        body=canonical(answers),
    )


def current_reports(entries: Sequence[Entry]) -> Iterator[Reported]:
    """Join versions into documents the slow way, and read each document's last word."""
    documents: list[set[str]] = []
    for entry in entries:
        names = {entry.instance_id, entry.prior_instance_id or entry.instance_id}
        joined = [each for each in documents if each & names]
        documents = [each for each in documents if not each & names]
        documents.append(names.union(*joined))
    for names in documents:
        versions = [
            entry
            for entry in entries
            if entry.instance_id in names and entry.outcome is Outcome.STORED
        ]
        prior = {each.instance_id: each.prior_instance_id for each in versions}
        first, seen = versions[0].instance_id, set[str]()
        while prior.get(first) and first not in seen:
            seen.add(first)
            first = str(prior[first])
        tips = [each for each in versions if each.instance_id not in prior.values()]
        said = reported((tips or versions)[-1], first)
        assert said is not None
        yield said


def expected(entries: Sequence[Entry], lane: str) -> list[dict[str, object]]:
    """Fold a whole journal at once."""
    listed = [row for each in entries if each.kind == "prelist" and (row := prelisted(each))]
    prelist = {row.unit_id: row for row in listed}
    spoken: defaultdict[str, list[Reported]] = defaultdict(list)
    for report in current_reports([each for each in entries if each.kind == SUBMISSION]):
        spoken[report.unit_id].append(report)
    units = []
    for unit_id in sorted(prelist.keys() | spoken.keys()):
        said = sorted(spoken[unit_id], key=lambda report: report.position)
        sources = Sources(prelist.get(unit_id), said[-1] if said else None, len(said))
        unit = derived(lane, unit_id, sources)
        assert unit is not None
        units.append({name: getattr(unit, name) for name in Unit.model_fields})
    return units


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    told=st.lists(prelist_rows() | submissions(), min_size=1, max_size=14),
    batches=st.lists(st.integers(1, 5), min_size=1, max_size=5),
)
def test_read_live_in_any_batches_or_all_again_the_registry_is_the_fold_of_the_journal(
    engine: sa.Engine, told: list[Mapping[str, str]], batches: list[int]
) -> None:
    town = Town(engine, str(next(_lanes)))
    town.receive(*(envelope(each, number, town.lane) for number, each in enumerate(told)))
    turn = 0
    while advance(engine, town.projector, town.lane, batch=batches[turn % len(batches)]):
        turn += 1
    live = town.state()
    with reading(engine) as session:
        units = expected(list(walk(session, town.lane)), town.lane)
    assert town.rows(Unit) == units
    town.rebuild()
    assert town.state() == live
