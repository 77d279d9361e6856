"""Rules about expressions: what they compare, and with what."""

from collections.abc import Iterator
from datetime import date

from forms.lint.form import NUMBERS, SELECTS, Form, Question, Rule
from forms.lint.remark import Remark, rule
from forms.lint.trees import (
    ORDERING,
    all_rules,
    calls,
    comparisons,
    is_self,
    literal,
    number_of,
    paths,
    reads,
    target,
)
from forms.xpath.syntax import Call, Expr, Number

INT32 = 2**31 - 1

TIME_COMPARED = rule(
    "X01", "error",
    id="waktu dibandingkan dengan “{operator}”: di JavaRosa perbandingan ini tidak pernah benar.",
    en="a time is compared with “{operator}”: in JavaRosa this never holds.",
    do_id="Bandingkan decimal-time() dari kedua sisi.",
    do_en="Compare decimal-time() of both sides.",
)  # fmt: skip
MULTIPLE_COMPARED = rule(
    "X04", "error",
    id="{name} dapat berisi beberapa pilihan; “{operator} '{code}'” gagal bila ada dua.",
    en="{name} may hold several choices, so “{operator} '{code}'” fails where there are two.",
    do_id="Tulis selected(${{{name}}}, '{code}').",
    do_en="Write selected(${{{name}}}, '{code}').",
)  # fmt: skip
CODE_UNKNOWN = rule(
    "X05", "error",
    id="{name} tidak memiliki pilihan “{code}”.",
    en="{name} has no choice “{code}”.",
    do_id="Tulis salah satu kode daftarnya: {codes}.",
    do_en="Write one of the codes of its list: {codes}.",
)  # fmt: skip
DATE_AS_TEXT = rule(
    "X06", "error",
    id="tanggal dibandingkan dengan teks '{text}'; hasilnya tidak pernah benar.",
    en="a date is compared with the text '{text}'; this never holds.",
    do_id="Tulis date('{text}').",
    do_en="Write date('{text}').",
)  # fmt: skip
NO_SUCH_DATE = rule(
    "X07", "error",
    id="tanggal '{text}' tidak ada dalam kalender.",
    en="there is no date '{text}'.",
    do_id="Tulis tanggal yang benar dalam bentuk 2026-06-15.",
    do_en="Write an existing date, such as 2026-06-15.",
)  # fmt: skip
LENGTH_OF_NUMBER = rule(
    "X09", "warning",
    id="panjang huruf dari angka {name} dihitung; 007 dan 1.0E7 menyesatkan.",
    en="the length of the number {name} is taken; 007 and 1.0E7 mislead.",
    do_id="Bandingkan nilainya, atau jadikan pertanyaan itu teks.",
    do_en="Please either compare its value, or make the question text.",
)  # fmt: skip
SELECTED_OF_OTHER = rule(
    "X11", "warning",
    id="{function}() dipakai pada {name}, yang bukan pertanyaan pilihan.",
    en="{function}() is used on {name}, which is no closed question.",
    do_id="Bandingkan jawabannya dengan =.",
    do_en="Compare its answer with =.",
)  # fmt: skip
TYPED_PATH = rule(
    "X13", "advice",
    id="jalur ../{name} ditulis tangan; ia menunjuk ke tempat lain bila pertanyaan dipindahkan.",
    en="the path ../{name} is typed by hand; it leads elsewhere once the question is moved.",
    do_id="Tulis ${{{name}}}; jalurnya dibuat sendiri, juga di dalam pengulangan.",
    do_en="Write ${{{name}}}; its path is then made, also within repeats.",
)  # fmt: skip
SELF_BY_NAME = rule(
    "X14", "warning",
    id="batasan menyebut pertanyaannya sendiri dengan nama.",
    en="the constraint names its own question.",
    do_id="Tulis . sebagai ganti ${{{name}}}.",
    do_en="Write . instead of ${{{name}}}.",
)  # fmt: skip
BEYOND_INTEGER = rule(
    "X15", "error",
    id="{number} melampaui bilangan bulat di ponsel (paling besar 2147483647).",
    en="{number} is beyond the integers of a phone (at most 2147483647).",
    do_id="Jadikan {name} bertipe decimal, atau text bila berupa kode.",
    do_en="Make {name} a decimal, or text where it is a code.",
)  # fmt: skip
MOVING_LIMIT = rule(
    "X16", "advice",
    id="batasan dengan {function}() dapat gagal bila dokumen dibuka lagi di hari lain.",
    en="a constraint with {function}() may fail when the document is opened on another day.",
    do_id="Bandingkan dengan tanggal kunjungan atau awal wawancara.",
    do_en="Compare with the date of the visit or the start of the interview.",
)  # fmt: skip
NEVER_ASKED = rule(
    "X17", "warning",
    id="{name} tidak pernah ditanyakan: syaratnya tidak pernah benar.",
    en="{name} is never asked: its relevance never holds.",
    do_id="Perbaiki syaratnya, atau hapus pertanyaannya.",
    do_en="Please either correct its relevance, or remove the question.",
)  # fmt: skip


def time_comparisons(form: Form) -> Iterator[Remark]:
    """Find times under `<`: a time is text to JavaRosa."""
    for question, each in form.rules():
        for operator, left, right in pairs(each):
            if operator not in ORDERING:
                continue
            sides = (left, right)
            if any(_type(form, question, side) == "time" for side in sides):
                yield TIME_COMPARED.about(each.place, question.path, operator=operator)


