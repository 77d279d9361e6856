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
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from app.backup.keeper import keep
from app.core.clock import utc_now
from app.core.office import open_office
from app.core.statistics import Statistics
from app.core.terminal import telling_problems
from app.projections import HANDS, Pace, bring_up
from app.review.revalidation import advance_revalidation

LOG = structlog.get_logger()
IDLE_SECONDS = 0.25
LONGEST_WAIT = 10.0
AWAY_SECONDS = 1.0  # between two looks for a database that does not answer
ASKED_SECONDS = 3.0  # between two looks whether a model was asked for
RENEWAL_SECONDS = 60.0  # between two looks whether a reference is due
_STOP_SECONDS = 2.0
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
        renewer = threading.Thread(target=_renew, args=(office.engine, stop), daemon=True)
        for beside in (keeper, renewer):
            beside.start()
        run(office.engine, stop, parent=parent)
        stop.set()
        keeper.join()
        renewer.join(_STOP_SECONDS)


def run(engine: sa.Engine, stop: threading.Event, *, parent: int | None = None) -> None:
    """Work until `stop` is set, or until the process that started us is gone.

    What fails is logged and tried again; when nothing else is left to do, after a wait that grows
    to ten seconds. For a database that does not answer it stays short: once it does, whoever handed
    in something waits to see it.
    """
    gc.freeze()  # what is loaded by now stays: no collection has to look at it
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    others = [
        threading.Thread(target=keep_up, args=(engine, stop, hand, parent), name="projections")
        for hand in HANDS[1:]
    ]
    for each in others:
        each.start()
    keep_up(engine, stop, HANDS[0], parent)
    for each in others:
        each.join()


def keep_up(
    engine: sa.Engine, stop: threading.Event, hand: frozenset[str], parent: int | None = None
) -> None:
    """Do the work of one hand, as `run` says."""
    wait, told, pace, statistics = IDLE_SECONDS, None, Pace(), Statistics(engine)
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        done = _round(engine, pace, hand, statistics)
        if done.troubles and (done.troubles != told or not (done.taken or done.is_away)):
            LOG.error("projection failed", what=done.troubles, retry_seconds=wait)
        told = done.troubles
        if not done.taken:
            stop.wait(wait)
        longest = AWAY_SECONDS if done.is_away else LONGEST_WAIT
        wait = min(wait * 2, longest) if done.troubles and not done.taken else IDLE_SECONDS


@dataclass(frozen=True, slots=True)
class _Done:
    """How much a round took in, what failed by which error, and whether nothing could be read."""

    taken: int
    troubles: list[str]
    is_away: bool = False


def _round(engine: sa.Engine, pace: Pace, hand: frozenset[str], statistics: Statistics) -> _Done:
    """Bring everything up by a batch."""
    try:
        done = bring_up(engine, pace, hand)
        if done.taken:
            statistics.look()
    except Exception as error:  # noqa: BLE001 - a traceback may hold answers; the name is enough
        return _Done(0, [type(error).__name__], is_away=True)
    troubles = [f"{t.projection} of {t.lane}: {t.error}" for t in done.troubles]
    judged = 0
    try:
        if "findings" in hand:
            judged = advance_revalidation(engine, utc_now())
    except Exception as error:  # noqa: BLE001 - as above; what was projected counts all the same
        troubles.append(f"revalidation: {type(error).__name__}")
    return _Done(done.taken + judged, troubles)


def _renew(engine: sa.Engine, stop: threading.Event) -> None:
    """Renew what matching knows of each lane where that is due, and train models asked for.

    Both take long where a lane is large, so they go on beside the projections.
    """
    renewal = time.monotonic() + RENEWAL_SECONDS
    while not stop.wait(ASKED_SECONDS):
        from app.dedup.label_training import advance_training  # late, as in app.projections
        from app.dedup.renewal import advance_references

        steps = {"model not trained": advance_training}
        if time.monotonic() >= renewal:
            renewal = time.monotonic() + RENEWAL_SECONDS
            steps["references not renewed"] = advance_references
        for trouble, step in steps.items():
            try:
                step(engine, utc_now())
            except Exception as error:  # noqa: BLE001 - as above; the next look tries again
                LOG.warning(trouble, error=type(error).__name__)


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
