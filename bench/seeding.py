"""Filling a journal to a size, by the code that takes envelopes in, many to a transaction.

Every entry is a real one: chained, indexed, found by its instance. The projections are told that
they have read it all, as projecting a million documents takes most of an hour; how fast they
work is measured by what comes afterwards.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from rich.progress import Progress

from app.core.clock import utc_now
from app.core.db import reading, table_of, writing
from app.core.ids import named_id
from app.demo.staff import LANE
from app.intake.models import ProjectorCursor
from app.intake.repository import heads
from app.intake.service import take_in
from bench.load import SCREEN
from bench.office import Bench
from sync.envelope import Arrival, Envelope

_AT_ONCE = 2000


def fill_to(bench: Bench, size: int, bodies: Sequence[bytes]) -> None:
    """Add copies of documents under names of their own until the lane holds `size` entries."""
    engine = bench.office.engine
    with reading(engine) as session:
        held = heads(session).get(LANE, 0)
    if held >= size:
        return
    arrival = Arrival(lane=LANE, actor="bench", received_at=utc_now(), door="seed")
    with Progress(console=SCREEN) as progress:
        task = progress.add_task(f"Filling to {size:,} …", total=size - held)
        for at in range(held, size, _AT_ONCE):
            numbers = range(at, min(size, at + _AT_ONCE))
            take_in(engine, [_copy(bodies[n % len(bodies)], n) for n in numbers], arrival)
            progress.advance(task, len(numbers))
    _tidy(bench)


def _copy(body: bytes, number: int) -> Envelope:
    name = f"uuid:{named_id('seed', str(number))}"
    return Envelope(
        instance_id=name,
        form_id="se2026_l",
        form_version="1",
        body=body.replace(b"</orx:instanceID>", f" {name}</orx:instanceID>".encode()),
        device="seed",
    )


def _tidy(bench: Bench) -> None:
    """Let the projections be at the end, and the planner know, as after a night."""
    cursor = table_of(ProjectorCursor)
    with writing(bench.office.engine) as session:
        head = heads(session)[LANE]
        session.execute(sa.update(cursor).where(cursor.c.lane == LANE).values(position=head))
    with bench.office.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as line:
        line.execute(sa.text("VACUUM (ANALYZE) journal_entry"))
        line.execute(sa.text("CHECKPOINT"))
