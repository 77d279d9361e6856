"""Decisions in the journal: what follows at once, after a replay, and after all is taken back."""

import random
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.auth.actor import Actor
from app.auth.models import Role
from app.auth.scope import Scope
from app.core.db import reading, writing
from app.core.ids import named_id
from app.core.problems import Conflict, Forbidden, Invalid, NotFound
from app.dedup import service
from app.dedup.models import GoldenRecord, MatchCase, UnitMembership
from app.dedup.rules import What
from app.dedup.schemas import Decided, Saying, Undoing
from app.intake.service import decide as append
from app.registry.models import UnitReport
from sync.envelope import Arrival
from tests.app.dedup.conftest import LISTED, SEKAR, Send, Town
from tests.app.registry.conftest import HERE, THERE
from tests.conftest import NOON

KELURAHAN = HERE[:10]


def person(role: Role = Role.SUPERVISOR, area: str = KELURAHAN, name: str = "pml") -> Actor:
    return Actor(named_id("test", name, role), name, "Contoh", role, Scope.of([area]))


def key(name: str) -> UUID:
    return named_id("decision", name)


def decide(
    town: Town,
    what: What,
    left: str,
    right: str,
    *,
    by: Actor | None = None,
    name: str = "",
) -> Decided:
    said = Saying(
        decision_id=key(name or f"{what} {left} {right}"),
        what=what,
        left=left.split(),
        right=right.split(),
        reason="contoh",
    )
    with writing(town.engine) as session:
        return service.decide(session, by or person(), town.lane, said, NOON)


def undo(town: Town, decided: Decided, by: Actor | None = None, name: str = "") -> Decided:
    undoing = Undoing(decision_id=key(name or f"undo {decided.decision_id}"))
    with writing(town.engine) as session:
        return service.undo(session, by or person(), town.lane, decided.decision_id, undoing, NOON)


def moved(decided: Decided) -> dict[str, tuple[str, str]]:
    return {each.unit_id: (each.before, each.now) for each in decided.affected}


def approve(town: Town, document_id: str) -> None:
    report = next(row for row in town.table(UnitReport) if row["document_id"] == document_id)
    content = {
        "document_id": document_id,
        "version_position": report["position"],
        "verdict": "approve",
        "note": "",
    }
    arrival = Arrival(lane=town.lane, actor="pml", received_at=NOON, door="office")
    with writing(town.engine) as session:
        append(session, "review", f"approve {document_id}", content, arrival)
    town.settle()


MELATI = {
    **SEKAR,
    "business_name": "Warung Melati",
    "owner_name": "Budi Contohanto",
    "street": "JL PERCOBAAN",
    "block_no": "17",
    "mobile": "081325550799",
    "kbli": "56103",
}


@pytest.fixture
def twins(town: Town, send: Send) -> Town:
    """Two documents that look like one business, and a third business."""
    send("uuid:1", **SEKAR)
    send("uuid:2", **SEKAR)
    send("uuid:3", **MELATI)
    town.settle()
    return town


def test_a_merge_is_done_at_once_and_answers_whom_it_affected(twins: Town) -> None:
    done = decide(twins, What.MERGE, "uuid:2", "uuid:1")
    assert moved(done) == {"uuid:2": ("uuid:2", "uuid:1")}
    assert twins.rows(MatchCase) == []
    live = twins.matching()
    twins.settle()
    assert twins.matching() == live
    twins.rebuild()
    assert twins.matching() == live


def test_an_unmerge_outlives_later_runs(town: Town, send: Send) -> None:
    town.bring(LISTED)
    send("uuid:1", **SEKAR)
    assert town.groups() == {"11": "11", "uuid:1": "11"}
    done = decide(town, What.UNMERGE, "11", "uuid:1")
    assert moved(done) == {"uuid:1": ("11", "uuid:1")}
    send("uuid:1b", "uuid:1", **{**SEKAR, "mobile": "081325550143"})
    town.rebuild()
    assert town.groups() == {}
    assert town.rows(GoldenRecord) == []


def test_an_undo_gives_back_what_was(twins: Town) -> None:
    before = twins.matching()
    done = decide(twins, What.MERGE, "uuid:1", "uuid:2")
    assert moved(undo(twins, done)) == {"uuid:2": ("uuid:1", "uuid:2")}
    tables = len(before) - len(twins.decisions.tables)
    assert twins.matching()[:tables] == before[:tables]


def test_a_retry_changes_nothing_and_another_word_under_one_name_is_refused(twins: Town) -> None:
    first = decide(twins, What.MERGE, "uuid:1", "uuid:2", name="x")
    again = decide(twins, What.MERGE, "uuid:1", "uuid:2", name="x")
    assert (again.position, again.affected) == (first.position, [])
    with pytest.raises(Conflict):
        decide(twins, What.UNMERGE, "uuid:1", "uuid:2", name="x")


