"""A lane whose units are matched."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.dedup.keeper import TABLES, advance_matching, rebuild_matching
from app.dedup.models import UnitMembership
from app.dedup.projector import DecisionsProjector
from app.intake.projector import catch_up, rebuild
from tests.app.registry.conftest import HERE, Send, submission
from tests.app.registry.conftest import Town as Registry

__all__ = ["Send"]

SEKAR = {
    "presence": "2",
    "idsubsls": HERE,
    "business_name": "Batik Sekar Jlamprang",
    "owner_name": "Siti Contohwati",
    "street": "GG CONTOH",
    "block_no": "3",
    "mobile": "081325550142",
    "kbli": "13134",
}
LISTED = f"11,{HERE},BATIK SEKAR JLAMPRANG,SITI CONTOHWATI,GG CONTOH NO 3,13134,081325550142,"


class Town(Registry):
    """One lane: what arrives, and the groups after it."""

    most = 255

    def __init__(self, engine: sa.Engine, lane: str = "3375") -> None:
        super().__init__(engine, lane)
        self.decisions = DecisionsProjector()

    def settle(self) -> None:
        """Read the journal to its end, then match."""
        catch_up(self.engine, [self.projector, self.decisions], self.lane)
        while advance_matching(self.engine, self.lane, most=self.most):
            pass

    def rebuild(self) -> None:
        """Make everything again."""
        for projector in (self.projector, self.decisions):
            rebuild(self.engine, projector, self.lane)
        rebuild_matching(self.engine, self.lane, most=self.most)

    def groups(self) -> dict[str, str]:
        """Give the group of every unit that is one with others."""
        self.settle()
        rows = self.rows(UnitMembership)
        return {str(row["unit_id"]): str(row["group_id"]) for row in rows}

    def matching(self) -> list[Sequence[dict[str, object]]]:
        """Give everything that matching keeps of the lane."""
        return [self.rows(model) for model in (*TABLES, *self.decisions.tables)]

    def table(self, model: type[SQLModel]) -> list[dict[str, object]]:
        """Give the rows of a table once all is settled."""
        self.settle()
        return self.rows(model)


@pytest.fixture
def town(engine: sa.Engine) -> Town:
    return Town(engine)


@pytest.fixture
def send(town: Town) -> Send:
    """Receive one submission: `send("uuid:1", replaces="uuid:0", presence="1")`."""

    def one(instance_id: str, replaces: str | None = None, **answers: str) -> None:
        town.receive(submission(instance_id, replaces, **answers))

    return one
