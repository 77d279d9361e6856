"""A device that dies: run as a program, apart from the test and its threads.

    python -m tests.support.killed_device lines URL FOLDER WHERE   dies at every line of WHERE
    python -m tests.support.killed_device work URL FOLDER PREFIX   works until it is killed

WHERE is MODULE:STRIDE, such as disk.py:1 or :5 for every fifth line of the whole client.

Every promise, an envelope for which `put` has returned, is told on standard output.
"""

import os
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType

from tests.support.devices import Field, in_the_field, submission

KILLED = 9
_PHOTO = {"front.jpg": b"photo"}


def _promise(field: Field, name: str, files: dict[str, bytes] | None = None) -> None:
    field.spool.put(submission(name, files=files), files)
    os.write(1, f"{name}\n".encode())


def a_day(folder: Path, url: str, prefix: str) -> None:
    """Collect, send, collect, pull, send: everything that touches the disk."""
    with in_the_field(folder, url) as field:
        _promise(field, f"{prefix}a")
        _promise(field, f"{prefix}b", _PHOTO)
        field.spool.save_clock_skew(1.5)
        field.device.push()
        _promise(field, f"{prefix}c")
        field.device.pull(lambda _changes: None)
        field.device.push()


def bring_in(folder: Path, url: str) -> None:
    """Open what a dead device left and send it; raises where anything stays."""
    with in_the_field(folder, url) as field:
        report = field.device.push()
        if report.left or report.set_aside:
            raise RuntimeError(report)


def die_at(line: int, module: str) -> None:
    """End this process, without any goodbye, before the given line of `module` is run."""
    lines = count(1)

    def trace(frame: FrameType, event: str, _argument: object) -> Callable[..., object] | None:
        if f"/sync/client/{module}" not in frame.f_code.co_filename:
            return None
        if event == "line" and next(lines) == line:
            os._exit(KILLED)
        return trace

    sys.settrace(trace)


def _forked(story: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            story()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die_everywhere(url: str, folder: Path, where: str) -> None:
    """Live the day again and again, dying a little later each time, until it is survived."""
    module, _, stride = where.partition(":")
    for line in count(1, int(stride)):
        mine = folder / str(line)

        def story(line: int = line, mine: Path = mine) -> None:
            die_at(line, module)
            a_day(mine, url, f"{line}-")

        status = _forked(story)
        if status not in {0, KILLED} or _forked(lambda mine=mine: bring_in(mine, url)):
            sys.exit(f"line {line}: the day ended with {status}, or was not brought in")
        if status == 0:
            return


def work(url: str, folder: Path, prefix: str) -> None:
    """Collect and send without end."""
    with in_the_field(folder, url) as field:
        for number in count():
            _promise(field, f"{prefix}-{number}")
            if number % 4 == 3:
                field.device.push()


if __name__ == "__main__":
    how, server, home, last = sys.argv[1:]
    act = die_everywhere if how == "lines" else work
    act(server, Path(home), last)
