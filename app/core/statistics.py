"""What PostgreSQL's planner knows of tables that grow quickly, kept near the truth.

PostgreSQL looks once a minute whether a table is another one than it knew. A journal that takes in
thousands a second, or that is projected anew, is far away by then: whole lanes are read for every
batch, and the next batch costs more than the one before.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.core.db import table_of

FEWEST: Final = 500  # rows that changed; below that any plan will do
_LOOK_SECONDS: Final = 2.0
_OUTGROWN: Final = sa.text(
    "SELECT format('%I.%I', told.schemaname, told.relname) FROM pg_stat_user_tables told"
    " JOIN pg_class known ON known.oid = told.relid"
    " WHERE told.n_mod_since_analyze > greatest(known.reltuples, :fewest) ORDER BY 1"
)


class Statistics:
    """Looks after the statistics of an engine's tables while much is being written."""

    def __init__(self, engine: sa.Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._clock = clock
        self._next = clock()

    def look(self) -> list[str]:
        """Analyse the tables of which more has changed than was there; give their names.

        Looks at most every two seconds, so that it may be called after every batch. A table that
        somebody else has under his hands is left to him.
        """
        if self._clock() < self._next:
            return []
        with self._engine.connect() as line:
            outgrown = list(line.execute(_OUTGROWN, {"fewest": FEWEST}).scalars())
            for name in outgrown:
                line.execute(sa.text(f"ANALYZE (SKIP_LOCKED) {name}"))
        self._next = self._clock() + _LOOK_SECONDS
        return outgrown


def analyse(session: Session, models: Iterable[type[SQLModel]]) -> None:
    """Analyse tables as this transaction sees them, which nobody else can do for it."""
    names = ", ".join(sorted(table_of(model).name for model in models))
    session.execute(sa.text(f"ANALYZE (SKIP_LOCKED) {names}"))


def has_outgrown(before: int, after: int) -> bool:
    """Tell whether a count passed one of the sizes, each four times the last, to analyse at."""
    return after > FEWEST and before.bit_length() // 2 != after.bit_length() // 2
