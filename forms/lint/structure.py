"""Rules about questions and settings as a whole: types, defaults, appearances, versions."""

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from forms.columns import is_known, nearest
from forms.lint.form import NUMBERS, Form, Question
from forms.lint.from_source import LITERAL, REFERENCE
from forms.lint.remark import Remark, rule
from forms.lint.trees import all_rules, reads
from forms.places import Place

_MONEY = re.compile(r"\b(?:rp|rupiah|idr)\b", re.IGNORECASE)
_CODE = re.compile(
    r"\b(?:nik|npwp|nib|kk|idsbr|idsubsls|no\.? ?hp|nomor hp|telepon|whatsapp|phone|kode pos"
    r"|postcode|rekening)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(\d{4})(\d{2})(\d{2})\d{2}")
_SILENT = frozenset(["group", "repeat", "calculation", "hidden", "meta"])
_WIDTH = re.compile(r"w\d+|columns(?:-\w+)?|ex:.*|search\(.*|compact(?:-\d+)?|quickcompact.*")
_APPEARANCES = frozenset([
    "annotate", "autocomplete", "bearing", "bikram-sambat", "buddhist", "compact", "coptic",
    "counter", "distress", "draw", "ethiopian", "field-list", "front", "hidden-answer",
    "horizontal", "horizontal-compact", "image-map", "islamic", "label", "likert", "list",
    "list-nolabel", "map", "maps", "masked", "minimal", "month-year", "multiline", "new",
    "new-front", "no-buttons", "no-calendar", "no-ticks", "numbers", "persian", "picker",
    "placement-map", "printer", "quick", "randomized", "rating", "search", "selfie",
    "signature", "static", "streetview", "table-list", "thousands-sep", "url", "vertical",
    "year",
])  # fmt: skip

REQUIRED_OF_SILENT = rule(
    "D02", "warning",
    id="{name} wajib diisi, padahal tidak ada yang dapat mengisinya.",
    en="{name} is required, and nobody can answer it.",
    do_id="Hapus required; catatan yang menghentikan wawancara perlu relevant.",
    do_en="Remove required; a note that stops the interview needs a relevance.",
)  # fmt: skip
NO_INSTANCE_NAME = rule(
    "D03", "advice",
    id="formulir tidak memberi nama pada dokumennya.",
    en="the form gives its documents no name.",
    do_id="Isi instance_name pada settings, misalnya dengan nama usaha.",
    do_en="Fill instance_name on the settings, for instance with the name of the business.",
)  # fmt: skip
DEFAULT_CALCULATED = rule(
    "D04", "warning",
    id="{name} punya default dan perhitungan; perhitungan menghapus default.",
    en="{name} has a default and a calculation; the calculation overwrites the default.",
    do_id="Pertahankan salah satu.",
    do_en="Keep one of the two.",
)  # fmt: skip
MONEY_AS_INTEGER = rule(
    "D05", "warning",
    id="{name} berisi uang sebagai integer; di atas 2.147.483.647 ponsel menolaknya.",
    en="{name} holds money as an integer; phones refuse what is above 2,147,483,647.",
    do_id="Jadikan decimal.",
    do_en="Make it a decimal.",
)  # fmt: skip
VERSION_ODD = rule(
    "D06", "warning",
    id="versi {version} bukan tanggal dengan nomor urut.",
    en="the version {version} is no date with a running number.",
    do_id="Tulis tahun, bulan, tanggal dan dua angka, misalnya 2026061501.",
    do_en="Write year, month, day and two digits, such as 2026061501.",
)  # fmt: skip
SETTING_MISSING = rule(
    "D07", "error",
    id="pengaturan {setting} tidak ada.",
    en="the setting {setting} is missing.",
    do_id="Tambahkan kolom {setting} pada lembar settings.",
    do_en="Add a column {setting} to the settings sheet.",
)  # fmt: skip
CODE_AS_NUMBER = rule(
    "D08", "warning",
    id="{name} berisi kode sebagai angka; nol di depan hilang dan digit akhir dapat berubah.",
    en="{name} holds a code as a number; leading zeros vanish and last digits may change.",
    do_id="Jadikan text dengan appearance numbers.",
    do_en="Make it text with the appearance numbers.",
)  # fmt: skip
NEVER_FILLED = rule(
    "D09", "warning",
    id="{name} hanya dapat dibaca, dan tidak ada yang mengisinya.",
    en="{name} is read-only, and nothing fills it.",
    do_id="Beri perhitungan atau default, atau jadikan note.",
    do_en="Please either give it a calculation or a default, or make it a note.",
)  # fmt: skip
PHOTO_UNBOUNDED = rule(
    "D10", "advice",
    id="foto {name} dikirim dalam ukuran penuh.",
    en="the photo {name} is sent in full size.",
    do_id="Isi parameters dengan max-pixels=1600.",
    do_en="Set the parameters to max-pixels=1600.",
)  # fmt: skip
APPEARANCE_ODD = rule(
    "D11", "warning",
    id="appearance “{appearance}” tidak dikenal.",
    en="there is no appearance “{appearance}”.",
    do_id="Tulis {meant}.",
    do_en="Write {meant}.",
)  # fmt: skip
COLUMN_UNKNOWN = rule(
    "D12", "warning",
    id="kolom “{column}” tidak dibaca aplikasi mana pun.",
    en="no tool reads the column “{column}”.",
    do_id="{todo_id}",
    do_en="{todo_en}",
)  # fmt: skip
NEVER_USED = rule(
    "D01", "advice",
    id="perhitungan {name} tidak dipakai aturan atau teks mana pun.",
    en="no rule and no text uses the calculation {name}.",
    do_id="Hapus, atau biarkan bila memang untuk rilis data.",
    do_en="Please either remove it, or leave it where the release needs it.",
)  # fmt: skip


