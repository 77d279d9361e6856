from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
Enter = Callable[[str], None]


def fits(page: Page) -> bool:
    """Tell whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_login_leads_to_where_one_wanted_to_be(page: Page, address: str) -> None:
    page.goto(f"{address}/dokumen")
    assert fits(page)
    page.get_by_label("Nama pengguna").fill("admin")
    page.get_by_label("Kata sandi").fill("admin rahasia sekali")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/dokumen")
    assert fits(page)


def test_releases_fit_with_their_long_digests(page: Page, enter: Enter, address: str) -> None:
    enter("analis")
    page.goto(f"{address}/rilis")
    expect(page.get_by_role("link", name="SHA256SUMS")).to_be_visible()
    assert fits(page)


def test_the_dashboard_draws_its_map(page: Page, enter: Enter, address: str) -> None:
    enter("admin")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kota Pekalongan")
    shapes = page.locator(".chart.map svg .mark-shape path")
    expect(shapes).to_have_count(27)
    expect(page.locator(".chart img")).to_have_count(0)  # the drawn ones made way
    expect(page.locator(".chart.bars svg")).to_be_visible()
    assert fits(page)


def test_pointing_at_the_map_tells_the_kelurahan(page: Page, enter: Enter) -> None:
    enter("admin")
    page.locator(".chart.map svg .mark-shape path").nth(3).hover()
    expect(page.locator("#petunjuk")).to_contain_text("Kelurahan")
    assert fits(page)


def test_a_click_on_the_map_leads_down(page: Page, enter: Enter) -> None:
    enter("admin")
    page.locator(".chart.map svg .mark-shape path").nth(3).click()
    page.wait_for_url("**/wilayah/3375*")
    expect(page.get_by_role("navigation", name="Jalur wilayah")).to_contain_text("Kota Pekalongan")


def test_one_drills_down_to_the_sub_sls(page: Page, enter: Enter, address: str) -> None:
    enter("admin")
    for name, code in (
        ("Jenggot", "3375030005"),
        ("RT 001 RW 001", "33750300050001"),
        ("RT 001 RW 001", "3375030005000100"),
    ):
        page.locator("#tabel tbody").get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"{address}/wilayah/{code}")
        assert fits(page)
    page.get_by_role("navigation", name="Jalur wilayah").get_by_role(
        "link", name="Kota Pekalongan"
    ).click()
    page.wait_for_url(f"{address}/wilayah/3375")


def test_the_language_is_switched(page: Page, enter: Enter, address: str) -> None:
    enter("admin")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Map of kelurahan")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".chart.map svg")).to_contain_text("Visited, of target")
    page.get_by_role("link", name="Bahasa Indonesia").click()
    expect(page.get_by_role("heading", name="Peta kelurahan")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_supervisor_reads_and_returns_a_document(page: Page, enter: Enter, address: str) -> None:
    enter("pml01")
    page.get_by_role("link", name="Dokumen", exact=True).click()
    page.get_by_label("Hanya yang ada temuan").check()
    page.get_by_role("button", name="Saring").click()
    assert fits(page)
    page.get_by_role("link", name="BATIK SEKAR JLAMPRANG").click()
    expect(page.locator(".remark.error").first).to_be_visible()
    assert fits(page)
    page.get_by_label("Catatan untuk petugas").fill("Tanyakan umur pemilik sekali lagi.")
    page.get_by_role("button", name="Kembalikan").click()
    expect(page.get_by_role("status")).to_contain_text("sudah dicatat")


def test_the_keyboard_reaches_the_content(page: Page, enter: Enter) -> None:
    enter("admin")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.wait_for_load_state("networkidle")


def test_without_scripts_the_page_is_whole(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Nama pengguna").fill("admin")
    page.get_by_label("Kata sandi").fill("admin rahasia sekali")
    page.get_by_role("button", name="Masuk").click()
    expect(page.locator(".chart.map img")).to_be_visible()
    assert page.locator("#tabel tbody tr").count() >= 27
    context.close()
