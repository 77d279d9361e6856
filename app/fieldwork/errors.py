"""What can be wrong with a file of assignments, row by row."""

from typing import Final

from app.registry.errors import Fault

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
        "Kolom {name} tidak ada atau ada lebih dari sekali. Perbaiki baris judulnya.",
        "The column {name} is missing or comes more than once. Mend the header line.",
    ),
    "cells": (
        "Baris ini berisi {found} sel, seharusnya {wanted}. Periksa pemisah dan tanda kutip.",
        "This line has {found} cells instead of {wanted}. Check separators and quotes.",
    ),
    "twice": (
        "Sub-SLS ini sudah ada pada baris {first}. Hapus salah satu.",
        "This sub-SLS stands on line {first} already. Remove one of them.",
    ),
    "outside": (
        "Sub-SLS ini di luar wilayah kerja Anda. Hapus barisnya.",
        "This sub-SLS lies outside your own areas. Remove the line.",
    ),
    "unknown_area": (
        "Sub-SLS ini tidak ada dalam daftar wilayah. Perbaiki kodenya, atau impor wilayahnya dulu.",
        "This sub-SLS is not among the areas. Correct the code, or import the areas first.",
    ),
    "lane": (
        "Satu berkas hanya untuk satu kabupaten/kota, yaitu {lane}. Pindahkan baris ini.",
        "A file is for one regency, which is {lane}. Move this line to another file.",
    ),
    "officer": (
        "Tidak ada petugas lapangan aktif bernama {name} di wilayah Anda. Perbaiki namanya.",
        "There is no open enumerator named {name} in your areas. Correct the user name.",
    ),
    "note": (
        "Catatan paling banyak {longest} huruf. Singkatkan.",
        "A note has {longest} characters at most. Shorten it.",
    ),
}


def fault(line: int, column: str, what: str, **facts: object) -> Fault:
    """Give the fault `what` at a place; `facts` complete its sentences."""
    told_id, told_en = _SENTENCES[what]
    return Fault(line, column, told_id.format(**facts), told_en.format(**facts))
