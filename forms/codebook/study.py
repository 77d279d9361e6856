"""What the codebook says of the census as a whole, in both languages."""

from collections.abc import Mapping
from typing import Final

Both = Mapping[str, str]


def _both(indonesian: str, english: str) -> Both:
    return {"id": indonesian, "en": english}


TITLE: Final = _both("Sensus Ekonomi 2026", "Economic Census 2026")
PRODUCER: Final = _both("Badan Pusat Statistik", "Statistics Indonesia (Badan Pusat Statistik)")
PRODUCER_SHORT: Final = "BPS"
SERIES: Final = _both("Sensus Ekonomi", "Economic Census")
SUBJECTS: Final = (
    _both("Statistik usaha", "Business statistics"),
    _both("Tenaga kerja", "Employment"),
    _both("Pendapatan dan pengeluaran usaha", "Revenue and expenditure of businesses"),
)
ABSTRACT: Final = _both(
    "Pendataan lengkap usaha: keberadaan, identitas, kegiatan "
    "utama menurut KBLI, jaringan, tenaga kerja, pengeluaran, pendapatan, aset, dan modal. "
    "Keterangan tentang keadaan merujuk pada 31 Desember 2025, keterangan tentang nilai pada tahun "
    "2025, atau pada bulan penuh terakhir bagi usaha yang mulai beroperasi pada 2026.",
    "A complete count of businesses: whether they exist, who they are, their main activity by "
    "KBLI, network, workers, expenditure, revenue, assets and capital. What is a state refers to "
    "31 December 2025; what is a flow refers to the year 2025, or to the last full month of a "
    "business that began to operate in 2026.",
)
NATION: Final = _both("Indonesia", "Indonesia")
GEOGRAPHIC_UNIT: Final = _both("Kelurahan/desa", "Village (kelurahan/desa)")
ANALYSIS_UNIT: Final = _both("Usaha/perusahaan menurut tempat", "Establishment")
UNIVERSE: Final = _both(
    "Semua usaha/perusahaan yang berada di wilayah pendataan.",
    "All businesses located in the area of enumeration.",
)
KIND: Final = _both("Data sensus", "Census data")
MODE: Final = _both(
    "Wawancara tatap muka dengan perangkat bergerak (CAPI); pengisian sendiri secara "
    "daring (CAWI).",
    "Face-to-face interview on a mobile device (CAPI); self-completion online (CAWI).",
)
CENSUS: Final = _both("Pencacahan lengkap, tanpa sampel.", "Complete enumeration, no sample.")
COLLECTION: Final = ("2026-05-01", "2026-08-31")
REFERENCE: Final = ("2025-01-01", "2025-12-31")
CONFIDENTIAL: Final = _both(
    "Keterangan setiap responden dirahasiakan menurut Undang-Undang Nomor 16 Tahun 1997 tentang "
    "Statistik, pasal 21, dan data pribadi dilindungi menurut Undang-Undang Nomor 27 Tahun 2022. "
    "Nama, alamat, nomor pengenal, koordinat, foto, dan teks bebas tidak dirilis.",
    "What each respondent reports is confidential under Law 16 of 1997 on Statistics, article 21, "
    "and personal data are protected under Law 27 of 2022. Names, addresses, identity numbers, "
    "coordinates, photographs and free text are not released.",
)
CONDITIONS: Final = _both(
    "Hanya untuk tujuan statistik, menurut perjanjian penggunaan. Dilarang mencoba mengenali "
    "responden. Sel yang berasal dari kurang dari tiga usaha tidak disajikan.",
    "For statistical purposes only, under a use agreement. No attempt to identify respondents. "
    "Cells that rest on fewer than three businesses are not published.",
)
