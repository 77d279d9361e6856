"""What is kept in memory is never older than what the database holds."""

from app.core.db import reading, writing
from app.dedup.keeper import lock, match
from app.dedup.references import matcher_of
from app.dedup.renewal import renew_matching
from app.dedup.settled import settled_features
from app.intake.projector import catch_up
from tests.app.dedup.conftest import Town
from tests.app.registry.conftest import HERE
from tests.conftest import NOON


def names(town: Town) -> dict[str, str | None]:
    with reading(town.engine) as session:
        matcher = matcher_of(session, town.lane)
        found = settled_features(session, town.lane, ["11", "12", "99"], matcher)
    return {unit_id: each.name for unit_id, each in found.items()}


def test_a_changed_record_is_read_again(town: Town) -> None:
    town.bring(f"11,{HERE},BATIK SEKAR,,,,,", f"12,{HERE},BATIK MELATI,,,,,")
    town.settle()
    assert names(town) == {"11": "SEKAR", "12": "MELATI"}
    town.bring(f"12,{HERE},BATIK KENANGA,,,,,")
    town.settle()
    assert names(town) == names(town) == {"11": "SEKAR", "12": "KENANGA"}


def test_what_was_never_committed_is_forgotten(town: Town) -> None:
    town.bring(f"11,{HERE},BATIK SEKAR,,,,,")
    town.settle()
    before = names(town)
    town.bring(f"11,{HERE},BATIK MAWAR,,,,,")
    catch_up(town.engine, [town.projector], town.lane)
    with writing(town.engine) as session:
        lock(session, town.lane)
        match(session, town.lane, ["11"])
        matcher = matcher_of(session, town.lane)
        (inside,) = settled_features(session, town.lane, ["11"], matcher).values()
        session.rollback()
    assert inside.name == "MAWAR"
    assert names(town) == before


def test_a_hub_phone_is_gone_once_the_reference_tells_of_it(town: Town) -> None:
    town.bring(*(f"{number},{HERE},TAHU {number},,,,081325550142," for number in range(11, 19)))
    town.settle()
    assert phones(town) == {"81325550142"}
    renew_matching(town.engine, town.lane, NOON)
    assert phones(town) == {None}


def phones(town: Town) -> set[str | None]:
    with reading(town.engine) as session:
        matcher = matcher_of(session, town.lane)
        found = settled_features(session, town.lane, ["11", "12"], matcher)
    return {each.phone for each in found.values()}
