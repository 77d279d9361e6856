"""A full disk: a clear answer, nothing half-done, and work goes on when there is room again."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.core.db import reading
from app.intake.repository import walk
from tests.support.office import OpenOffice

ROOM = 200_000  # bytes that any one file may grow to


@contextmanager
def little_room() -> Iterator[None]:
    """Let the kernel refuse larger files, as a full disk does."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("size", [2 * ROOM, 10 * ROOM], ids=["at the blob", "at the spool"])
def test_what_finds_no_room_is_answered_503_and_leaves_nothing(
    office: OpenOffice, size: int
) -> None:
    body, photo = office.submission("a"), bytes(size)
    with little_room():
        answer = office.send("ppl01", body, front_photo=photo)
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    with reading(office.engine) as session:
        assert list(walk(session, "3375")) == []
    assert [path for path in office.settings.data_dir.rglob("*") if path.is_file()] == []
    assert office.send("ppl01", body, front_photo=photo).status_code == 201
