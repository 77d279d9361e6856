"""Memory of the service while many large files arrive at one moment.

Run `python -m bench.uploads [--uploads 200] [--megabytes 10] [--json]`. Every upload has a
connection and a file of its own; each comes piece by piece, all at once, first as an OpenRosa
post with an attachment, then as posts that are no submission and are set aside, then over
tus. What counts is by how much the service grew over what
it held before.
"""

import argparse
import json
import os
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.demo import opening
from bench.load import DONE, SCREEN, Load, together
from bench.office import BOUNDARY, OFFICER, Bench, access_of, documents, opened

_PIECE = 64 * 1024
_REFUSED = (b"HTTP/1.1 413",)  # set aside all the same
_KIND = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass(frozen=True, slots=True)
class Photo:
    """A file made of one noise, so that none of them is held; its head makes it different."""

    number: int
    size: int
    noise: bytes

    def pieces(self) -> Iterator[bytes]:
        """Give its bytes."""
        yield self.number.to_bytes(16, "big")
        left = self.size - 16
        while left > 0:
            yield self.noise[:left]
            left -= len(self.noise)

    def digest(self) -> str:
        """Give its sha256."""
        made = sha256()
        for piece in self.pieces():
            made.update(piece)
        return made.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    told = parser.parse_args()
    noise = os.urandom(_PIECE)
    photos = [Photo(at, told.megabytes * 1_000_000, noise) for at in range(told.uploads)]
    with opened(told.uploads) as bench:
        outcome = _measured(bench, photos)
    SCREEN.print(outcome)
    if told.json:
        print(json.dumps(outcome, indent=2))


def _measured(bench: Bench, photos: list[Photo]) -> dict[str, Any]:
    token = opening.token_of(bench.office, OFFICER)
    bodies = documents(bench.office, len(photos) + 1)
    found: dict[str, Any] = {"uploads": len(photos), "bytes_each": photos[0].size}
    with bench.serving("service", "app.main:serve", "--factory") as port:
        access = access_of(bench, port)
        _openrosa(port, token, bodies[-1], Photo(10**6, 1000, photos[0].noise))
        pairs = list(zip(bodies, photos, strict=False))
        jobs = [lambda b=b, p=p: _openrosa(port, token, b, p) for b, p in pairs]
        found["openrosa"] = _grown(bench, "OpenRosa with a file", jobs)
        others = [Photo(10**7 + each.number, each.size, each.noise) for each in photos]
        ways = [lambda p=p: _tus(port, access, p) for p in others]
        bad = [lambda p=p: _unreadable(port, token, p) for p in photos]
        found["unreadable"] = _grown(bench, "OpenRosa, no submission", bad)
        found["tus"] = _grown(bench, "tus", ways)
    return found


def _grown(bench: Bench, title: str, jobs: list[Callable[[], None]]) -> dict[str, Any]:
    before = bench.meters["service"].memory()
    bench.peaks["service"] = before
    load = together(bench.meters, title, Load(len(jobs)), jobs)
    time.sleep(1)
    return {
        "seconds": round(load.seconds, 1),
        "memory_before_mb": round(before),
        "memory_peak_mb": round(bench.peaks["service"]),
        "grew_mb": round(bench.peaks["service"] - before),
        "cpu_seconds": {who: round(spent, 1) for who, spent in load.cpu.items()},
    }


def _openrosa(port: int, token: str, document: bytes, photo: Photo) -> None:
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
    xml = part % ("xml_submission_file", "submission.xml") + "Content-Type: text/xml\r\n\r\n"
    file = part % ("photo.jpg", "photo.jpg") + "Content-Type: image/jpeg\r\n\r\n"
    first = xml.encode() + document + b"\r\n" + file.encode()
    last = f"\r\n--{BOUNDARY}--\r\n".encode()
    size = len(first) + photo.size + len(last)
    head = f"POST /openrosa/{token}/submission HTTP/1.1\r\nContent-Type: {_KIND}\r\n"
    _send(port, head, size, [first, *photo.pieces(), last])


def _unreadable(port: int, token: str, photo: Photo) -> None:
    head = f"POST /openrosa/{token}/submission HTTP/1.1\r\nContent-Type: text/xml\r\n"
    _send(port, head, photo.size, list(photo.pieces()), wanted=_REFUSED)


def _tus(port: int, access: str, photo: Photo) -> None:
    digest = photo.digest()
    usual = f"Authorization: Bearer {access}\r\nTus-Resumable: 1.0.0\r\n"
    name = b64encode(digest.encode()).decode()
    told = f"Upload-Length: {photo.size}\r\nUpload-Metadata: sha256 {name}\r\n"
    _send(port, f"POST /api/v1/sync/files HTTP/1.1\r\n{usual}{told}", 0, [])
    told = "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n"
    path = f"/api/v1/sync/files/{digest}"
    _send(port, f"PATCH {path} HTTP/1.1\r\n{usual}{told}", photo.size, list(photo.pieces()))


def _send(
    port: int, head: str, size: int, pieces: list[bytes], wanted: tuple[bytes, ...] = DONE
) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=600) as line:
        line.sendall(f"{head}Host: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n".encode())
        for piece in pieces:
            line.sendall(piece)
        told = line.recv(65536)
        if not told.startswith(wanted):
            raise RuntimeError(f"refused: {told[:400]!r}")


if __name__ == "__main__":
    main()
