"""A caller of an ASGI app without a socket, for tests that are not async themselves."""

from typing import Any

import anyio
import httpx


class Caller:
    """Sends requests to `app` as if from `address`; keeps cookies as a browser does."""

    def __init__(
        self, app: Any, *, base_url: str = "https://se2026.example", address: str = "10.0.0.1"
    ) -> None:
        self.app = app
        self.base_url = base_url
        self.address = address
        self.cookies = httpx.Cookies()

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 5000))
            async with httpx.AsyncClient(
                transport=transport, base_url=self.base_url, cookies=self.cookies
            ) as client:
                answer = await client.request(method, url, **options)
                self.cookies = client.cookies
                return answer

        return anyio.run(send)
