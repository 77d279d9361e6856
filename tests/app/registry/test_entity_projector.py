"""Entities as tables: the same by a replay, however the journal was cut; repeats of real forms."""

import random
from collections.abc import Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import etree

from app.core.db import reading, table_of, writing
from app.intake.projector import advance, rebuild
from app.intake.service import decide, record
from app.questionnaires.service import publish
from app.questionnaires.shelf import tables_of
from app.registry.entity_projector import EntitiesProjector
from app.registry.entity_reading import said_by
from app.registry.entity_stories import Stories
from app.registry.models import EntityVersion
from app.registry.prelist import import_prelist
from forms.compile import compile_definition, definition
from forms.fill import fill
from forms.xform import read_xform
from sync.codecs.openrosa import read_envelope
from sync.engine import ingest
from sync.envelope import Arrival
from sync.memory import MemoryJournal
from tests.app.intake.test_collect import PRELIST, UNIT, VISIT, fresh
from tests.conftest import NOON
from tests.support.buildings import market
from tests.support.collect import compiled_by_pyxform
from tests.support.desk import AREAS
from tests.support.office import ELSEWHERE, SUB_SLS, OpenOffice

LANE = "3375"
ARRIVAL = Arrival(lane=LANE, actor="siti", received_at=NOON, door="openrosa")


def visit(number: int, told: Mapping[str, str], prior: int | None, **fields: str) -> bytes:
    """Write a submission of the form of visits, as any app may."""
    root = etree.Element("data", id="kunjungan", version="2026070101")
    for name, text in fields.items():
        etree.SubElement(root, name).text = text
    meta = etree.SubElement(root, "meta")
    etree.SubElement(meta, "instanceID").text = f"uuid:{number}"
    if prior is not None:
        etree.SubElement(meta, "deprecatedID").text = f"uuid:{prior}"
    entity = etree.SubElement(meta, "entity", dataset="usaha", **told)
    etree.SubElement(entity, "label").text = fields["nama"]
    return etree.tostring(root)


def some_visit(chance: random.Random, number: int) -> bytes:
    entity_id = chance.choice([UNIT, fresh("a"), fresh("b"), "hantu"])
    told = {"id": entity_id, chance.choice(["create", "update", "update"]): "1"}
    if chance.random() < 0.7:
        told["baseVersion"] = chance.choice(["1", "2", "1000001", "1000002", "1000009"])
    if chance.random() < 0.5:
        told |= {"branchId": chance.choice("xy"), "trunkVersion": chance.choice(["", "1000001"])}
    prior = chance.randrange(number) if number and chance.random() < 0.3 else None
    return visit(
        number,
        told,
        prior,
        sls=chance.choice([SUB_SLS, ELSEWHERE, ""]),
        nama=chance.choice(["SATU", "DUA", "TIGA"]),
        kegiatan=chance.choice(["", "CAP", "TULIS"]),
    )


def put(office: OpenOffice, chance: random.Random, number: int) -> None:
    with writing(office.engine) as session:
        if number == 4:
            import_prelist(session, PRELIST, lane=LANE, actor="test", now=NOON)
        elif number == 9:
            content: dict[str, object] = {
                "dataset": "usaha",
                "entity_id": UNIT,
                "number": 2,
                "fields": {"business_name": "PUTUSAN"},
                "deleted": chance.choice([True, None]),
            }
            decide(session, "entity", "putusan", content, ARRIVAL)
        else:
            record(session, [(read_envelope(some_visit(chance, number)), ARRIVAL)], LANE)


def state(office: OpenOffice) -> list[list[dict[str, object]]]:
    with reading(office.engine) as session:
        return [
            [
                dict(row)
                for row in session.execute(
                    sa.select(table_of(model)).order_by(*table_of(model).primary_key)
                ).mappings()
            ]
            for model in EntitiesProjector.tables
        ]


@pytest.mark.parametrize("seed", range(8))
def test_a_replay_gives_the_same_entities(office: OpenOffice, seed: int) -> None:
    """Two workers take turns, so that each has stories of which the other told more."""
    chance = random.Random(seed)
    workers = [EntitiesProjector(Stories(most=40, long=seed % 3)) for _ in range(2)]
    with writing(office.engine) as session:
        publish(session, compiled_by_pyxform(VISIT), actor="test", now=NOON - timedelta(days=1))
    for number in range(24):
        put(office, chance, number)
        if chance.random() < 0.4:
            advance(office.engine, chance.choice(workers), LANE, batch=chance.randint(1, 6))
    while advance(office.engine, workers[0], LANE, batch=3):
        pass
    before = state(office)
    assert all(before[:2])
    rebuild(office.engine, workers[1], LANE)
    assert state(office) == before
    rebuild(office.engine, EntitiesProjector(), LANE)
    assert state(office) == before
    with reading(office.engine) as session:
        kept = session.execute(sa.text("SELECT count(*) FROM skipped_entry")).scalar_one()
    assert kept == 0


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_each_instance_of_a_repeat_speaks_for_itself(encoding: str) -> None:
    usaha = f"name,label,idsubsls,kbli\n{UNIT},BATIK,{SUB_SLS},\n".encode()
    made = compile_definition(definition("se2026_p"), lists={**AREAS, "usaha.csv": usaha})
    form = read_xform(made.xform)
    body = fill(
        form,
        market(),
        tables_of(made.media),
        instance_id="uuid:p",
        start=NOON,
        end=NOON,
        device_id="x",
    )
    root = etree.fromstring(body)
    entities = list(root.iter("{*}entity"))
    assert len(entities) > 1
    for number, entity in enumerate(entities):
        entity.set("id", fresh(str(number)))
        entity.set("create", "1")
        entity.set("update", "")
    journal = MemoryJournal()
    ingest([read_envelope(etree.tostring(root, encoding=encoding))], journal, ARRIVAL)
    (entry,) = journal.entries(LANE)
    said = list(said_by(entry, lambda _: form))
    assert [word.entity_id for word in said] == [fresh(str(n)) for n in range(len(entities))]
    names = [node.text for node in root.iter("{*}business_name") if node.text]
    assert [word.fields["business_name"] for word in said] == names
    assert {word.fields["idsubsls"] for word in said} == {SUB_SLS}
    assert said[0].ordinal != said[1].ordinal
    assert {column.name for column in table_of(EntityVersion).columns} == set(said[0].__slots__)
