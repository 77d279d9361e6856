import random
from collections import Counter

import httpx
import pytest

from app.simulate.line import CUT, HALF, LATE, LOST, NO_SIGNAL, PORTAL, TWICE, BadLine, Mishaps


class Server(httpx.BaseTransport):
    """Takes whole requests, as a real one would behind a line."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.taken.append(b"".join(request.stream))  # type: ignore[arg-type]  # a sync stream
        return httpx.Response(200, content=b"an answer")


def sent(
    server: Server, *, faults: float, seed: int, requests: int
) -> tuple[Counter[str], Mishaps]:
    mishaps, seen = Mishaps(), Counter[str]()
    line = BadLine(server, random.Random(seed), faults, mishaps)
    with httpx.Client(transport=line, base_url="http://office") as http:
        for number in range(requests):
            try:
                answer = http.post("/", content=f"{number:04}".encode())
            except httpx.TransportError as error:
                seen[type(error).__name__] += 1
            else:
                seen[answer.text if answer.content != b"an answer" else "whole"] += 1
    return seen, mishaps


def test_a_good_line_loses_nothing() -> None:
    server = Server()
    seen, mishaps = sent(server, faults=0, seed=1, requests=50)
    assert seen == {"whole": 50}
    assert server.taken == [f"{number:04}".encode() for number in range(50)]
    assert mishaps.told() == {}


def test_a_bad_line_fails_in_every_way_and_sends_old_copies_between_new_ones() -> None:
    server = Server()
    seen, mishaps = sent(server, faults=0.5, seed=2, requests=400)
    assert set(mishaps.told()) == {NO_SIGNAL, CUT, LOST, HALF, TWICE, LATE, PORTAL}
    assert {"ConnectError", "WriteError", "ReadError", "ReadTimeout", "an a", "whole"} <= set(seen)
    taken = Counter(server.taken)
    assert max(taken.values()) > 1
    assert sorted(server.taken) != server.taken
    assert set(taken) <= {f"{number:04}".encode() for number in range(400)}


def test_the_same_seed_fails_in_the_same_ways() -> None:
    first, again = (sent(Server(), faults=0.4, seed=3, requests=100)[0] for _ in range(2))
    assert first == again
    assert first != sent(Server(), faults=0.4, seed=4, requests=100)[0]


@pytest.mark.parametrize("content", [b"", b"x"])
def test_a_request_without_a_body_is_never_cut(content: bytes) -> None:
    server = Server()
    line = BadLine(server, random.Random(5), 0.9, Mishaps())
    with httpx.Client(transport=line, base_url="http://office") as http:
        for _ in range(60):
            try:
                http.post("/", content=content)
            except httpx.TransportError:
                continue
    assert set(server.taken) == {content}
