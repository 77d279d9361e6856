"""The review desk with a keyboard, with a finger, and without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import opened, serving
from tests.browser.test_pages import fits
from tests.support.office import password_of

pytestmark = pytest.mark.browser
Enter = Callable[[str], None]


@pytest.fixture(scope="module")
def address(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with three documents of much the same business: three questions."""
    with opened(server, template, tmp_path_factory.mktemp("office")) as office:
        for number, name in enumerate(("JLAMPRANG", "JLAMPRANGAN", "DJLAMPRANG"), 1):
            told = {"unit_id": f"IDSBR000000{number}", "business_name": f"BATIK SEKAR {name}"}
            office.send("ppl01", office.submission(name, told))
        office.settle()
        with serving(office.client.app) as where:
            yield where


def test_the_desk_by_keyboard(page: Page, enter: Enter, address: str) -> None:
    enter("pml01")
    page.goto(f"{address}/kandidat")
    assert fits(page)
    page.get_by_role("link", name="Mulai memutuskan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Satu usaha atau dua?")
    expect(page.locator(".records mark").first).to_be_visible()
    expect(page.get_by_role("img", name="Letak A dan B")).to_be_visible()
    expect(page.get_by_role("row", name="Pemilik")).to_contain_text("sama")
    assert fits(page)
    first = page.url
    page.keyboard.press("l")
    page.wait_for_url(lambda url: url != first)
    asked = page.url
    page.keyboard.press("?")
    expect(page.get_by_text("batalkan keputusan terakhir")).to_be_attached()
    page.keyboard.press("t")
    expect(page.get_by_label("Yang harus ditanyakan")).to_be_focused()
    assert fits(page)
    page.keyboard.type("sub")  # letters of a note press nothing
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.get_by_role("status")).to_contain_text("Usaha berbeda")
    decided = page.url
    page.keyboard.press("u")
    page.wait_for_url(lambda url: url != decided)
    expect(page.get_by_role("status")).to_contain_text("dibatalkan")
    assert page.url.split("?")[0] == asked.split("?")[0]
    page.wait_for_load_state("networkidle")


def test_the_desk_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"{address}/kandidat")
    page.get_by_label("Nama pengguna").fill("pml01")
    page.get_by_label("Kata sandi").fill(password_of("pml01"))
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Mulai memutuskan").click()
    page.get_by_role("button", name="Usaha yang sama").click()
    expect(page.get_by_role("status")).to_contain_text("Usaha yang sama")
    page.get_by_role("button", name="Batalkan").first.click()
    expect(page.get_by_role("status")).to_contain_text("dibatalkan")
    context.close()
