"""Rules about lists of choices."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from forms.lint.form import ChoiceList, Form, Question
from forms.lint.remark import Remark, rule
from forms.lint.trees import walk
from forms.xpath.syntax import Expr, Path

LONG = 30
_SEARCHED = frozenset(["autocomplete", "search", "minimal"])
_ALWAYS_THERE = frozenset(["name", "label", "list_name"])

UNUSED_LIST = rule(
    "C01", "warning",
    id="daftar {list} tidak dipakai oleh pertanyaan mana pun.",
    en="no question uses the list {list}.",
    do_id="Pakai dalam kolom type, atau hapus daftarnya.",
    do_en="Please either use it in a type, or remove the list.",
)  # fmt: skip
CODE_TWICE = rule(
    "C02", "error",
    id="kode {code} ada dua kali dalam daftar {list}.",
    en="the code {code} stands twice in the list {list}.",
    do_id="Beri salah satunya kode lain.",
    do_en="Give one of the two another code.",
)  # fmt: skip
LABEL_TWICE = rule(
    "C03", "warning",
    id="dua pilihan dalam daftar {list} berbunyi sama: “{label}”.",
    en="two choices of the list {list} read the same: “{label}”.",
    do_id="Bedakan labelnya; petugas tidak dapat membedakan kodenya.",
    do_en="Tell them apart; enumerators do not see the codes.",
)  # fmt: skip
CODE_WITH_BLANK = rule(
    "C04", "error",
    id="kode “{code}” dalam daftar {list} mengandung spasi; jawaban ganda terbaca salah.",
    en="the code “{code}” of the list {list} has a blank; several answers are then misread.",
    do_id="Tulis kode tanpa spasi.",
    do_en="Write the code without a blank.",
)  # fmt: skip
LONG_LIST = rule(
    "C05", "advice",
    id="{name} menawarkan {count} pilihan tanpa pencarian.",
    en="{name} offers {count} choices without a search.",
    do_id="Isi appearance dengan minimal autocomplete.",
    do_en="Set the appearance to minimal autocomplete.",
)  # fmt: skip
ZERO_AWAY = rule(
    "C06", "warning",
    id="kode {code} dan {other} dalam daftar {list} hanya berbeda nol di depan.",
    en="the codes {code} and {other} of the list {list} differ by leading zeros alone.",
    do_id="Samakan panjang kodenya; Excel menghapus nol di depan.",
    do_en="Give them the same length; Excel removes leading zeros.",
)  # fmt: skip
NO_SUCH_COLUMN = rule(
    "C07", "error",
    id="choice_filter {name} memakai kolom “{column}”, yang tidak ada pada daftar {list}.",
    en="the choice_filter of {name} uses a column “{column}” that the list {list} lacks.",
    do_id="Tulis nama kolom yang ada, atau tambahkan kolom itu pada daftarnya.",
    do_en="Please either write a column that exists, or add this column to the list.",
)  # fmt: skip
LABELS_ASIDE = rule(
    "C08", "advice",
    id="daftar {list} hanya punya satu kolom label; kolom {column} tidak pernah tampil.",
    en="the list {list} has one label column; {column} is never shown.",
    do_id="Tulis kedua bahasa dalam kolom label, atau jadikan daftar itu bagian dari choices.",
    do_en="Please either write both languages into label, or move the list to choices.",
)  # fmt: skip


def unused(form: Form) -> Iterator[Remark]:
    """Find lists that no question chooses from."""
    if form.source is None:
        return
    used = {question.list for question in form.questions}
    mentioned = " ".join(text for row in form.source.rows("survey") for text in row.cells.values())
    for each in form.lists.values():
        shared = any(row.place.file.startswith("shared/") for row in each.rows)
        if not (shared or each.name in used or f"'{each.name}'" in mentioned) and each.rows:
            yield UNUSED_LIST.about(each.rows[0].place, list=each.name)


def codes(form: Form) -> Iterator[Remark]:
    """Find codes that are double, broken or too much alike."""
    for each in form.lists.values():
        counts = Counter(row.cells.get("name", "") for row in each.rows)
        for code, count in counts.items():
            if count > 1 and not _is_filtered(form, each):
                yield CODE_TWICE.about(each.place(code, last=True), list=each.name, code=code)
        plain: dict[str, str] = {}
        for code in each.labels:
            if " " in code:
                yield CODE_WITH_BLANK.about(each.place(code), list=each.name, code=code)
            other = plain.setdefault(code.lstrip("0") or "0", code)
            if other != code and code.isdigit() and other.isdigit():
                yield ZERO_AWAY.about(each.place(code), list=each.name, code=code, other=other)


def labels(form: Form) -> Iterator[Remark]:
    """Find choices that read the same."""
    for each in form.lists.values():
        if _is_filtered(form, each):
            continue
        seen: set[tuple[str, str]] = set()
        for code, texts in each.labels.items():
            for language, text in texts.items():
                if (language, text) in seen:
                    yield LABEL_TWICE.about(each.place(code), list=each.name, label=text)
                seen.add((language, text))


def long_lists(form: Form) -> Iterator[Remark]:
    """Find long lists that must be scrolled through."""
    for question in form.questions:
        count = len(form.codes_of(question)) or _rows(form, question.external)
        if count > LONG and not _SEARCHED & set(question.appearance.split()):
            place = question.place("appearance", "type")
            yield LONG_LIST.about(place, question.path, name=question.name, count=count)


def filters(form: Form) -> Iterator[Remark]:
    """Find filters by columns that the list does not have."""
    for question in form.questions:
        each = question.rules.get("choice_filter")
        columns = _columns(form, question)
        if each is None or not columns:
            continue
        for column in dict.fromkeys(_own_columns(each.tree)):
            if column not in columns:
                yield NO_SUCH_COLUMN.about(
                    each.place,
                    question.path,
                    name=question.name,
                    column=column,
                    list=question.list or question.external,
                )


def external_labels(form: Form) -> Iterator[Remark]:
    """Find lists beside the form with labels in several languages: only one is shown."""
    named = {question.external: question for question in form.questions if question.external}
    for name, question in named.items():
        for column in _header(form, name):
            if column.startswith("label") and column != "label" and len(form.languages) > 1:
                yield LABELS_ASIDE.about(
                    question.place("type"), question.path, list=name, column=column
                )


def _is_filtered(form: Form, each: ChoiceList) -> bool:
    asking = [question for question in form.questions if question.list == each.name]
    return any("choice_filter" in question.rules for question in asking)


def _columns(form: Form, question: Question) -> frozenset[str]:
    if question.external:
        return frozenset(_header(form, question.external))
    found = form.lists.get(question.list)
    return found.columns | _ALWAYS_THERE if found and found.columns else frozenset()


def _own_columns(tree: Expr) -> Iterator[str]:
    """Single names in a filter: columns of the list."""
    for part in walk(tree):
        if isinstance(part, Path) and part.start == "here" and len(part.steps) == 1:
            step = part.steps[0]
            if step.axis == "child" and step.name != "*":
                yield step.name


def _header(form: Form, name: str) -> list[str]:
    body = form.media.get(name)
    if body is None or not name.endswith(".csv"):
        return []
    text = body.decode("utf-8-sig", "replace")
    return next(csv.reader(io.StringIO(text, newline="")), [])


def _rows(form: Form, name: str) -> int:
    return form.media.get(name, b"").count(b"\n")
