"""Labelling with a keyboard, on a phone's screen and a desk's."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from app.core.db import writing
from app.registry.prelist import import_prelist
from tests.app.web.test_labelling import prelist
from tests.browser.conftest import opened, serving
from tests.browser.test_pages import fits
from tests.conftest import NOON

pytestmark = pytest.mark.browser
Enter = Callable[[str], None]


@pytest.fixture(scope="module")
def address(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with a prelist of businesses that are listed twice."""
    with opened(server, template, tmp_path_factory.mktemp("office")) as office:
        with writing(office.engine) as session:
            import_prelist(session, prelist(), lane="3375", actor="test", now=NOON)
        office.settle()
        with serving(office.client.app) as where:
            yield where


def test_a_round_by_keyboard(page: Page, enter: Enter, address: str) -> None:
    enter("admin")
    page.get_by_role("link", name="Pelabelan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pelabelan")
    assert fits(page)
    page.get_by_role("button", name="25 pasangan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Satu usaha atau dua?")
    assert fits(page)
    first = page.url
    page.keyboard.press("l")
    page.wait_for_url(lambda url: url != first)
    skipped = page.url
    page.keyboard.press("s")
    expect(page.get_by_role("status")).to_contain_text("Label dicatat: Usaha yang sama")
    answered = page.url
    page.keyboard.press("u")
    page.wait_for_url(lambda url: url != answered)
    expect(page.get_by_role("status")).to_contain_text("Label dibatalkan")
    assert page.url.split("?")[0] == skipped
    page.keyboard.press("t")
    expect(page.get_by_role("status")).to_contain_text("Tidak dapat ditentukan")
    page.keyboard.press("b")
    expect(page.get_by_role("status")).to_contain_text("Usaha berbeda")
    page.get_by_role("link", name="Pelabelan").first.click()
    expect(page.get_by_role("link", name="Lanjutkan putaran")).to_be_visible()
    assert fits(page)
