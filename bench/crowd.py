"""Whether matching stays bounded where one business is listed thousands of times in one SLS.

Run `python -m bench.crowd [--sizes 2500,5000,10000] [--json]`. So many identical units are listed
in one SLS of the demo's city and matched; told are the processor time of each (this process and
PostgreSQL), the longest step, the pairs and groups kept of them, and what is said to be cut. A time
that does not grow with the number is what it should be.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from app.core.db import reading, table_of
from app.dedup.keeper import advance_matching
from app.dedup.models import Edge, UnitMembership
from app.dedup.store import crowding
from app.demo import opening
from app.demo.city import invent_areas
from app.demo.firms import invent_prelist
from app.demo.staff import LANE
from app.intake.projector import catch_up
from app.projections import PROJECTORS
from bench.load import SCREEN
from bench.office import SEED, Bench, opened


def crowded(bench: Bench, size: int) -> dict[str, Any]:
    """List so many, match them, and tell what it took."""
    engine = bench.office.engine
    firm = next(each for each in invent_prelist(invent_areas(SEED), SEED) if each.listed)
    names = [f"9{at:07}" for at in range(size)]
    same = [replace(firm, listed={**firm.listed, "unit_id": n, "idsbr": n}) for n in names]
    with SCREEN.status(f"Listing one business {size:,} times …"):
        opening.open_prelist(bench.office, same)
        catch_up(engine, PROJECTORS, LANE)
    database = bench.meters["postgresql"]
    spent, work, longest = database.cpu(), time.process_time(), 0.0
    begun = time.perf_counter()
    while advance_matching(engine, LANE):
        longest, begun = max(longest, time.perf_counter() - begun), time.perf_counter()
    own, its = time.process_time() - work, database.cpu() - spent
    with reading(engine) as session:
        kept = {
            name: session.execute(
                sa.select(sa.func.count()).select_from(table_of(model)).where(column.in_(names))
            ).scalar_one()
            for name, model, column in (
                ("pairs", Edge, table_of(Edge).c.left_id),
                ("joined", UnitMembership, table_of(UnitMembership).c.unit_id),
            )
        }
        return {
            "units": size,
            "cpu_ms_each": {"worker": _each(own, size), "postgresql": _each(its, size)},
            "longest_step_s": round(longest, 2),
            **kept,
            "cut": asdict(crowding(session, LANE)),
        }


def _each(seconds: float, size: int) -> float:
    return round(1000 * seconds / size, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2500,5000,10000", help="with commas between")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()
    found = []
    for size in map(int, told.sizes.split(",")):
        with opened(1) as bench:
            found.append(crowded(bench, size))
    if told.json:
        print(json.dumps(found, indent=2))
    else:
        for each in found:
            SCREEN.print(each)


if __name__ == "__main__":
    main()
