"""What pyxform complains of, in our words: what is wrong and what to do, in both languages."""

import re
from collections.abc import Mapping

Words = tuple[re.Pattern[str], str, str]


def _say(pattern: str, english: str, indonesian: str) -> Words:
    return re.compile(pattern), english, indonesian


_WORDS: tuple[Words, ...] = (
    _say(
        r"Unknown question type '(?P<a>[^']*)'",
        "Unknown question type '{a}'. Please either write a type such as text, integer or "
        "select_one LIST, or correct its spelling and compile again.",
        "Tipe pertanyaan '{a}' tidak dikenal. Tulis tipe seperti text, integer atau "
        "select_one DAFTAR, atau perbaiki ejaannya.",
    ),
    _say(
        r"Question or group with no name",
        "This question or group has no name. Fill the column name and compile again.",
        "Pertanyaan atau grup ini belum bernama. Isi kolom name.",
    ),
    _say(
        r"Question with no type",
        "This question has no type. Please either fill the column type, or empty the row.",
        "Pertanyaan ini belum bertipe. Isi kolom type, atau kosongkan barisnya.",
    ),
    _say(
        r"Names must begin with a letter or underscore",
        "This is no name: it begins with a letter or underscore, and goes on with letters, "
        "digits, underscores, hyphens or periods. Correct it and compile again.",
        "Nama tidak sah: nama diawali huruf atau garis bawah, lalu huruf, angka, garis bawah, "
        "tanda hubung atau titik, tanpa spasi. Perbaiki namanya.",
    ),
    _say(
        r"the 'name' value '(?P<a>[^']*)' is invalid\. Questions, groups, and repeats must be",
        "The name '{a}' is taken already in the same group. Please either rename this row, or "
        "remove it, and compile again.",
        "Nama '{a}' sudah dipakai dalam grup yang sama. Ganti nama baris ini, atau hapus.",
    ),
    _say(
        r"The name '(?P<a>meta)' is reserved",
        "The name '{a}' belongs to the form itself. Choose another name and compile again.",
        "Nama '{a}' dipakai oleh formulir sendiri. Pilih nama lain.",
    ),
    _say(
        r"List name not in choices sheet: (?P<a>\S+)",
        "There is no list '{a}' on the sheet choices. Please either add its choices there, or "
        "correct the name in the type, and compile again.",
        "Daftar '{a}' tidak ada pada lembar choices. Tambahkan pilihannya di sana, atau "
        "perbaiki namanya pada kolom type.",
    ),
    _say(
        r"There should be a choices sheet",
        "There is no sheet choices, and a question chooses from a list. Please either add the "
        "sheet with list_name, name and label, or change the question's type.",
        "Lembar choices belum ada, padahal ada pertanyaan pilihan. Tambahkan lembar itu dengan "
        "kolom list_name, name dan label, atau ubah tipe pertanyaannya.",
    ),
    _say(
        r"Unmatched 'begin_(?P<a>\w+)'.*name '(?P<b>[^']*)'",
        "The {a} '{b}' is never closed: no matching end_{a} was found. Please either add a row "
        "of type end {a}, or remove the begin_{a}, and compile again.",
        "Grup atau pengulangan '{b}' tidak ditutup. Tambahkan baris bertipe end {a}, "
        "atau hapus begin {a}.",
    ),
    _say(
        r"Unmatched 'end_(?P<a>\w+)'",
        "This row closes a {a} that was not opened: no matching begin_{a} was found. Please "
        "either add a row of type begin {a} above, or remove this row, and compile again.",
        "Baris ini menutup {a} yang tidak pernah dibuka. Tambahkan baris bertipe begin {a} di "
        "atasnya, atau hapus baris ini.",
    ),
    _say(
        r"The survey element named '(?P<a>[^']*)' has no label or hint",
        "The question '{a}' has no label and no hint. Please either fill the column label, or "
        "make it hidden or calculate, and compile again.",
        "Pertanyaan '{a}' tidak berlabel. Isi kolom label, atau jadikan hidden.",
    ),
    _say(
        r"Missing calculation",
        "This row calculates nothing. Please either fill the column calculation, or change the "
        "type, and compile again.",
        "Baris ini tidak menghitung apa-apa. Isi kolom calculation, atau ubah tipenya.",
    ),
    _say(
        r"Could not find the name '(?P<a>[^']*)'",
        "Nothing is called '{a}'. Please either correct the name in ${{{a}}}, or add a "
        "question of this name, and compile again.",
        "Tidak ada pertanyaan bernama '{a}'. Perbaiki nama dalam ${{{a}}}, atau tambahkan "
        "pertanyaannya.",
    ),
    _say(
        r"Reference variables must start with",
        "A reference to a question is written ${{name}}, without blanks. Correct it and "
        "compile again.",
        "Acuan ke pertanyaan ditulis ${{nama}}, tanpa spasi. Perbaiki acuannya.",
    ),
    _say(
        r"Choice names must be unique",
        "This code stands twice in its list. Please either give it another code, or set "
        "allow_choice_duplicates to yes where a filter keeps the two apart.",
        "Kode ini ada dua dalam daftarnya. Beri kode lain, atau isi allow_choice_duplicates "
        "dengan yes bila pilihan disaring.",
    ),
    _say(
        r"Choices must have a name",
        "This choice has no code. Fill the column name and compile again.",
        "Pilihan ini belum berkode. Isi kolom name.",
    ),
    _say(
        r"Choice names with spaces.*\[(?P<a>[^\]]*)\] in \[(?P<b>[^\]]*)\]",
        "The code '{a}' of the list '{b}' has a blank; answers with several choices could not "
        "be read. Write the code without a blank and compile again.",
        "Kode '{a}' dalam daftar '{b}' mengandung spasi, sehingga jawaban ganda tidak terbaca. "
        "Tulis kode tanpa spasi.",
    ),
    _say(
        r"Audits must always be named",
        "The name of an audit is audit. Leave the column name empty and compile again.",
        "Baris audit selalu bernama audit. Kosongkan kolom name.",
    ),
    _say(
        r"File name for '(?P<a>[^']*)'",
        "The file of '{a}' ends with .csv, .geojson or .xml. Correct its name.",
        "Berkas pada '{a}' harus berakhiran .csv, .geojson atau .xml. Perbaiki namanya.",
    ),
    _say(
        r"Invalid headers provided for sheet: '(?P<a>\w+)'.*not found: (?P<b>.+?)\.(?: |$)",
        "The sheet {a} lacks the column {b}. Add it and compile again.",
        "Lembar {a} tidak memiliki kolom {b}. Tambahkan kolom itu.",
    ),
    _say(
        r"accepted parameter keys for this question type are '(?P<a>[^']*)'.*: '(?P<b>[^']*)'",
        "There is no parameter '{b}' for this type; there are {a}. Correct it.",
        "Tipe ini tidak mengenal parameter '{b}', tetapi {a}. Perbaiki parameternya.",
    ),
)


def in_our_words(message: str) -> Mapping[str, str]:
    """Say a complaint of pyxform by language; empty where we have no words for it."""
    for pattern, english, indonesian in _WORDS:
        found = pattern.search(message)
        if found:
            words = {name: value or "" for name, value in found.groupdict().items()}
            return {"en": english.format(**words), "id": indonesian.format(**words)}
    return {}
