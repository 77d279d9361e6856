from datetime import UTC, datetime
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.web import language

WEB = Path(language.__file__).parent
SOURCES = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
MARKS = {"_": None, "msg": None, "gettext": None, "ngettext": (1, 2)}


def used() -> set[str]:
    return {
        str(message)
        for _file, _line, message, *_ in extract_from_dir(
            str(WEB), method_map=SOURCES, keywords=MARKS
        )
    }


def translated() -> dict[str, str]:
    with (WEB / "locale" / "en.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def test_every_text_has_an_english_translation() -> None:
    assert used() - translated().keys() == set()
    assert [text for text, english in translated().items() if not english] == []


def test_no_translation_is_left_over() -> None:
    assert translated().keys() - used() == set()


def test_translations_fill_in_the_same_things() -> None:
    for text, english in translated().items():
        assert set(_places(text)) == set(_places(english)), text


def _places(text: str) -> list[str]:
    return [part.split(")")[0] for part in text.split("%(")[1:]]


def test_numbers_and_times_are_written_as_the_reader_does() -> None:
    assert language.number("id", 12345) == "12.345"
    assert language.number("en", 12345) == "12,345"
    assert language.number("id", None) == "\N{MULTIPLICATION SIGN}"
    assert language.percent("id", 0.4567) == "45,7 %"
    assert language.percent("en", 1.0) == "100.0 %"
    assert language.percent("id", None) == "\N{EN DASH}"
    at = datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
    assert language.moment("id", at) == "2 Jul 2026 03.30 WIB"


def test_a_text_is_told_in_the_language() -> None:
    assert language.told("en", "Kata sandi") == "Password"
    assert language.told("id", "Kata sandi") == "Kata sandi"
