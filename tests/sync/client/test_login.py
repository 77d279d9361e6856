from collections.abc import Callable

import httpx
import pytest

from sync.client import Login
from sync.errors import Refused

Answer = Callable[[httpx.Request], httpx.Response]


def let_in(token: str) -> httpx.Response:
    return httpx.Response(200, json={"access_token": token, "token_type": "bearer"})


class Office:
    """Gives out tokens one after another; only the newest is good."""

    def __init__(self, *logins: httpx.Response) -> None:
        self.logins = list(logins)
        self.good = ""
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/token":
            self.asked.append(request.content.decode())
            return self.logins.pop(0)
        told = request.headers["Authorization"]
        return httpx.Response(
            200 if told == f"Bearer {self.good}" else 401, content=request.content
        )


def speak(office: Answer) -> httpx.Client:
    login = Login("ppl01", "rahasia sekali")
    return httpx.Client(
        base_url="http://office/", transport=httpx.MockTransport(office), auth=login
    )


def test_a_token_is_asked_for_once_and_again_when_it_is_over() -> None:
    office = Office(let_in("first"), let_in("second"))
    office.good = "first"
    with speak(office) as http:
        assert [http.post("/push", content=b"a").status_code for _ in range(3)] == [200] * 3
        assert len(office.asked) == 1
        office.good = "second"
        assert http.post("/push", content=b"the body").content == b"the body"
        assert http.post("/push", content=b"a").status_code == 200
    assert office.asked == ["username=ppl01&password=rahasia+sekali"] * 2


def test_who_is_not_let_in_is_told_so() -> None:
    with speak(Office(httpx.Response(401))) as http, pytest.raises(Refused) as refused:
        http.get("/pull")
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(429),
        httpx.Response(503),
        httpx.Response(200, html="<title>Hotspot</title>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"access_token": None}),
    ],
    ids=["busy", "away", "hotspot", "a list", "no token"],
)
def test_an_answer_that_is_none_is_a_line_that_failed(answer: httpx.Response) -> None:
    office = Office(answer, let_in("good"))
    office.good = "good"
    with speak(office) as http:
        with pytest.raises(httpx.TransportError):
            http.get("/pull")
        assert http.get("/pull").status_code == 200
