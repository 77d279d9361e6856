"""Invented people: common names put together by chance, numbers that nobody is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo.chance import column

CENSUS_DAY = date(2026, 7, 1)
MALE, FEMALE = "1", "2"
_FEMALE_DAY = 40  # a NIK adds it to a woman's day of birth
# the kecamatan of a NIK is Kemendagri's, where Selatan and Utara are swapped
_KEMENDAGRI: Mapping[str, str] = {
    "3375010": "337501",
    "3375020": "337502",
    "3375030": "337504",
    "3375040": "337503",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who owns or runs a business."""

    first: str
    last: str
    sex: str
    born: date
    nik: str
    mobile: str

    @property
    def name(self) -> str:
        """Give the name as an officer writes it."""
        return f"{self.first} {self.last}".upper()

    @property
    def age(self) -> int:
        """Give the years of age on the census day."""
        had_birthday = (CENSUS_DAY.month, CENSUS_DAY.day) >= (self.born.month, self.born.day)
        return CENSUS_DAY.year - self.born.year - (not had_birthday)

    @property
    def title(self) -> str:
        """Give how neighbours address them."""
        return "BU" if self.sex == FEMALE else "PAK"


def invent_owner(rng: Random, kecamatan: str, *, women: int) -> Owner:
    """Invent somebody of a kecamatan (7 digits), a woman in `women` of 100 cases."""
    sex = FEMALE if rng.random() * 100 < women else MALE
    first = rng.choice(column("people", "female" if sex == FEMALE else "male"))
    born = CENSUS_DAY - timedelta(days=rng.randint(22 * 366, 68 * 365))
    return Owner(
        first=first,
        last=rng.choice(column("people", "last")),
        sex=sex,
        born=born,
        nik=nik_of(rng, kecamatan, sex, born),
        mobile=invent_mobile(rng),
    )


def nik_of(rng: Random, kecamatan: str, sex: str, born: date) -> str:
    """Give a NIK with the right date and a serial that is never reached."""
    day = born.day + _FEMALE_DAY * (sex == FEMALE)
    return f"{_KEMENDAGRI[kecamatan]}{day:02}{born:%m%y}{rng.randint(9001, 9998)}"


def invent_mobile(rng: Random) -> str:
    """Give a mobile number of a range that no operator has."""
    return f"084{rng.randint(0, 9)}{rng.randint(1_000_000, 99_999_999):08}"


def invent_landline(rng: Random) -> str:
    """Give a landline number of Pekalongan that begins, as none does, with 0."""
    return f"02850{rng.randint(10_000, 99_999)}"


def invent_nib(rng: Random) -> str:
    """Give 13 digits that begin as no NIB does."""
    return f"99{rng.randint(10**9, 10**11 - 1):011}"
