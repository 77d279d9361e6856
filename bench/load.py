"""A load generator over plain sockets, and meters of the processes that it loads."""

import re
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psutil
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

DONE = (b"HTTP/1.1 20", b"HTTP/1.1 304")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
SCREEN = Console(stderr=True)


async def reads_only(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Read a request and answer 201: what HTTP and this generator cost without a service."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


# --- processes -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meter:
    """Processes whose time and memory count together: `root`, with its children or alone."""

    root: psutil.Process
    tree: bool = False

    def cpu(self) -> float:
        """Give the seconds of processor time so far, of children that have ended as well."""
        own = self.root.cpu_times()
        ended = own.children_user + own.children_system if self.tree else 0.0
        return ended + sum(_each(self.members(), lambda one: sum(one.cpu_times()[:2])))

    def memory(self) -> float:
        """Give the megabytes held now; what processes share counts once."""
        held = list(_each(self.members(), lambda one: one.memory_info()))
        shared = max((one.shared for one in held), default=0)
        return (sum(one.rss - one.shared for one in held) + shared) / 1e6

    def members(self) -> list[psutil.Process]:
        """Give the processes that live."""
        return [self.root, *(self.root.children(recursive=True) if self.tree else [])]


def _each(members: Iterable[psutil.Process], ask: Callable[[psutil.Process], Any]) -> Iterator[Any]:
    for one in members:
        try:
            yield ask(one)
        except psutil.NoSuchProcess:
            continue


# --- the load ------------------------------------------------------------------------------


@dataclass(slots=True)
class Load:
    """What one phase sent and how long each answer took, in seconds."""

    documents: int
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Give documents per second."""
        return self.documents / self.seconds

    def wait_at(self, share: float) -> float:
        """Give a percentile of the waits in milliseconds."""
        return sorted(self.waits)[int(share * (len(self.waits) - 1))] * 1000


def post(path: str, kind: str, body: bytes, *more: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", *more]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


def speak(port: int, waiting: Iterator[bytes], load: Load) -> None:
    """Send requests over one kept connection, each after the answer to the one before."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in waiting:
            begun = time.perf_counter()
            line.sendall(request)
            body = _answer(line)
            load.waits.append(time.perf_counter() - begun)
            load.bodies.append(body)


def _answer(line: socket.socket) -> bytes:
    told = b""
    while b"\r\n\r\n" not in told:
        told += _more(line)
    head, _, body = told.partition(b"\r\n\r\n")
    if not told.startswith(DONE):
        raise RuntimeError(f"refused: {told[:400]!r}")
    if CHUNKED.search(head):
        while not body.endswith(b"\r\n0\r\n\r\n"):
            body += _more(line)
        return body
    size = LENGTH.search(head)
    while len(body) < int(size[1] if size else 0):
        body += _more(line)
    return body


def _more(line: socket.socket) -> bytes:
    if not (chunk := line.recv(65536)):
        raise RuntimeError("the service hung up")
    return chunk


def together(
    meters: Mapping[str, Meter], title: str, load: Load, work: Sequence[Callable[[], None]]
) -> Load:
    """Run the work of every connection at once, showing how far it is."""
    before = {name: meter.cpu() for name, meter in meters.items()}
    own, begun = time.process_time(), time.perf_counter()
    with _progress() as progress, ThreadPoolExecutor(len(work)) as pool:
        task = progress.add_task(title, total=None)
        jobs = [pool.submit(each) for each in work]
        while not all(job.done() for job in jobs):
            progress.update(task, completed=len(load.waits))
            time.sleep(0.02)
        load.seconds = time.perf_counter() - begun
        progress.update(task, completed=len(load.waits), total=len(load.waits))
        for job in jobs:
            job.result()
    load.cpu = {name: meter.cpu() - before[name] for name, meter in meters.items()}
    load.cpu["generator"] = time.process_time() - own
    return load


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=SCREEN)
