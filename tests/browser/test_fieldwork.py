"""Assignments and announcements in a browser, on a phone and at a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import fits
from tests.support.office import password_of

pytestmark = pytest.mark.browser


def test_pages_of_the_field_fit_below_a_menu_of_one_line(
    page: Page, enter: Callable[[str], None], address: str
) -> None:
    enter("admin")
    for path in ("/penugasan", "/penugasan/petugas", "/pengumuman"):
        page.goto(f"{address}{path}")
        assert fits(page), path
        menu = page.get_by_role("navigation", name="Menu utama").bounding_box()
        assert menu is not None
        assert menu["height"] < 60, path
        expect(page.locator("nav [aria-current]")).to_be_in_viewport()


def test_work_is_assigned_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(f"{address}/penugasan")
    page.get_by_label("Nama pengguna").fill("pml01")
    page.get_by_label("Kata sandi").fill(password_of("pml01"))
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("checkbox", name="RT 001 RW 001").check()
    page.get_by_label("Nama pengguna petugas").fill("ppl01")
    page.get_by_role("button", name="Tugaskan").click()
    expect(page.get_by_role("status")).to_contain_text("Dicatat: 1 sub-SLS")
    expect(page.locator(".who-works")).to_contain_text("Contoh ppl01")
    page.get_by_role("link", name="Riwayat").click()
    expect(page.get_by_text("berlaku sekarang")).to_be_visible()
    context.close()
