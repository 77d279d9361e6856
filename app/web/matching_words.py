"""The model's reasons in words: themes with what speaks for one business and what against.

A comparison of two facts at once, such as name and owner, weighs on the themes of both by halves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.dedup.schemas import ReasonOut
from app.web.language import msg

STEEPEST: Final = 6.0  # bits that fill a bar
LITTLE: Final = 0.15  # bits that say nothing either way
_TOGETHER: Final = " and "  # between the facts of a comparison of two

THEMES: Final[Mapping[str, str]] = {
    "name": msg("Nama usaha"),
    "owner": msg("Pemilik"),
    "activity": msg("Kegiatan"),
    "phone": msg("Telepon"),
    "nib": msg("NIB"),
    "distance": msg("Jarak"),
    "place": msg("Alamat"),
    "area": msg("Wilayah"),
    "source": msg("Sumber catatan"),
    "other": msg("Lainnya"),
}
# the themes on which each comparison and each fact of two weighs
_OF: Final[Mapping[str, str]] = {
    "name": "name",
    "bag": "name",
    "words": "name",
    "crossed": "name",
    "ordinal": "name",
    "brand": "name",
    "legal_form": "name",
    "owner": "owner",
    "who": "owner",
    "type": "activity",
    "trade": "activity",
    "kbli": "activity",
    "activity": "activity",
    "phone": "phone",
    "nib": "nib",
    "distance": "distance",
    "street": "place",
    "site": "place",
    "door": "place",
    "rt_rw": "place",
    "place": "place",
    "area": "area",
    "source": "source",
}

_SAME_NAME: Final = msg("nama sama")
_CLOSE_NAME: Final = msg("nama mirip")
_OTHER_NAME: Final = msg("nama berbeda")
_SAME_OWNER: Final = msg("pemilik sama")
_CLOSE_OWNER: Final = msg("nama pemilik mirip")
_OTHER_OWNER: Final = msg("pemilik berbeda")
_SAME_STREET: Final = msg("jalan sama")
_CLOSE_STREET: Final = msg("nama jalan mirip")

# what each level of each comparison of one fact says; what is not here says nothing
LEVELS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": {
        "exact": _SAME_NAME,
        "joined": msg("nama sama kecuali spasi"),
        "sound": msg("nama berbunyi sama"),
        "one letter": msg("nama berbeda satu huruf"),
        "0.95": msg("nama hampir sama"),
        "contained": msg("nama yang satu termuat dalam yang lain"),
        "0.90": _CLOSE_NAME,
        "0.82": msg("nama agak mirip"),
        "0.70": msg("nama sedikit mirip"),
        "differs": _OTHER_NAME,
    },
    "words": {
        "three or more": msg("tiga kata atau lebih pada nama dan pemilik sama"),
        "two, all of one": msg("semua kata yang satu ada pada yang lain"),
        "two": msg("dua kata pada nama dan pemilik sama"),
        "one, all of one": msg("satu-satunya kata yang satu ada pada yang lain"),
        "one": msg("satu kata pada nama dan pemilik sama"),
        "none": msg("tidak ada kata yang sama"),
    },
    "crossed": {
        "same": msg("nama usaha yang satu adalah nama pemilik yang lain"),
        "within": msg("nama usaha yang satu termuat dalam nama pemilik yang lain"),
    },
    "ordinal": {
        "same": msg("nomor urut atau cabang sama"),
        "differs": msg("nomor urut atau cabang berbeda"),
        "one has it": msg("hanya satu yang bernomor urut atau cabang"),
    },
    "brand": {
        "same, same place": msg("jaringan sama di tempat yang sama"),
        "same, place unknown": msg("jaringan sama, tempatnya tidak diketahui"),
        "same, elsewhere": msg("jaringan sama di tempat lain"),
        "differs": msg("jaringan berbeda"),
        "one has it": msg("hanya satu yang berjaringan"),
    },
    "legal_form": {
        "same": msg("badan usaha sama"),
        "differs": msg("badan usaha berbeda"),
    },
    "type": {"same": msg("jenis usaha sama"), "differs": msg("jenis usaha berbeda")},
    "trade": {"same": msg("dagangan sama"), "differs": msg("dagangan berbeda")},
    "kbli": {
        "5 digits": msg("KBLI sama"),
        "4 digits": msg("KBLI sama sampai 4 angka"),
        "3 digits": msg("KBLI sama sampai 3 angka"),
        "2 digits": msg("KBLI sama sampai 2 angka"),
        "differs": msg("KBLI berbeda"),
    },
    "owner": {
        "exact": _SAME_OWNER,
        "sound": msg("nama pemilik berbunyi sama"),
        "one letter": msg("nama pemilik berbeda satu huruf"),
        "0.95": msg("nama pemilik hampir sama"),
        "contained": msg("nama pemilik yang satu termuat dalam yang lain"),
        "0.90": _CLOSE_OWNER,
        "0.82": msg("nama pemilik agak mirip"),
        "0.70": msg("nama pemilik sedikit mirip"),
        "differs": _OTHER_OWNER,
    },
    "phone": {
        "same": msg("nomor telepon sama"),
        "one digit": msg("nomor telepon berbeda satu angka"),
        "differs": msg("nomor telepon berbeda"),
    },
    "nib": {
        "same": msg("NIB sama"),
        "one digit": msg("NIB berbeda satu angka"),
        "differs": msg("NIB berbeda"),
    },
    "distance": {
        "10 m": msg("paling jauh 10 m"),
        "20 m": msg("paling jauh 20 m"),
        "35 m": msg("paling jauh 35 m"),
        "60 m": msg("paling jauh 60 m"),
        "100 m": msg("paling jauh 100 m"),
        "180 m": msg("paling jauh 180 m"),
        "400 m": msg("paling jauh 400 m"),
        "1000 m": msg("paling jauh 1 km"),
        "further": msg("lebih dari 1 km"),
    },
    "street": {
        "exact": _SAME_STREET,
        "sound": _SAME_STREET,
        "contained": msg("nama jalan yang satu termuat dalam yang lain"),
        "0.90": _CLOSE_STREET,
        "0.80": msg("nama jalan agak mirip"),
        "differs": msg("jalan berbeda"),
    },
    "site": {
        "same": msg("pasar atau perumahan sama"),
        "0.90": msg("nama pasar atau perumahan mirip"),
        "differs": msg("pasar atau perumahan berbeda"),
    },
    "door": {
        "same stall": msg("kios sama"),
        "next stall": msg("kios bersebelahan"),
        "stall close by": msg("kios berdekatan"),
        "other stall": msg("kios berbeda"),
        "same number, same street": msg("nomor rumah sama di jalan yang sama"),
        "number and letter, same street": msg("nomor rumah sama kecuali hurufnya"),
        "other number, same street": msg("nomor rumah berbeda di jalan yang sama"),
        "same number, other street": msg("nomor rumah sama, jalannya lain"),
        "same number": msg("nomor rumah sama"),
        "other number": msg("nomor rumah berbeda"),
        "one knows": msg("hanya satu yang bernomor rumah"),
    },
    "rt_rw": {
        "both": msg("RT dan RW sama"),
        "rw, other rt": msg("RW sama, RT berbeda"),
        "one": msg("RT atau RW sama"),
        "differs": msg("RT dan RW berbeda"),
    },
    "area": {
        "sls": msg("SLS sama"),
        "kelurahan": msg("kelurahan sama, SLS berbeda"),
        "kecamatan": msg("kecamatan sama, kelurahan berbeda"),
        "further": msg("kecamatan berbeda"),
    },
}
# what the facts say that comparisons of two look at
FACTS: Final[Mapping[str, str]] = {
    "name agrees": _SAME_NAME,
    "name is close": _CLOSE_NAME,
    "name differs": _OTHER_NAME,
    "owner agrees": _SAME_OWNER,
    "owner is close": _CLOSE_OWNER,
    "owner differs": _OTHER_OWNER,
    "somebody agrees": msg("nama, pemilik, atau telepon ada yang sesuai"),
    "name and owner differ": msg("nama dan pemilik berbeda"),
    "activity agrees": msg("kegiatan sama"),
    "activity is related": msg("kegiatan berkaitan"),
    "activity differs": msg("kegiatan berbeda"),
    "same door": msg("pintu yang sama"),
    "next stall": msg("kios bersebelahan"),
    "other door": msg("pintu lain"),
    "near": msg("berdekatan"),
    "apart": msg("berjauhan"),
    "phone agrees": msg("nomor telepon sama"),
    "phone differs": msg("nomor telepon berbeda"),
    "same enumerator": msg("dicatat petugas yang sama"),
    "same source": msg("dari sumber yang sama"),
    "two sources": msg("dari dua sumber yang berbeda"),
}
UNKNOWN: Final = msg("tidak diketahui")
_SILENCE: Final = msg("hal yang tidak diketahui")
# what nobody needs to be told in a sentence: other words of the same theme say it
_QUIET: Final = frozenset({"bag"})


@dataclass(frozen=True, slots=True)
class Theme:
    """What a pair's reasons say on one matter; texts in Indonesian, translated where shown."""

    name: str
    bits: float
    said: tuple[str, ...]

    @property
    def leaning(self) -> str:
        """Tell which way it leans: for, against or neither."""
        if abs(self.bits) < LITTLE:
            return "neither"
        return "for" if self.bits > 0 else "against"

    @property
    def share(self) -> int:
        """Give how much of a bar it fills, 0 to 100."""
        return share_of(self.bits)


