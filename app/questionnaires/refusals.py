"""Why the engine refuses a form that compiles: which cell, and in which words a person acts on."""

import re
from collections.abc import Mapping

from forms.columns import canonical
from forms.errors import FormsError
from forms.places import Place
from forms.source import Source

Texts = Mapping[str, str]

_ABOUT = re.compile(r"(?P<path>/\S+): (?P<rule>\w+): (?P<what>.*)", re.DOTALL)
_EXPRESSION = re.compile(r"(?:;)? in: .*", re.DOTALL)
_COLUMNS = {
    "relevant": ("relevant",),
    "required": ("required",),
    "constraint": ("constraint",),
    "calculate": ("calculation",),
    "warning": ("bind::se:warning",),
    "count": ("repeat_count",),
    "choices": ("choice_filter", "type"),
}

_WORDS = tuple(
    (re.compile(pattern), indonesian, english)
    for pattern, indonesian, english in (
        (
            r"The function (?P<a>\S+)\(\) is not supported",
            (
                "fungsi {a}() tidak dikenal. Silakan perbaiki ejaannya, atau susun aturannya "
                "dengan fungsi lain."
            ),
            (
                "there is no function {a}(). Please either correct its spelling, or build the rule "
                "from other functions."
            ),
        ),
        (
            r"(?P<a>\S+)\(\) cannot take (?P<b>\d+) arguments",
            (
                "fungsi {a}() tidak dapat diberi {b} isian. Silakan tambah atau kurangi isian di "
                "antara tanda komanya, atau pakai fungsi lain."
            ),
            (
                "{a}() cannot take {b} arguments. Please either add or remove what stands between "
                "its commas, or use another function."
            ),
        ),
        (
            r"There is no list '(?P<a>[^']*)'",
            (
                "daftar “{a}” tidak dipakai oleh pertanyaan mana pun, jadi tidak ikut ke telepon. "
                "Silakan perbaiki nama daftarnya, atau tambahkan pertanyaan "
                "select_one_from_file {a}.csv."
            ),
            (
                "no question uses the list “{a}”, so phones do not get it. Please either correct "
                "the list's name, or add a question select_one_from_file {a}.csv."
            ),
        ),
        (
            r"instance\(\) takes the name",
            (
                "instance() perlu nama daftar di antara tanda kutip. Silakan tulis, misalnya, "
                "instance('kbli'), atau pakai pulldata()."
            ),
            (
                "instance() takes the name of a list in quotes. Please either write, for instance, "
                "instance('kbli'), or use pulldata()."
            ),
        ),
        (
            r"A path leads nowhere",
            (
                "aturan ini menyebut pertanyaan yang tidak ada. Silakan tulis ${{nama}} dari "
                "pertanyaan yang dimaksud, atau tambahkan pertanyaannya."
            ),
            (
                "this rule names a question that does not exist. Please either write the ${{name}} "
                "of the question meant, or add the question."
            ),
        ),
        (
            r"These rules need each other: (?P<a>.*)",
            (
                "aturan ini saling membutuhkan: {a}. Silakan hapus salah satu acuannya, atau "
                "hitung di pertanyaan lain."
            ),
            (
                "these rules need each other: {a}. Please either remove one of the references, or "
                "calculate in another question."
            ),
        ),
    )
)


def refusal(error: FormsError, source: Source) -> tuple[Place | None, Texts]:
    """Give the cell that a refusal is about, None for the whole file, and what to do about it."""
    told = str(error)
    found = _ABOUT.fullmatch(told)
    if found:
        place = _place(found["path"], found["rule"], source)
        what = _EXPRESSION.sub("", found["what"])
    else:
        first = re.search(r"(?:^|: )(/\S+)", told)
        place = _place(first[1], "calculate", source) if first else None
        what = told
    return place, _texts(what)


def _texts(what: str) -> Texts:
    for pattern, indonesian, english in _WORDS:
        found = pattern.search(what)
        if found:
            words = {name: _short(text) for name, text in found.groupdict().items()}
            return {"id": indonesian.format(**words), "en": english.format(**words)}
    return {
        "id": "aplikasi di telepon tidak dapat menjalankan bagian ini. Silakan tulis lebih "
        f"sederhana, atau hapus. (Keterangan asli: {what})",
        "en": "phones cannot carry this out. Please either write it in a simpler way, or remove "
        f"it. (As the engine says it: {what})",
    }


def _short(text: str) -> str:
    """Name questions as staff know them, without the path around them."""
    return re.sub(r"/\S*/", "", text)


def _place(path: str, rule: str, source: Source) -> Place | None:
    """Give the cell of a question's rule, else its row."""
    name = path.rpartition("/")[2]
    rows = [row for row in source.rows("survey") if row.cells.get("name") == name]
    for wanted in _COLUMNS.get(rule, ()):
        for row in rows:
            for column, place in row.places.items():
                if canonical(column) == wanted:
                    return place
    return rows[0].place if rows else None
