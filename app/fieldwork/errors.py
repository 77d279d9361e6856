"""What can be wrong with a file of assignments, row by row."""

from functools import partial
from typing import Final

from app.core.csv_file import Sentences, fault_of

#: what is wrong → (Bahasa Indonesia, English). Every sentence says what to do.
_SENTENCES: Final[Sentences] = {
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

fault: Final = partial(fault_of, _SENTENCES)
