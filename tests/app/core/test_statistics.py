import sqlalchemy as sa
from sqlmodel import Session

from app.core.models import OutboxNote
from app.core.outbox import leave
from app.core.statistics import FEWEST, Statistics, analyse, has_outgrown
from tests.app.test_survival import wait_for

KNOWN = sa.text("SELECT reltuples FROM pg_class WHERE relname = 'outbox_note'")


def noted(engine: sa.Engine, count: int) -> None:
    with Session(engine) as session, session.begin():
        leave(session, "topic", "3375", [f"{number:06}" for number in range(count)])


def test_what_outgrew_its_statistics_is_analysed_once(engine: sa.Engine) -> None:
    moments = iter(range(0, 10_000, 10))
    statistics = Statistics(engine, clock=lambda: next(moments))
    noted(engine, FEWEST + 1)
    seen: list[str] = []

    def is_seen() -> bool:  # PostgreSQL counts what a transaction did a moment after it
        seen.extend(statistics.look())
        return "public.outbox_note" in seen

    wait_for(is_seen)
    with engine.connect() as line:
        assert line.execute(KNOWN).scalar_one() == FEWEST + 1
    assert "public.outbox_note" not in statistics.look()


def test_it_looks_every_two_seconds_at_most(engine: sa.Engine) -> None:
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    moments = iter([0.0, 0.0, 0.0, 1.9, 2.1, 2.1])
    statistics = Statistics(engine, clock=lambda: next(moments))
    for looks in (1, 1, 2):
        statistics.look()
        assert sum("pg_stat_user_tables" in each for each in asked) == looks


def test_a_transaction_analyses_what_it_alone_sees(engine: sa.Engine) -> None:
    with Session(engine) as session, session.begin():
        leave(session, "topic", "3375", [str(number) for number in range(700)])
        analyse(session, [OutboxNote])
        assert session.execute(KNOWN).scalar_one() == 700


def test_a_count_outgrows_each_fourfold_size_once() -> None:
    sizes = [after for after in range(200, 200_001, 200) if has_outgrown(after - 200, after)]
    assert sizes == [600, 2200, 8200, 32800, 131200]
