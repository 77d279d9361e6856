"""The processes of a batch.

Each is started as a program of its own: it imports just what it needs, whatever the program around
it has loaded, and shares no lock with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Protocol

import matching
from matching.batch.worker import KINDS

Task = Mapping[str, Any]


class Crew(Protocol):
    """Who works off tasks."""

    def work(self, tasks: Iterable[Task], told: Callable[[int], None]) -> None:
        """Do all tasks; `told` is called with what each answered, as they end."""
        ...


class Alone:
    """This very process: for what is done before another has started."""

    def work(self, tasks: Iterable[Task], told: Callable[[int], None]) -> None:
        """Do all tasks, one after the other."""
        for task in tasks:
            told(KINDS[task["kind"]](dict(task)))


class CrewFailed(Exception):  # noqa: N818 - says what happened
    """A process of the batch ended before its task was done."""


class Processes:
    """Some processes that take tasks, each the next one as soon as it is free."""

    def __init__(self, processes: "list[subprocess.Popen[str]]") -> None:
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for process in processes:
            self._free.put(process)
        self._count = len(processes)

    def work(self, tasks: Iterable[Task], told: Callable[[int], None]) -> None:
        """Do all tasks; `told` is called with what each answered, as they end."""
        with ThreadPoolExecutor(self._count) as pool:
            waiting = [pool.submit(self._one, task) for task in tasks]
            for each in as_completed(waiting):
                told(each.result())

    def _one(self, task: Task) -> int:
        process = self._free.get()
        try:
            return _asked(process, task)
        finally:
            self._free.put(process)


def _asked(process: "subprocess.Popen[str]", task: Task) -> int:
    into: IO[str] | None = process.stdin
    out: IO[str] | None = process.stdout
    assert into is not None
    assert out is not None
    try:
        into.write(json.dumps(task) + "\n")
        into.flush()
        answer = out.readline()
    except BrokenPipeError:
        answer = ""
    if not answer:
        raise CrewFailed(f"A process of the batch ended at a task of kind {task['kind']}.")
    return int(json.loads(answer)["done"])


@contextmanager
def crew(count: int) -> Iterator[Crew]:
    """Start so many processes, or none for one; end them when the work is over, however it ends."""
    if count <= 1:
        yield Alone()
        return
    home = str(Path(matching.__file__).parents[1])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    with ExitStack() as stack:
        started = []
        for _ in range(count):
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "matching.batch.worker"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=os.environ | {"PYTHONPATH": path},
                )
            )
            stack.callback(process.kill)
            started.append(process)
        yield Processes(started)
