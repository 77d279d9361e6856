"""What can be wrong with a prelist file, row by row."""

from functools import partial
from typing import Final

from app.core.csv_file import Sentences, fault_of

#: what is wrong → (Bahasa Indonesia, English). Every sentence says what to do.
_SENTENCES: Final[Sentences] = {
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

fault: Final = partial(fault_of, _SENTENCES)
