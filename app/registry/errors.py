"""What can be wrong with a prelist file, row by row."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where, what, and what to do, in both languages."""

    line: int  # as an editor counts; 1 is the header
    column: str  # empty: the line as a whole
    message_id: str
    message_en: str

    def told(self, language: str) -> str:
        """Give the sentence in the language `id` or `en`."""
        return self.message_en if language == "en" else self.message_id


#: what is wrong → (Bahasa Indonesia, English). Every sentence says what to do.
_SENTENCES: Final = {
    "encoding": (
        "Berkas bukan UTF-8. Simpan ulang sebagai “CSV UTF-8”.",
        "The file is not UTF-8. Save it again as “CSV UTF-8”.",
    ),
    "quotes": (
        "Tanda kutip tidak ditutup atau salah letak mulai baris ini. Perbaiki tanda kutipnya.",
        "A quotation mark is not closed or misplaced from this line on. Mend the quotes.",
    ),
    "column": (
        "Kolom {name} tidak ada. Tambahkan pada baris judul.",
        "The column {name} is missing. Add it to the header line.",
    ),
    "column_twice": (
        "Kolom {name} ada lebih dari sekali. Hapus atau ganti nama salah satunya.",
        "The column {name} appears more than once. Remove or rename one of them.",
    ),
    "cells": (
        "Baris ini berisi {found} sel, seharusnya {wanted}. Periksa pemisah dan tanda kutip.",
        "This line has {found} cells instead of {wanted}. Check separators and quotes.",
    ),
    "number": (
        (
            "Nomor ini sudah diubah Excel menjadi bilangan. Format kolom sebagai Teks, isi lagi "
            "dari sumbernya, lalu simpan sebagai CSV."
        ),
        (
            "A spreadsheet has turned this identifier into a number. Format the column as Text, "
            "fill it again from the source, then save as CSV."
        ),
    ),
    "unit_id": (
        "Nomor unit kosong, memuat spasi, atau lebih dari 64 karakter. Isi satu nomor per unit.",
        "The unit's id is empty, holds spaces or is longer than 64 characters. Give each its own.",
    ),
    "twice": (
        "Nomor unit ini sudah ada pada baris {first}. Hapus salah satu, atau beri nomor sendiri.",
        "This unit's id stands on line {first} already. Remove one, or give it an id of its own.",
    ),
    "lane": (
        (
            "Sub-SLS ini di luar kabupaten/kota {lane}. Perbaiki kodenya, atau pindahkan baris ini "
            "ke prelist daerahnya."
        ),
        (
            "This sub-SLS lies outside regency {lane}. Correct the code, or move the line to the "
            "prelist of its regency."
        ),
    ),
    "unknown_area": (
        "Sub-SLS ini tidak ada dalam daftar wilayah. Perbaiki kodenya, atau impor wilayahnya dulu.",
        "This sub-SLS is not among the areas. Correct the code, or import the areas first.",
    ),
    "name": (
        "Nama usaha dan nama pemilik kosong. Isi salah satunya.",
        "Both business_name and owner_name are empty. Fill in one of them.",
    ),
    "kbli": (
        "KBLI terdiri dari 2 sampai 5 angka. Perbaiki, atau kosongkan.",
        "KBLI has 2 to 5 digits. Correct it, or leave it empty.",
    ),
    "text": (
        "Isi sel lebih dari 300 karakter atau memuat karakter kendali. Singkatkan.",
        "The cell has more than 300 characters or holds control characters. Shorten it.",
    ),
}


def fault(line: int, column: str, what: str, **facts: object) -> Fault:
    """Give the fault `what` at a place; `facts` complete its sentences."""
    told_id, told_en = _SENTENCES[what]
    return Fault(line, column, told_id.format(**facts), told_en.format(**facts))
