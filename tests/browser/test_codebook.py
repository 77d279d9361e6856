"""The codebook in a browser: it fits, it is searched, its variables have addresses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.app.web.test_codebook import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Enter = Callable[[str], None]


def test_it_fits_the_screen_and_narrows_by_words(page: Page, enter: Enter, address: str) -> None:
    enter("admin")
    page.goto(f"{address}{PAGE}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown = page.locator("[data-variable]:visible")
    every = shown.count()
    page.get_by_label("Cari variabel").fill("umur tahun")
    expect(shown).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text(f"1 dari {every} variabel")
    page.get_by_label("Cari variabel").fill("tidak ada variabel seperti ini")
    expect(shown).to_have_count(0)


def test_an_address_shows_its_variable_even_while_searching(
    page: Page, enter: Enter, address: str
) -> None:
    enter("admin")
    page.goto(f"{address}{PAGE}#v-owner.owner_age")
    expect(page.get_by_role("heading", name="Umur (tahun)")).to_be_in_viewport()
    page.get_by_label("Cari variabel").fill("postcode")
    page.evaluate("location.hash = 'v-owner.owner_sex'")
    expect(page.locator("[id='v-owner.owner_sex']")).to_be_in_viewport()
