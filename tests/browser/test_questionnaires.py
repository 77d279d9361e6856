"""From a workbook with a fault to a published version, as subject-matter staff go through it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.questionnaires.test_drafts import workbook
from tests.browser.test_pages import Enter, fits

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("SE2026_SCREENSHOTS")  # a folder: pictures for the documentation go there
LABELS = ("label::Bahasa Indonesia (id)", "label::English (en)")


def kiosk(form_id: str, version: str, constraint: str = ". >= 0 and . <= 500") -> bytes:
    settings = [
        ["form_id", "version", "form_title", "default_language"],
        [form_id, version, "Kios pasar / Market stall", "Bahasa Indonesia (id)"],
    ]
    message = "constraint_message::"
    survey = [
        ["type", "name", *LABELS, "relevant", "constraint", f"{message}Bahasa Indonesia (id)"],
        ["select_one ya", "buka", "Apakah kios buka?", "Is the stall open?"],
        ["text", "nama", "Nama kios", "Name of the stall", "${buka} = '1'"],
        [
            "integer",
            "pekerja",
            "Jumlah pekerja",
            "Workers",
            "${buka} = '1'",
            constraint,
            "Isi 0 sampai 500.",
        ],
    ]
    choices = [
        ["list_name", "name", *LABELS],
        ["ya", "1", "Ya", "Yes"],
        ["ya", "2", "Tidak", "No"],
    ]
    return workbook({"settings": settings, "survey": survey, "choices": choices})


def sent(form_id: str) -> bytes:
    return (
        f'<data id="{form_id}" version="1"><buka>1</buka><nama>Kios Melati</nama>'
        "<pekerja>999</pekerja><meta><instanceID>uuid:coba</instanceID></meta></data>"
    ).encode()


@pytest.fixture
def shot(page: Page) -> Callable[[str], None]:
    """Keep a picture for the documentation, when it is asked for."""

    def keep(name: str) -> None:
        assert fits(page)
        if SHOTS:
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)

    return keep


@pytest.fixture
def upload(page: Page, address: str, tmp_path: Path) -> Callable[[str, bytes], None]:
    """Bring a file through the form."""

    def uploaded(name: str, body: bytes) -> None:
        file = tmp_path / name
        file.write_bytes(body)
        page.goto(f"{address}/kuesioner")
        page.get_by_label("Kuesioner (XLSForm").set_input_files(file)
        page.get_by_role("button", name="Unggah dan periksa").click()
        page.wait_for_url("**/kuesioner/draf/**")

    return uploaded


def test_from_a_faulty_workbook_to_a_closed_version(
    page: Page,
    enter: Enter,
    upload: Callable[[str, bytes], None],
    shot: Callable[[str], None],
    tmp_path: Path,
) -> None:
    form_id = f"kios_{page.viewport_size['width']}" if page.viewport_size else "kios"
    enter("admin")
    upload("kios.xlsx", kiosk(form_id, "2026070101", ". >= (0"))
    expect(page.get_by_text("survey, baris 4, kolom “constraint”")).to_be_visible()
    expect(page.get_by_role("button", name="Terbitkan")).to_have_count(0)
    shot("questionnaire-lint")

    upload("kios.xlsx", kiosk(form_id, "2026070101"))
    trial = tmp_path / "kiriman.xml"
    trial.write_bytes(sent(form_id))
    page.get_by_label("Atau unggah satu kiriman").set_input_files(trial)
    page.get_by_role("button", name="Periksa kiriman ini").click()
    expect(page.get_by_text("Isi 0 sampai 500.").first).to_be_visible()
    shot("questionnaire-draft")
    page.get_by_label("Catatan terbitan").fill("Versi pertama untuk pasar.")
    page.get_by_role("button", name="Terbitkan versi 2026070101").click()
    page.wait_for_url(f"**/kuesioner/{form_id}/2026070101")

    upload("kios.xlsx", kiosk(form_id, "2026070102", ". >= 0 and . <= 900"))
    page.get_by_role("link", name="dengan versi 2026070101").click()
    expect(page.locator("mark").first).to_be_visible()
    shot("questionnaire-compare")

    page.goto(page.url.split("/kuesioner")[0] + f"/kuesioner/{form_id}/2026070101")
    page.get_by_text("Tutup versi ini").click()
    page.get_by_role("button", name="Tutup versi 2026070101").click()
    expect(page.get_by_text("Ditutup").first).to_be_visible()
    page.goto(page.url.split("/kuesioner")[0] + "/kuesioner")
    shot("questionnaire-upload")
