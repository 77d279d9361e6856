"""A real Chromium before the real service on a loopback port."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from app.auth.scope import Scope
from app.core.db import make_engine, writing
from app.export.service import release
from tests.conftest import NOON, cloned
from tests.support.office import OpenOffice, furnish, open_office, password_of

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}


@pytest.fixture(scope="module")  # while it lives, Playwright's loop lets nobody else's run
def chromium(address: str) -> Iterator[Browser]:
    """A browser, once the service is there; tests are skipped where there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("needs Chromium or Chrome on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with two documents in Jenggot, one of them with a mistake."""
    with opened(server, template, tmp_path_factory.mktemp("office")) as office:
        office.send("ppl01", office.submission("baik"))
        office.send("ppl01", office.submission("muda", {"owner_age": "9"}))
        office.settle()
        with writing(office.engine) as session:
            release(
                session,
                Scope.of(["3375"]),
                "3375",
                settings=office.settings,
                actor="test",
                now=NOON,
            )
        with serving(office.client.app) as where:
            yield where


@contextmanager
def opened(server: str, template: str, folder: Path) -> Iterator[OpenOffice]:
    """Give an office of its own, with areas, a questionnaire and people."""
    with cloned(server, template) as url:
        engine = make_engine(url)
        furnish(engine)
        yield open_office(engine, folder)


@contextmanager
def serving(app: object) -> Iterator[str]:
    """Serve an application from a thread, on a port that is free."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")  # type: ignore[arg-type]
    service = uvicorn.Server(config)
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    while not service.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.02)
    port = service.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    service.should_exit = True
    thread.join(10)


@pytest.fixture(params=sorted(WIDTHS))
def page(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a fresh profile, once as wide as a phone and once as a desk's screen.

    Whatever the browser complains about fails the test.
    """
    width, height = WIDTHS[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID")
    context.set_default_timeout(20_000)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda said: said.type in {"error", "warning"} and complaints.append(said.text)
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def enter(page: Page, address: str) -> Callable[[str], None]:
    """Log in through the form."""

    def entered(user_name: str) -> None:
        page.goto(address)
        page.get_by_label("Nama pengguna").fill(user_name)
        page.get_by_label("Kata sandi").fill(password_of(user_name))
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(f"{address}/")

    return entered