def share_of(bits: float) -> int:
    """Give how much of a bar so many bits fill, 0 to 100."""
    return round(100 * min(abs(bits), STEEPEST) / STEEPEST)


def themes_of(reasons: Sequence[ReasonOut]) -> list[Theme]:
    """Gather reasons by theme, the weightiest first; together they weigh what the reasons weigh.

    What nothing is known of stands in one theme, if it weighs anything.
    """
    bits: defaultdict[str, float] = defaultdict(float)
    said: defaultdict[str, list[str]] = defaultdict(list)
    for each in reasons:
        themes = [_OF.get(fact, "other") for fact in each.comparison.split(_TOGETHER)]
        for theme in themes:
            bits[theme] += each.bits / len(themes)
        text = sentence_of(each)
        if text and text not in said[themes[0]]:
            said[themes[0]].append(text)
    rest = sum(worth for name, worth in bits.items() if not said[name])
    found = [Theme(name, bits[name], tuple(said[name])) for name in THEMES if said[name]]
    if abs(rest) >= LITTLE:
        found.append(Theme("other", rest, (_SILENCE,)))
    return sorted(found, key=lambda each: -abs(each.bits))


def sentence_of(reason: ReasonOut) -> str:
    """Give what a reason says of its theme; empty where it says nothing, or others say it."""
    facts = reason.comparison.split(_TOGETHER)
    if reason.comparison in _QUIET or (len(facts) > 1 and facts[0] != "source"):
        return ""
    if facts[0] == "source":
        return FACTS.get(reason.level.partition(", ")[0], "")
    return LEVELS.get(reason.comparison, {}).get(reason.level, "")


def details_of(reason: ReasonOut) -> list[str]:
    """Give the words of a reason for the list of all: two where it looks at two facts."""
    if _TOGETHER not in reason.comparison:
        return [LEVELS.get(reason.comparison, {}).get(reason.level, reason.level)]
    return [FACTS.get(each, UNKNOWN) for each in reason.level.split(", ")]


def weighty(reasons: Sequence[ReasonOut]) -> list[ReasonOut]:
    """Give the reasons that say anything, the weightiest first."""
    return sorted(
        (each for each in reasons if abs(each.bits) >= LITTLE), key=lambda each: -abs(each.bits)
    )


def certainty(probability: float | None) -> str:
    """Give in a few words how likely two units are one."""
    if probability is None:
        return msg("Mesin tidak akan menanyakannya.")
    steps = (
        (0.95, msg("Hampir pasti sama")),
        (0.75, msg("Cenderung sama")),
        (0.35, msg("Meragukan")),
        (0.1, msg("Cenderung berbeda")),
    )
    return next((text for least, text in steps if probability >= least), msg("Mungkin berbeda"))
