"""Names and numbers in one spelling; pure. A changed result raises NORMALISER_VERSION."""

import re
import unicodedata
from dataclasses import dataclass

NORMALISER_VERSION = 1

_SENTINELS = frozenset({"7777", "8888", "9999"})  # none, refused, unknown
_PLACEHOLDERS = frozenset(
    {"", "-", "0", "NA", "NN", "NONE", "NULL", "NIHIL", "ADA", "TIDAK ADA", "TDK ADA", "BELUM ADA",
     "TIDAK TAHU", "TDK TAHU", "TANPA NAMA", "TIDAK BERNAMA", "KOSONG", "XXX", *_SENTINELS}
)  # fmt: skip
_LEGAL_FORMS = frozenset({"PT", "CV", "UD", "PD", "FA", "FIRMA", "KOPERASI", "YAYASAN", "TBK"})
_HONORIFICS = frozenset(
    {"BU", "IBU", "PAK", "BAPAK", "BPK", "MBAK", "MBA", "MAS", "H", "HJ", "HAJI", "HAJJAH", "DR",
     "DRS", "IR", "KH", "NY", "TN", "SDR", "SDRI", "MBOK", "MBAH", "KANG"}
)  # fmt: skip
_BUSINESS_TYPES = {
    "TOKO": "TOKO", "TK": "TOKO", "TB": "TOKO BANGUNAN", "KIOS": "KIOS", "WARUNG": "WARUNG",
    "WRG": "WARUNG", "WR": "WARUNG", "WRNG": "WARUNG", "WARTEG": "WARUNG", "DEPOT": "DEPOT",
    "RM": "RUMAH MAKAN", "BENGKEL": "BENGKEL", "BKL": "BENGKEL", "SALON": "SALON",
    "LAUNDRY": "LAUNDRY", "APOTEK": "APOTEK", "APOTIK": "APOTEK", "KONTER": "KONTER",
    "COUNTER": "KONTER", "USAHA": "USAHA", "PENJAHIT": "PENJAHIT", "KONVEKSI": "KONVEKSI",
}  # fmt: skip
_PHRASES = (("RUMAH MAKAN", "RM"), ("TOKO BANGUNAN", "TB"))
_ROMAN = {"II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9"}
_ORDINALS = frozenset({"BARU", "CABANG", "CAB", "PUSAT"})  # a difference here speaks against

_SPELLINGS = (
    ("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("SJ", "S"), ("SY", "S"), ("KH", "H"), ("CH", "H"),
    ("F", "P"), ("V", "P"), ("Z", "J"), ("X", "KS"), ("Q", "K"), ("Y", "I"),
)  # fmt: skip
_UNHEARD = re.compile("[AEIOUHW]")
_DOUBLED = re.compile(r"([A-Z])\1+")
_BRACKETS = re.compile(r"\(([^()]*)\)?")
_APART = re.compile(r"[^A-Z0-9]+")
_MOBILE = re.compile(r"8[0-9]{8,11}")


@dataclass(frozen=True, slots=True)
class Name:
    """A business name in its parts; only `core` tells one business from the next."""

    legal_forms: tuple[str, ...]
    honorifics: tuple[str, ...]
    business_types: tuple[str, ...]
    core: str  # distinctive words
    ordinal: str  # 2, BARU, CABANG …: which one of several
    skeleton: str  # the core, spelt so that usual variants agree

    @property
    def key(self) -> str:
        """Give what equal names share; empty where the name tells nothing."""
        few = 4  # letters; a shorter skeleton would throw unlike names together
        heard = self.skeleton if len(self.skeleton) >= few else spelling_of(self.core)
        return f"{heard}#{self.ordinal}" if heard else ""


def folded(text: str) -> str:
    """Give text in ASCII capitals, without accents, with single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.upper().split())


def business_name(text: str) -> Name:
    """Part a business name. An owner's name in brackets is no part of it."""
    whole = folded(text)
    outside = _BRACKETS.sub(" ", whole)
    name = _parted(_words(outside))
    return name if name.core else _parted(_words(whole))


def mobile_number(text: str) -> str:
    """Give a mobile number as 8…, without country code; empty where it is none, or a filler."""
    digits = re.sub(r"[^0-9]", "", folded(text))
    national = re.sub(r"^(0062|62|0)", "", digits)
    fillers = 2  # a number written with fewer different digits than three is none
    if not _MOBILE.fullmatch(national) or len(set(national[1:])) <= fillers:
        return ""
    return national


def identifier(text: str) -> str:
    """Give an identifier without spaces; empty for placeholders and sentinels."""
    plain = folded(text).replace(" ", "")
    return "" if plain in _PLACEHOLDERS else plain


def spelling_of(core: str) -> str:
    """Give a name without gaps, old spellings and doubled letters."""
    text = core.replace(" ", "")
    for written, heard in _SPELLINGS:
        text = text.replace(written, heard)
    return _DOUBLED.sub(r"\1", text)


def skeleton_of(core: str) -> str:
    """Give the sound of a name: its spelling without vowels, H and W behind the first letter."""
    text = spelling_of(core)
    return _DOUBLED.sub(r"\1", text[:1] + _UNHEARD.sub("", text[1:]))


def _words(text: str) -> list[str]:
    if text in _PLACEHOLDERS:
        return []
    flat = f" {' '.join(_APART.sub(' ', text).split())} "
    for phrase, short in _PHRASES:
        flat = flat.replace(f" {phrase} ", f" {short} ")
    words = flat.split()
    return [] if {" ".join(words), "".join(words)} & _PLACEHOLDERS else words


def _parted(words: list[str]) -> Name:
    def among(kinds: frozenset[str]) -> tuple[str, ...]:
        return tuple(word for word in words if word in kinds)

    rest = [
        word
        for word in words
        if word not in _LEGAL_FORMS | _HONORIFICS and word not in _BUSINESS_TYPES
    ]
    core, ordinal = _ordinal_apart(rest)
    return Name(
        legal_forms=among(_LEGAL_FORMS),
        honorifics=among(_HONORIFICS),
        business_types=tuple(_BUSINESS_TYPES[word] for word in words if word in _BUSINESS_TYPES),
        core=" ".join(core),
        ordinal=" ".join(ordinal),
        skeleton=skeleton_of(" ".join(core)),
    )


def _ordinal_apart(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the trailing words that only say which one of several; one word always stays."""
    end = len(words)
    while end > 1 and _is_ordinal(words[end - 1]):
        end -= 1
    return words[:end], [_ROMAN.get(word, word.lstrip("0")) for word in words[end:]]


def _is_ordinal(word: str) -> bool:
    return word in _ROMAN or word in _ORDINALS or word.isdigit()