def compared_codes(form: Form) -> Iterator[Remark]:
    """Find codes that a question lacks, and `=` on a question of many answers."""
    for question, each in form.rules():
        for operator, left, right in comparisons(each.tree):
            code, found = literal(right), _target(form, question, left)
            if not code or found is None or found.type not in SELECTS:
                continue
            if found.type == "select" and operator in ("=", "!="):
                yield MULTIPLE_COMPARED.about(
                    each.place, question.path, name=found.name, operator=operator, code=code
                )
            yield from _unknown(form, (question, each), found, code)
        for call in calls(each.tree, "selected", "is-selected"):
            yield from _selected(form, question, each, call)


def dates(form: Form) -> Iterator[Remark]:
    """Find dates held against text, and dates that no calendar has."""
    for question, each in all_rules(form):
        for call in calls(each.tree, "date", "date-time"):
            text = literal(call.arguments[0]) if call.arguments else None
            if text is not None and _looks_like_date(text) and not _exists(text):
                yield NO_SUCH_DATE.about(each.place, _path(question), text=text)
        if question is None:
            continue
        for _, left, right in comparisons(each.tree):
            text = literal(right)
            is_date = _type(form, question, left) in ("date", "dateTime") or _is_clock(left)
            if text and is_date and _looks_like_date(text):
                yield DATE_AS_TEXT.about(each.place, question.path, text=text)


def numbers_as_text(form: Form) -> Iterator[Remark]:
    """Find lengths of numbers, and integers held against what no phone can hold."""
    for question, each in form.rules():
        for call in calls(each.tree, "string-length"):
            found = _target(form, question, call.arguments[0]) if call.arguments else question
            if found is not None and found.type in NUMBERS:
                yield LENGTH_OF_NUMBER.about(each.place, question.path, name=found.name)
        for _, left, right in pairs(each):
            for path, number in ((left, right), (right, left)):
                found = _target(form, question, path)
                size = number_of(number)
                if found is not None and found.type == "int" and abs(size) > INT32:
                    yield BEYOND_INTEGER.about(
                        each.place, question.path, name=found.name, number=f"{size:.0f}"
                    )


def typed_paths(form: Form) -> Iterator[Remark]:
    """Find relative paths to questions that people typed."""
    if form.source is None:
        return
    for question, each in form.rules():
        for path, inside in paths(each.tree):
            found = target(form, question, path)
            typed = path.start == "here" and path.steps[0].axis == "parent"
            filtered = inside or any(step.predicates for step in path.steps)
            if typed and not filtered and found is not None and found.is_leaf:
                yield TYPED_PATH.about(each.place, question.path, name=path.steps[-1].name)


def constraints(form: Form) -> Iterator[Remark]:
    """Find constraints that name themselves, or move with the clock."""
    for question in form.questions:
        each = question.rules.get("constraint")
        if each is None:
            continue
        if any(found is question and path.start == "root" and not path.steps[-1].predicates
               for path, found in reads(form, question, each.tree)):  # fmt: skip
            yield SELF_BY_NAME.about(each.place, question.path, name=question.name)
        for operator, left, right in comparisons(each.tree):
            moving = next(calls(right, "today", "now"), None)
            if moving and is_self(left) and operator in (">", ">=", "="):
                yield MOVING_LIMIT.about(each.place, question.path, function=moving.name)


def never_asked(form: Form) -> Iterator[Remark]:
    """Find questions whose relevance is a constant falsehood."""
    for question in form.questions:
        each = question.rules.get("relevant")
        if each is not None and _is_false(each.tree):
            yield NEVER_ASKED.about(each.place, question.path, name=question.name)


def pairs(each: Rule) -> Iterator[tuple[str, Expr, Expr]]:
    """Every comparison once."""
    found = list(comparisons(each.tree))
    return iter(found[::2])


def _path(question: Question | None) -> str:
    return question.path if question else ""


def _target(form: Form, question: Question, tree: Expr) -> Question | None:
    return target(form, question, tree)


def _type(form: Form, question: Question, tree: Expr) -> str:
    found = target(form, question, tree)
    return found.type if found else ""


def _is_clock(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.name in ("today", "now", "date", "date-time")


def _unknown(
    form: Form, where: tuple[Question, Rule], found: Question, code: str
) -> Iterator[Remark]:
    question, each = where
    codes = form.codes_of(found)
    if codes and code not in codes:
        told = ", ".join(sorted(codes)[:12])
        yield CODE_UNKNOWN.about(each.place, question.path, name=found.name, code=code, codes=told)


def _selected(form: Form, question: Question, each: Rule, call: Call) -> Iterator[Remark]:
    if len(call.arguments) != 2:  # noqa: PLR2004 - question and code
        return
    found, code = target(form, question, call.arguments[0]), literal(call.arguments[1])
    if found is None:
        return
    if found.kind == "question" and found.type not in SELECTS:
        yield SELECTED_OF_OTHER.about(
            each.place, question.path, function=call.name, name=found.name
        )
    elif code and found.type in SELECTS:
        yield from _unknown(form, (question, each), found, code)


def _is_false(tree: Expr) -> bool:
    if isinstance(tree, Call) and tree.name == "false":
        return True
    return any(
        operator == "=" and isinstance(left, Number) and isinstance(right, Number)
        and left.value != right.value
        for operator, left, right in comparisons(tree)
    )  # fmt: skip


def _looks_like_date(text: str) -> bool:
    parts = text.partition("T")[0].split("-")
    return len(parts) == 3 and all(part.isdecimal() for part in parts)  # noqa: PLR2004 - y, m, d


def _exists(text: str) -> bool:
    try:
        year, month, day = (int(part) for part in text.partition("T")[0].split("-"))
        date(year, month, day)
    except (ValueError, OverflowError):
        return False
    return True
