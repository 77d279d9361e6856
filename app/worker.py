"""The worker: keeps every projection up with the journal, and comes back by itself.

`python -m app.worker` starts one without the commands of `se2026`, and so a second sooner: nothing
is to be seen before it runs again.
"""

import argparse
import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog

from app.backup.keeper import keep
from app.core.clock import utc_now
from app.core.office import open_office
from app.core.terminal import telling_problems
from app.dedup.renewal import advance_references
from app.projections import bring_up
from app.review.revalidation import advance_revalidation

LOG = structlog.get_logger()
IDLE_SECONDS = 0.25
LONGEST_WAIT = 10.0
RENEWAL_SECONDS = 60.0  # between two looks whether a reference is due
_YOUNG = 10_000  # objects between two collections; a batch of submissions makes many, all soon gone


def work(parent: int | None = None) -> None:
    """Keep up projections and backup of the configured office until a signal ends it.

    With `parent`, also when that process ends: what it worked in may then be gone as well, so that
    nothing is opened for one that is gone already.
    """
    if parent is not None and os.getppid() != parent:
        return
    with telling_problems(), open_office() as office, stopped_by_signals() as stop:
        keeper = threading.Thread(target=keep, args=(office, stop), name="backup")
        keeper.start()
        run(office.engine, stop, parent=parent)
        stop.set()
        keeper.join()


def run(engine: sa.Engine, stop: threading.Event, *, parent: int | None = None) -> None:
    """Work until `stop` is set, or until the process that started us is gone.

    What fails is logged and tried again; when nothing else is left to do, after a wait that grows
    to ten seconds.
    """
    gc.freeze()  # what is loaded by now stays: no collection has to look at it
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    wait, told = IDLE_SECONDS, None
    renewal = 0.0
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        renews = time.monotonic() >= renewal
        if renews:
            renewal = time.monotonic() + RENEWAL_SECONDS
        taken, troubles = _round(engine, renews=renews)
        if troubles and (troubles != told or not taken):
            LOG.error("projection failed", what=troubles, retry_seconds=wait)
        told = troubles
        if not taken:
            stop.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT) if troubles and not taken else IDLE_SECONDS


def _round(engine: sa.Engine, *, renews: bool) -> tuple[int, list[str]]:
    """Bring everything up by a batch; give how much that was, and what failed by which error.

    With `renews`, what matching knows of each lane is renewed where that is due.
    """
    try:
        done = bring_up(engine)
    except Exception as error:  # noqa: BLE001 - a traceback may hold answers; the name is enough
        return 0, [type(error).__name__]
    troubles = [f"{t.projection} of {t.lane}: {t.error}" for t in done.troubles]
    steps = {"revalidation": advance_revalidation}
    if renews:
        steps["references"] = advance_references
    taken = done.taken
    for name, step in steps.items():
        try:
            taken += step(engine, utc_now())
        except Exception as error:  # noqa: BLE001 - as above; what was projected counts all the same
            troubles.append(f"{name}: {type(error).__name__}")
    return taken, troubles


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> None:
    """Work for the process that `--parent` names."""
    parser = argparse.ArgumentParser(prog="worker")
    parser.add_argument("--parent", type=int)
    work(parser.parse_args().parent)


if __name__ == "__main__":
    main()
