"""A lane's journal to write into, and the registry that follows from it."""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.core.db import reading, table_of, writing
from app.intake.journal import SqlJournal
from app.intake.projector import catch_up, rebuild
from app.registry.fold import Derived
from app.registry.models import Unit
from app.registry.prelist import PrelistReport, import_prelist
from app.registry.projector import UnitsProjector
from sync.engine import ingest
from sync.envelope import Arrival, Envelope
from sync.receipts import Receipt
from tests.conftest import NOON

LANE = "3375"
HERE, THERE = "3375010004000100", "3375010004000200"
HEADER = "unit_id,idsubsls,business_name,owner_name,address,kbli,phone,nib"


def submission(instance_id: str, replaces: str | None = None, **answers: str) -> Envelope:
    """Give a submission with these answers, all on one level."""
    leaves = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in answers.items())
    meta = f"<meta><instanceID>{instance_id}</instanceID></meta>"
    body = f'<data id="se2026_l" version="1">{leaves}{meta}</data>'
    return Envelope(
        instance_id=instance_id,
        form_id="se2026_l",
        form_version="1",
        body=body.encode(),
        prior_instance_id=replaces,
    )


class Town:
    """One lane: what arrives, and the registry after it."""

    def __init__(self, engine: sa.Engine, lane: str = LANE) -> None:
        self.engine = engine
        self.lane = lane
        self.projector = UnitsProjector()

    def receive(self, *envelopes: Envelope) -> list[Receipt]:
        """Put envelopes into the journal."""
        arrival = Arrival(lane=self.lane, actor="siti", received_at=NOON, door="batch")
        with writing(self.engine) as session:
            return ingest(envelopes, SqlJournal(session), arrival)

    def bring(self, *lines: str, header: str = HEADER) -> PrelistReport:
        """Import a prelist file of these lines."""
        content = "\n".join((header, *lines, "")).encode()
        with writing(self.engine) as session:
            return import_prelist(session, content, lane=self.lane, actor="office", now=NOON)

    def settle(self) -> None:
        """Let the registry read the journal to its end."""
        catch_up(self.engine, [self.projector], self.lane)

    def rebuild(self) -> None:
        """Let the registry read the journal again from its beginning."""
        rebuild(self.engine, self.projector, self.lane)

    def units(self) -> dict[str, Derived]:
        """Give the units after all that has arrived."""
        self.settle()
        return {row["unit_id"]: Derived(**row) for row in self.rows(Unit)}

    def rows(self, model: type[SQLModel]) -> list[dict[str, object]]:
        """Give the rows of a table, as they stand, by primary key."""
        table = table_of(model)
        wanted = sa.select(table).where(table.c.lane == self.lane).order_by(*table.primary_key)
        with reading(self.engine) as session:
            return [dict(row) for row in session.execute(wanted).mappings()]

    def state(self) -> list[Sequence[dict[str, object]]]:
        """Give everything that the registry keeps of the lane."""
        return [self.rows(model) for model in self.projector.tables]


@pytest.fixture
def town(engine: sa.Engine) -> Town:
    return Town(engine)


Send = Callable[..., None]


@pytest.fixture
def send(town: Town) -> Send:
    """Receive one submission: `send("uuid:1", replaces="uuid:0", presence="1")`."""

    def one(instance_id: str, replaces: str | None = None, **answers: str) -> None:
        town.receive(submission(instance_id, replaces, **answers))

    return one
