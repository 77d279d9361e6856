"""Labels: which pairs are asked, what becomes of answers, and the model that they make."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from typer.testing import CliRunner

from app.areas.scope import NATION, Scope
from app.auth.actor import Actor
from app.auth.models import Role
from app.cli import app
from app.core.db import make_engine, reading, writing
from app.core.ids import named_id
from app.core.problems import Conflict, Forbidden, Invalid, NotFound
from app.core.settings import settings
from app.dedup import label_files, label_training, labelling
from app.dedup.keeper import advance_matching
from app.dedup.label_rules import APART, AUTOMATIC, Answer
from app.dedup.labelling import Round, Said
from app.dedup.models import Edge, LabelRound, MatchLabel, MatchModel, UnitMembership
from app.dedup.references import matcher_of
from app.dedup.store import RECORD
from matching.model import load
from matching.training import labels as label_table
from matching.training.examples import read
from matching.truth.make import make_truth
from tests.app.dedup.conftest import Town
from tests.app.dedup.test_batch import settled_city
from tests.conftest import NOON, cloned

pytestmark = pytest.mark.slow
MODELS = [named_id("model", str(number)) for number in range(5)]  # kept by id while one runs


@pytest.fixture(scope="module")
def truth() -> dict[str, int]:
    """The unit of every record of an invented city."""
    return {each.record.record_id: each.unit for each in make_truth(240, seed=15)}


@pytest.fixture(scope="module")
def settled(server: str, template: str) -> Iterator[str]:
    """The address of a database in which that city is matched."""
    with cloned(server, template) as url:
        engine = make_engine(url)
        settled_city(engine, 240)
        engine.dispose()
        yield url


@pytest.fixture
def city(server: str, settled: str) -> Iterator[Town]:
    """A copy of that city for one test."""
    with cloned(server, str(sa.make_url(settled).database)) as url:
        engine = make_engine(url)
        with reading(engine) as session:
            lane = session.execute(sa.select(sa.func.min(RECORD.c.lane))).scalar_one()
        yield Town(engine, lane)
        engine.dispose()


def person(name: str, *areas: str, role: Role = Role.REGENCY_ADMIN) -> Actor:
    return Actor(named_id("test", name), name, name, role, Scope.of(areas))


def begin(town: Town, actor: Actor, name: str, size: int = 25) -> Round:
    with writing(town.engine) as session:
        return labelling.begin(session, actor, town.lane, named_id(name), size, now=NOON)


def say(town: Town, actor: Actor, found: Round, truth: dict[str, int], *, most: int = 999) -> None:
    """Answer a round by the truth."""
    said = [
        Said(
            label_id=named_id(found.round_id, str(each.place)),
            left=each.question.left,
            right=each.question.right,
            answer=answer_of(truth, each.question.left, each.question.right),
            round_id=found.round_id,
            question=each.question,
        )
        for each in found.asked[:most]
    ]
    with writing(town.engine) as session:
        labelling.take_labels(session, actor, town.lane, said, NOON)


def answer_of(truth: dict[str, int], one: str, other: str) -> Answer:
    return Answer.SAME if truth[one] == truth[other] else Answer.DIFFERENT


def pairs(found: Round) -> list[tuple[str, str]]:
    return [(each.question.left, each.question.right) for each in found.asked]


def test_a_round_asks_about_doubt_of_every_kind_and_a_few_plain_pairs(
    city: Town, truth: dict[str, int]
) -> None:
    sri = person("sri", city.lane)
    found = begin(city, sri, "first", 50)
    strata = Counter(each.question.stratum for each in found.asked)
    assert sum(strata.values()) == len(set(pairs(found))) == 50
    assert strata[APART] == strata[AUTOMATIC] == 5
    assert len(strata) == 6
    assert all(each.question.weight >= 1 for each in found.asked)
    assert begin(city, sri, "first", 50) == found  # sent twice
    with pytest.raises(NotFound), reading(city.engine) as session:
        labelling.round_of(session, person("budi", city.lane), city.lane, found.round_id)
    say(city, sri, found, truth, most=20)
    mine, theirs = begin(city, sri, "second"), begin(city, person("budi", city.lane), "third")
    assert not set(pairs(mine)) & set(pairs(found)[:20])
    assert not set(pairs(theirs)) & {*pairs(mine), *pairs(found)[:20]}


def test_equal_journals_give_equal_rounds(city: Town) -> None:
    sri = person("sri", city.lane)

    def tried(seed: int) -> list[tuple[str, str]]:
        with Session(city.engine) as session:  # never committed
            number = named_id("tried", str(seed))
            return pairs(labelling.begin(session, sri, city.lane, number, 25, now=NOON, seed=seed))

    assert tried(1) == tried(1) == pairs(begin(city, sri, "one"))
    assert tried(1) != tried(2)


def test_only_pairs_of_ones_own_area_are_asked(city: Town) -> None:
    with reading(city.engine) as session:
        areas = [row["left_area"] for row in labels_with_areas(session, city)]
    some = Counter(area[:10] for area in areas).most_common(1)[0][0]
    ani = person("ani", some, role=Role.COORDINATOR)
    found = begin(city, ani, "hers")
    with reading(city.engine) as session:
        scope = ani.scope
        names = {name for pair in pairs(found) for name in pair}
        assert labelling.known_records(session, scope, city.lane, names).keys() == names
    with pytest.raises(Forbidden):
        begin(city, person("pml", some, role=Role.SUPERVISOR), "no")
    with pytest.raises(NotFound):
        begin(city, person("far", "9999"), "no")


def labels_with_areas(session: Session, city: Town) -> list[dict[str, str]]:
    rows = session.execute(sa.select(Edge).where(Edge.lane == city.lane)).scalars().all()
    records = labelling.known_records(session, NATION, city.lane, {row.left_id for row in rows})
    return [{"left_area": records[row.left_id]["sls"]} for row in rows]


def test_labels_merge_nothing_outlive_a_rebuild_and_are_taken_back(
    city: Town, truth: dict[str, int]
) -> None:
    sri = person("sri", city.lane)
    before = city.rows(UnitMembership)
    found = begin(city, sri, "first")
    say(city, sri, found, truth)
    first = found.asked[0]
    label = str(named_id(found.round_id, "1"))
    with pytest.raises(Forbidden), writing(city.engine) as session:
        labelling.undo(session, person("budi", city.lane), city.lane, label, UUID(int=1), NOON)
    with writing(city.engine) as session:
        labelling.undo(session, sri, city.lane, label, UUID(int=1), NOON)
        assert labelling.round_of(session, sri, city.lane, found.round_id).done == 24
        after = labelling.round_of(session, sri, city.lane, found.round_id).after(25)
        assert after is not None
        assert after.place == 1
        with pytest.raises(NotFound):
            labelling.undo(session, sri, city.lane, label, UUID(int=2), NOON)
    other = Said(
        label_id=UUID(int=3), left=first.question.left, right=first.question.right,
        answer=Answer.UNSURE, round_id=found.round_id, question=first.question,
    )  # fmt: skip
    with writing(city.engine) as session:
        labelling.take_labels(session, sri, city.lane, [other], NOON)
        labelling.take_labels(session, sri, city.lane, [other], NOON)  # sent twice
        counts = labelling.counts(session, NATION, city.lane)
    assert sum(counts.values()) == 25
    assert counts[Answer.UNSURE] == 1
    wrong = Said(
        label_id=UUID(int=3), left=first.question.left, right=first.question.right,
        answer=Answer.SAME,
    )  # fmt: skip
    with pytest.raises(Conflict), writing(city.engine) as session:
        labelling.take_labels(session, sri, city.lane, [wrong], NOON)
    live = city.rows(MatchLabel), city.rows(LabelRound)
    city.settle()
    assert (city.rows(MatchLabel), city.rows(LabelRound)) == live
    city.rebuild()
    assert (city.rows(MatchLabel), city.rows(LabelRound)) == live
    assert city.rows(UnitMembership) == before


def test_labels_leave_and_come_as_a_file(city: Town, truth: dict[str, int], tmp_path: Path) -> None:
    sri = person("sri", city.lane)
    found = begin(city, sri, "first")
    with writing(city.engine) as session:
        asked = list(label_files.questions_csv(session, sri, found))
        answered = asked[:1] + [
            row.replace(f"{left},{right},,", f"{left},{right},{word},")
            for (left, right), row, word in zip(
                pairs(found), asked[1:], ["sama", "BEDA", "tidak tahu", ""] * 7, strict=False
            )
        ]
        content = "".join(answered).encode()
        taken = label_files.take_file(session, sri, city.lane, content, UUID(int=1), NOON)
        assert (taken.new, taken.empty, taken.faults) == (19, 6, [])
        again = label_files.take_file(session, sri, city.lane, content, UUID(int=2), NOON)
        assert (again.new, again.changed, again.known) == (0, 0, 19)
        assert labelling.round_of(session, sri, city.lane, found.round_id).done == 19
        told = list(label_files.labels_csv(labelling.given(session, NATION, city.lane)))
        left, right = pairs(found)[0]
        turned = f"kiri;kanan;jawaban\r\n{right};{left};beda\r\n".encode()
        taken = label_files.take_file(session, sri, city.lane, turned, UUID(int=3), NOON)
        assert (taken.new, taken.changed) == (0, 1)
        for content, rows in (
            (b"left,right,answer\nx,y,same\n", [2, 2]),
            (f"left,right,answer\n{left},{right},same\n{right},{left},no\n".encode(), [3]),
            (f"a,b,match\n{left},{right},maybe\n{left},{left},1\n,a,1\n".encode(), [2, 3, 4]),
            (b"left,right\n", [1]),
            (b"\xff\xfe", [1]),
            (b"left,right,answer\nx\x00,y,same\n", [2]),
        ):  # fmt: skip
            taken = label_files.take_file(session, sri, city.lane, content, UUID(int=4), NOON)
            assert [each.line for each in taken.faults][: len(rows)] == rows
            assert taken.new == taken.changed == 0
    path = tmp_path / "labels.csv"
    path.write_text("".join(told), "utf-8")
    assert len(label_table.read(path).answers) == len(read(path)) == 13
    assert {each.left.source for each in read(path)} <= {"prelist", "field", "online"}


def test_labels_make_a_model_that_a_person_puts_in_force(city: Town, truth: dict[str, int]) -> None:
    sri = person("sri", city.lane)
    with writing(city.engine) as session:
        label_training.ask(session, city.lane, MODELS[0], "sri", NOON)
        label_training.ask(session, city.lane, MODELS[1], "sri", NOON)  # one is waited for
    assert label_training.advance_training(city.engine, NOON) == 1
    assert label_training.advance_training(city.engine, NOON) == 0
    assert [row["trouble"] for row in city.rows(MatchModel)] == [label_training.TOO_FEW]
    say(city, sri, begin(city, sri, "first", 100), truth)
    with writing(city.engine) as session:
        label_training.ask(session, city.lane, MODELS[2], "sri", NOON)
        with pytest.raises(NotFound):
            label_training.put_in_force(session, city.lane, MODELS[2], "sri", NOON)
    assert label_training.advance_training(city.engine, NOON) == 1
    shipped = city.rows(Edge)
    with reading(city.engine) as session:
        assert matcher_of(session, city.lane).model == load()  # only looked at, so far
    with writing(city.engine) as session:
        label_training.put_in_force(session, city.lane, MODELS[2], "sri", NOON)
    while advance_matching(city.engine, city.lane):
        pass
    with reading(city.engine) as session:
        matcher = matcher_of(session, city.lane)
        (made,) = [m for m in label_training.models(session, city.lane) if m.in_force_since]
        assert json.loads(made.content)["labels"] == dict(matcher.model.labels)
    assert matcher.model.labels["same"] + matcher.model.labels["different"] == 100
    own = city.rows(Edge)
    assert {row["model"] for row in own} == {matcher.version}
    assert matcher.version.startswith(f"{city.lane}.20")
    live = city.matching()
    city.rebuild()
    assert city.matching() == live  # the model outlives a rebuild
    with writing(city.engine) as session:
        label_training.back_to_shipped(session, city.lane, "sri", NOON)
    while advance_matching(city.engine, city.lane):
        pass
    assert city.rows(Edge) == shipped


def test_the_command_line_trains_and_puts_in_force(
    city: Town, truth: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = city.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SE2026_DATABASE_URL", url.replace("+psycopg", ""))
    settings.cache_clear()
    told, own = tmp_path / "labels.csv", tmp_path / "own.json"
    early = ["dedup", "train", "--from-office", city.lane, "--out", str(own)]
    found = CliRunner().invoke(app, early)
    assert found.exit_code == 1
    assert "20 of each" in found.output
    sri = person("sri", city.lane)
    say(city, sri, begin(city, sri, "first", 100), truth)
    with reading(city.engine) as session:
        lines = label_files.labels_csv(labelling.given(session, NATION, city.lane))
        told.write_text("".join(lines), "utf-8")
    assert run("train", "--labels", str(told), "--out", str(own))["right"] >= 0.6
    model = ("model", "--lane", city.lane)
    assert run(*model)["version"] == load().version
    assert run(*model, "--use", str(own))["version"].startswith("own-")
    assert run(*model)["labels"]["around"] == load().version
    assert run(*model, "--shipped")["version"] == load().version
    settings.cache_clear()


def run(*command: str) -> dict[str, Any]:
    found = CliRunner().invoke(app, ["dedup", *command, "--json"])
    assert found.exit_code == 0, found.output
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def test_a_model_of_other_levels_is_not_put_in_force_and_stops_nobody(city: Town) -> None:
    content = json.dumps(load().as_json() | {"version": "ours"})
    with writing(city.engine) as session:
        for number, text in ((1, "{}"), (2, "no")):
            with pytest.raises(Invalid):
                label_training.bring(
                    session, city.lane, UUID(int=number), text, who="sri", now=NOON
                )
        label_training.bring(session, city.lane, MODELS[3], content, who="sri", now=NOON)
        label_training.put_in_force(session, city.lane, MODELS[3], "sri", NOON)
        assert matcher_of(session, city.lane).version.startswith("ours-")
        session.execute(
            sa.update(MatchModel).values(content=content.replace("name_joined", "gone"))
        )
    with writing(city.engine) as session:
        session.execute(sa.update(MatchModel).values(model_id=MODELS[4]))
        assert matcher_of(session, city.lane).model == load()
        with pytest.raises(Invalid):
            label_training.put_in_force(session, city.lane, MODELS[4], "sri", NOON)
