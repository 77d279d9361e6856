"""Rules about names: what statistical packages and exports make of them."""

import re
from collections.abc import Iterator

from forms.lint.form import Form
from forms.lint.remark import Remark, rule

LONGEST = 32

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = frozenset(
    (
        *("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"),
        *("byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using"),
    )  # of SPSS, and of Stata
)

TOO_LONG = rule(
    "V01", "warning",
    id="nama {name} lebih dari {longest} huruf; Stata memotongnya.",
    en="the name {name} has more than {longest} letters; Stata cuts it off.",
    do_id="Persingkat namanya.",
    do_en="Shorten the name.",
)  # fmt: skip
RESERVED = rule(
    "V02", "warning",
    id="nama {name} adalah kata kunci SPSS atau Stata.",
    en="the name {name} is a reserved word of SPSS or Stata.",
    do_id="Pilih nama lain.",
    do_en="Choose another name.",
)  # fmt: skip
ODD_LETTERS = rule(
    "V03", "warning",
    id="nama {name} memuat huruf yang tidak diterima SPSS dan Stata.",
    en="the name {name} has letters that SPSS and Stata do not take.",
    do_id="Pakai huruf a-z, angka dan garis bawah, diawali huruf.",
    do_en="Use a-z, digits and underscores, beginning with a letter.",
)  # fmt: skip
CASE_ALONE = rule(
    "V04", "warning",
    id="nama {name} dan {other} hanya berbeda huruf besar; SPSS menyamakannya.",
    en="the names {name} and {other} differ in capitals alone; SPSS takes them for one.",
    do_id="Beri nama yang berbeda.",
    do_en="Give them different names.",
)  # fmt: skip
NAME_TWICE = rule(
    "V05", "warning",
    id="nama {name} dipakai dua pertanyaan; kolom rilis menjadi rancu.",
    en="two questions are called {name}; columns of the release become ambiguous.",
    do_id="Beri setiap pertanyaan nama sendiri.",
    do_en="Give each question a name of its own.",
)  # fmt: skip


def names(form: Form) -> Iterator[Remark]:
    """Find names that no statistical package takes as they are."""
    seen: dict[str, str] = {}
    for question in form.questions:
        name = question.name
        if not question.is_leaf or not name or question.kind in ("note", "meta"):
            continue
        place, path = question.place("name"), question.path
        if len(name) > LONGEST:
            yield TOO_LONG.about(place, path, name=name, longest=LONGEST)
        if name.lower() in _RESERVED:
            yield RESERVED.about(place, path, name=name)
        if not _PLAIN.fullmatch(name):
            yield ODD_LETTERS.about(place, path, name=name)
        other = seen.setdefault(name.lower(), name)
        if other != name:
            yield CASE_ALONE.about(place, path, name=name, other=other)


def twice(form: Form) -> Iterator[Remark]:
    """Find leaves of the same name."""
    seen: set[str] = set()
    for question in form.questions:
        if not question.is_leaf or question.kind in ("note", "meta") or not question.name:
            continue
        if question.name in seen:
            yield NAME_TWICE.about(question.place("name"), question.path, name=question.name)
        seen.add(question.name)
