"""The list of businesses as phones download it."""

import pytest
import sqlalchemy as sa

from app.areas.scope import NATION, Scope
from app.core.db import reading, writing
from app.intake.entity_door import Table, md5_of
from app.intake.models import FeedChange
from app.intake.projector import catch_up, rebuild
from app.registry.entity_list import KeptTables, entity_csv, gone
from app.registry.entity_projector import EntitiesProjector
from app.registry.models import Entity
from tests.app.registry.conftest import HERE, LANE, THERE, Town

HEAD = "name,label,__version,idsubsls,kbli,business_name,owner_name"


@pytest.fixture
def listed(engine: sa.Engine) -> Town:
    town = Town(engine)
    town.bring(
        f'12,{THERE},"BATIK ""SARI"", BARU",,,13134,,', f"11,{HERE},,SITI,JL CONTOH 1,,,",
        f"9,{HERE},TAHU,,,,,",
    )  # fmt: skip
    settle(town)
    return town


def settle(town: Town) -> None:
    catch_up(town.engine, [EntitiesProjector()], LANE)


def lines(town: Town, scope: Scope, lane: str = LANE) -> list[str]:
    with reading(town.engine) as session:
        return entity_csv(session, scope, lane, "usaha").decode().splitlines()


def test_the_list_for_phones_holds_the_prelist_of_the_scope(listed: Town) -> None:
    far = f'12,"BATIK ""SARI"", BARU",1000001,{THERE},13134,"BATIK ""SARI"", BARU",'
    assert lines(listed, NATION) == [
        HEAD,
        f"11,SITI - JL CONTOH 1,1000001,{HERE},,,SITI",
        far,
        f"9,TAHU,1000001,{HERE},,TAHU,",
    ]
    assert lines(listed, Scope((THERE,))) == [HEAD, far]
    assert lines(listed, NATION, "3326") == [HEAD]


def test_a_prelist_that_changed_raises_the_version(listed: Town) -> None:
    listed.bring(f"9,{THERE},TAHU,,,,,")
    settle(listed)
    assert [line.split(",")[:2] for line in lines(listed, Scope((HERE,)))[1:]] == [
        ["11", "SITI - JL CONTOH 1"]
    ]
    assert f"9,TAHU,1000002,{THERE},,TAHU," in lines(listed, Scope((THERE,)))


@pytest.mark.parametrize("most", [0, 1_000_000])
def test_a_table_is_made_again_when_anything_changes(listed: Town, most: int) -> None:
    kept = KeptTables("usaha", most)

    def seen(scope: Scope) -> Table:
        with reading(listed.engine) as session:
            made = entity_csv(session, scope, LANE, "usaha")
            name = kept.name(session, scope, LANE)
            table = kept.table(session, scope, LANE)
        assert (table.plain(), table.name, name) == (made, md5_of(made), md5_of(made))
        return table

    here, there = Scope((HERE,)), Scope((THERE,))
    before = seen(here), seen(there)
    assert (seen(here), seen(there)) == before
    assert (seen(here) is before[0]) == bool(most), "it is kept where there is room"
    listed.bring(f"9,{THERE},TAHU,,,,,")
    settle(listed)
    assert (seen(here), seen(there)) != before
    listed.bring(f"9,{HERE},TAHU,,,,,", f"11,{THERE},,SITI,JL CONTOH 1,,,")
    settle(listed)
    assert b"11," not in seen(here).plain()
    assert b"9,TAHU" in seen(here).plain()
    last = seen(here)
    rebuild(listed.engine, EntitiesProjector(), LANE)
    assert seen(here) == last
    with writing(listed.engine) as session:  # as if another program had been at work before
        session.execute(sa.update(Entity).where(Entity.entity_id == "9").values(label="LAMA"))
        session.execute(
            sa.update(FeedChange)
            .where(FeedChange.kind == "entity", FeedChange.key.startswith("usaha/9@"))
            .values(payload={"label": "LAMA"})
        )
    kept = KeptTables("usaha", most)
    assert b"LAMA" in seen(here).plain()
    rebuild(listed.engine, EntitiesProjector(), LANE)
    assert seen(here) == last


def test_a_name_is_told_without_reading_the_list(listed: Town) -> None:
    kept, here = KeptTables("usaha", most=0), Scope((HERE,))
    asked: list[str] = []
    with reading(listed.engine) as session:
        known = kept.name(session, here, LANE)
    listed.bring(f"12,{THERE},TEMPE,,,,,")  # nothing that is seen here
    settle(listed)
    with reading(listed.engine) as session:
        sa.event.listen(
            listed.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2]))
        )
        assert kept.name(session, here, LANE) == known
    assert asked
    assert not [each for each in asked if "FROM entity" in each]


def test_what_left_the_scope_is_gone_and_what_is_unknown_is_not(listed: Town) -> None:
    with reading(listed.engine) as session:
        told = gone(session, Scope((HERE,)), LANE, ["9", "12", "baru"], "usaha")
    assert told == {"9": False, "12": True, "baru": False}
