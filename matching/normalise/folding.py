"""Text in one alphabet: ASCII capitals, single spaces, placeholders as nothing."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 300  # characters; whoever pastes a novel into a field names no business with it

_LONGEST_PLACEHOLDER: Final = 30
_SPECIAL: Final = str.maketrans(
    {
        "\u00d8": "O", "\u00f8": "o", "\u0110": "D", "\u0111": "d", "\u0141": "L",
        "\u0142": "l", "\u00df": "ss", "\u00c6": "AE", "\u00e6": "ae",
        "\u2018": "'", "\u2019": "'", "\u00b4": "'",  # quotation marks
        "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",  # dashes
    }
)  # fmt: skip
_SENTINEL: Final = re.compile(r"([0-9X])\1*")
PLACEHOLDERS: Final = frozenset(
    {
        "", "NA", "NAN", "NN", "NONE", "NULL", "NIL", "NIHIL", "KOSONG", "ADA", "TIDAK", "TDK",
        "TIDAKADA", "TDKADA", "TAKADA", "GAKADA", "GAADA", "TDADA", "TA", "TIDAKDIKETAHUI",
        "TDKDIKETAHUI", "TIDAKTAHU", "TDKTAHU", "TT", "BELUMADA", "BELUMTAHU", "TANPANAMA",
        "TANPANAMAUSAHA", "TIDAKBERNAMA", "TIDAKADANAMA", "TDKADANAMA", "TIDAKADANAMAUSAHA",
        "TANPAALAMAT", "TANPANOMOR", "UNKNOWN", "UNNAMED", "NOTAVAILABLE", "NONAME", "NOTKNOWN",
        "SDA", "IDEM", "TEST", "TES", "LAINNYA", "DLL", "MENOLAK", "REFUSED", "PRIBADI", "MANDIRI",
        "SENDIRI", "NAMAUSAHA", "PEMILIK", "RAHASIA", "BELUMDIISI", "TIDAKPUNYA", "TDKPUNYA",
        "TIDAKDIISI", "UNDEFINED", "ANONIM", "ANONYMOUS", "NODATA", "BLANK", "EMPTY", "DATA",
    }
)  # fmt: skip
_LETTERS: Final = re.compile(r"[^A-Z0-9]+")


@lru_cache(maxsize=1 << 14)
def fold(text: str | None) -> str:
    """Give text in ASCII capitals, without accents, with single spaces; empty for None."""
    if not text:
        return ""
    short = text[:LONGEST]
    if not short.isascii():
        plain = unicodedata.normalize("NFKD", short.translate(_SPECIAL))
        short = plain.encode("ascii", "ignore").decode()[:LONGEST]
    return " ".join(short.upper().split())


def is_placeholder(folded: str) -> bool:
    """Tell whether folded text only says that nothing is known: -, N/A, TIDAK ADA, 9999, XXX."""
    if len(folded) > _LONGEST_PLACEHOLDER:
        return False
    bare = _LETTERS.sub("", folded)
    return bare in PLACEHOLDERS or _SENTINEL.fullmatch(bare) is not None


def told(text: str | None) -> str:
    """Give folded text, empty where it is a placeholder."""
    folded = fold(text)
    return "" if is_placeholder(folded) else folded