def settings(form: Form) -> Iterator[Remark]:
    """Find settings that are missing or odd."""
    if form.source is None:
        return
    rows = form.source.rows("settings")
    place = rows[0].place if rows else None
    found = form.source.settings
    for setting in ("form_id", "version"):
        if setting not in found and "id_string" not in found:
            yield SETTING_MISSING.about(place, setting=setting)
    if "instance_name" not in found:
        yield NO_INSTANCE_NAME.about(place)
    version = found.get("version", "")
    if version and not _is_version(version):
        yield VERSION_ODD.about(rows[0].places["version"], version=version)


def columns(form: Form) -> Iterator[Remark]:
    """Find columns that no tool reads, in workbooks where they are no error."""
    if form.source is None or form.source.strict:
        return
    seen: set[tuple[str, str]] = set()
    for sheet, rows in form.source.sheets.items():
        for row in rows:
            for column, place in row.places.items():
                if (sheet, column) in seen or is_known(sheet, column) or column.startswith("_"):
                    continue
                seen.add((sheet, column))
                yield _unknown_column(sheet, column, place)


def questions(form: Form) -> Iterator[Remark]:
    """Find what cannot be answered as it is meant."""
    for question in form.questions:
        path, name = question.path, question.name
        if "required" in question.rules and _is_silent(question):
            each = question.rules["required"]
            yield REQUIRED_OF_SILENT.about(each.place, path, name=name)
        if question.default and "calculation" in question.rules:
            yield DEFAULT_CALCULATED.about(question.place("default"), path, name=name)
        filled = question.default or "calculation" in question.rules or question.cell("trigger")
        if _is_read_only(question) and not filled:
            yield NEVER_FILLED.about(question.place("read_only"), path, name=name)


def types(form: Form) -> Iterator[Remark]:
    """Find answers that their type cannot hold, or only at a price."""
    for question in form.questions:
        if question.kind != "question":
            continue
        place, path, name = question.place("type"), question.path, question.name
        told = " ".join(text for texts in question.texts.values() for text in texts.values())
        if question.type == "int" and _MONEY.search(told):
            yield MONEY_AS_INTEGER.about(place, path, name=name)
        if question.type in NUMBERS and _is_code(question):
            yield CODE_AS_NUMBER.about(place, path, name=name)
        if question.cell("type") in ("image", "photo") and not _bounded_photo(question):
            yield PHOTO_UNBOUNDED.about(question.place("parameters", "type"), path, name=name)


def appearances(form: Form) -> Iterator[Remark]:
    """Find appearances that were probably misspelled."""
    for question in form.questions:
        for word in LITERAL.sub("", question.appearance).split():
            if word in _APPEARANCES or _WIDTH.fullmatch(word) or question.kind == "group":
                continue
            close = get_close_matches(word, _APPEARANCES, n=1, cutoff=0.75)
            if close:
                yield APPEARANCE_ODD.about(
                    question.place("appearance"), question.path, appearance=word, meant=close[0]
                )


def calculations(form: Form) -> Iterator[Remark]:
    """Find calculations that nothing reads."""
    if form.source is None:
        return
    used = {found.path for asking, each in all_rules(form) if asking is not None
            for _, found in reads(form, asking, each.tree) if found is not asking}  # fmt: skip
    texts = " ".join(
        value
        for rows in form.source.sheets.values()
        for row in rows
        for value in row.cells.values()
    )
    named = {found[1] for found in REFERENCE.finditer(texts)}
    for question in form.questions:
        if question.kind != "calculation" or question.path in used or question.name in named:
            continue
        if not question.cell("save_to"):
            place = question.place("calculation")
            yield NEVER_USED.about(place, question.path, name=question.name)


def _unknown_column(sheet: str, column: str, place: Place) -> Remark:
    meant = nearest(sheet, column)
    return COLUMN_UNKNOWN.about(
        place,
        column=column,
        todo_id=f"Tulis {meant}." if meant else "Awali namanya dengan _ bila hanya catatan.",
        todo_en=f"Write {meant}." if meant else "Begin its name with _ where it is only a note.",
    )


def _is_silent(question: Question) -> bool:
    """Whether required asks for what cannot be given; a note may so stop the interview."""
    each = question.rules["required"]
    stops = question.kind == "note" and "relevant" in question.rules
    silent = question.kind in _SILENT or (question.kind == "note" and not stops)
    return silent and each.text.lower() not in ("no", "false()")


def _is_code(question: Question) -> bool:
    told = " ".join(question.texts.get("label", {}).values())
    return _CODE.search(told) is not None and "umlah" not in told and "umber of" not in told


def _bounded_photo(question: Question) -> bool:
    return "max-pixels" in question.cell("parameters")


def _is_read_only(question: Question) -> bool:
    text = question.cell("read_only") or question.cell("readonly")
    return question.kind == "question" and text.lower() in ("yes", "true", "true()")


def _is_version(version: str) -> bool:
    found = _VERSION.fullmatch(version)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True