def test_who_decides_has_the_role_and_both_units(twins: Town, send: Send) -> None:
    with pytest.raises(Forbidden):
        decide(twins, What.MERGE, "uuid:1", "uuid:2", by=person(Role.ENUMERATOR))
    with pytest.raises(NotFound):
        decide(twins, What.MERGE, "uuid:1", "uuid:2", by=person(area=THERE))
    with pytest.raises(NotFound):
        decide(twins, What.MERGE, "uuid:1", "uuid:9")
    with pytest.raises(Invalid):
        decide(twins, What.MERGE, "uuid:1", "uuid:1 uuid:2")
    with pytest.raises(Invalid):
        decide(twins, What.RETRACT, "uuid:1", "uuid:2")


def test_a_lower_role_takes_back_nothing_of_a_higher_one(twins: Town) -> None:
    done = decide(twins, What.MERGE, "uuid:1", "uuid:2", by=person(Role.REGENCY_ADMIN, "3375"))
    with pytest.raises(Forbidden):
        undo(twins, done)
    contrary = decide(twins, What.UNMERGE, "uuid:1", "uuid:2")
    assert contrary.affected == []
    (case,) = twins.rows(MatchCase)
    assert (case["kind"], case["said_position"]) == ("contradiction", contrary.position)


def test_an_approved_document_takes_two_people(twins: Town) -> None:
    approve(twins, "uuid:2")
    first = decide(twins, What.MERGE, "uuid:1", "uuid:2", name="one")
    assert (first.waits, first.affected) == (True, [])
    (case,) = twins.rows(MatchCase)
    assert (case["state"], case["said_position"]) == ("second", first.position)
    again = decide(twins, What.MERGE, "uuid:1", "uuid:2", name="myself again")
    assert (again.waits, again.affected) == (True, [])
    other = decide(twins, What.MERGE, "uuid:1", "uuid:2", by=person(name="pml2"), name="two")
    assert (other.waits, moved(other)) == (False, {"uuid:2": ("uuid:2", "uuid:1")})


def test_what_must_wait_leaves_the_queue(twins: Town) -> None:
    with reading(twins.engine) as session:
        assert service.queue(session, person(), "").total == 1
    decide(twins, What.DEFER, "uuid:1", "uuid:2")
    with reading(twins.engine) as session:
        assert service.queue(session, person(), "").total == 0
        (case,) = service.queue(session, person(), "", states=["deferred"]).items
        told = service.case(session, person(), case.case_id)
    assert [(each.what, each.reason, each.is_withdrawn) for each in told.history] == [
        (What.DEFER, "contoh", False)
    ]
    assert [each.unit_id for each in (*told.left_members, *told.right_members)] == [
        "uuid:1", "uuid:2",
    ]  # fmt: skip


def test_a_question_shows_little_of_what_lies_elsewhere(town: Town, send: Send) -> None:
    send("uuid:1", **SEKAR)
    send("uuid:2", **{**SEKAR, "idsubsls": THERE})
    town.settle()
    with reading(town.engine) as session:
        (case,) = service.queue(session, person(area=HERE), "").items
        assert (case.left.unit_id, case.right.unit_id, case.may_decide) == ("uuid:1", None, False)
        assert case.right.area_code == KELURAHAN
        assert all(reason.right is None for reason in case.reasons)
        assert service.queue(session, person(area="3375020"), "").total == 0
        assert service.queue(session, person(area="3375"), THERE).total == 1
        with pytest.raises(NotFound):
            service.queue(session, person(area=HERE), THERE)


@pytest.mark.slow
def test_hundreds_of_decisions_taken_back_in_any_order_leave_no_trace(engine: sa.Engine) -> None:
    """And what they left while they stood is what a replay of the journal gives."""
    chance = random.Random(3)
    town = Town(engine)
    areas = [f"33750100040001{number:02}" for number in range(4)]
    town.bring(*(
        f"{number},{areas[number % 4]},BATIK CONTOH {'ABCDE'[number % 5] * 3},SITI {number % 3},,,,"
        for number in range(10, 34)
    ))  # fmt: skip
    town.settle()
    tables = len(town.matching()) - len(town.decisions.tables)
    first = town.matching()[:tables]
    made = []
    for number in range(120):
        one, other = chance.sample(range(10, 34), 2)
        what = chance.choice([What.MERGE, What.UNMERGE])
        admin = person(Role.REGENCY_ADMIN, "3375", f"admin{number % 2}")
        made.append(decide(town, what, str(one), str(other), by=admin, name=str(number)))
    assert town.rows(UnitMembership)
    assert any(each.affected for each in made)
    live = town.matching()
    town.rebuild()
    assert town.matching() == live
    for number, decided in enumerate(chance.sample(made, len(made))):
        undo(town, decided, person(Role.REGENCY_ADMIN, "3375"), f"undo {number}")
    town.settle()
    assert town.matching()[:tables] == first
