"""Words, numbers and times in the reader's language: Indonesian is written in place."""

from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from app.core.clock import JAKARTA

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
CATALOGUES = Path(__file__).parent / "locale"


def msg(text: str) -> str:
    """Mark a text in Indonesian as one that is translated where it is shown."""
    return text


@lru_cache
def translations(language: str) -> NullTranslations:
    """Give the translations into a language; Indonesian needs none."""
    source = CATALOGUES / f"{language}.po"
    if not source.exists():
        return NullTranslations()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def told(language: str, text: str) -> str:
    """Give a marked text in a language."""
    return translations(language).gettext(text)


def number(language: str, value: float | None, *, withheld: str = "\N{MULTIPLICATION SIGN}") -> str:
    """Write a number; None is one that this reader is not told."""
    return withheld if value is None else str(format_decimal(value, locale=language))


def percent(language: str, share: float | None) -> str:
    """Write a share of 0 to 1 in per cent with one decimal; None: there is none to tell."""
    return "\N{EN DASH}" if share is None else str(format_percent(share, "0.0 %", locale=language))


def moment(language: str, at: datetime) -> str:
    """Write a moment in western Indonesian time."""
    local: Any = at.astimezone(JAKARTA)
    return f"{format_datetime(local, 'd MMM y HH.mm', locale=language)} WIB"


def day(language: str, on: date) -> str:
    """Write a day of the calendar."""
    told: Any = on
    return str(format_date(told, "d MMM y", locale=language))
