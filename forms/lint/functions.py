"""Rules about functions: what JavaRosa lacks, and what it computes otherwise."""

from collections.abc import Iterator
from difflib import get_close_matches

from forms.lint.form import NUMBERS, Form, Question
from forms.lint.remark import Remark, rule
from forms.lint.trees import (
    all_rules,
    calls,
    comparisons,
    is_self,
    number_of,
    target,
    walk,
)
from forms.xpath.functions import FUNCTIONS
from forms.xpath.syntax import Call, Expr, Path

KNOWN_FUNCTIONS = frozenset(FUNCTIONS) | {"instance", "current", "last", "depend"}

SUM_OF_BLANKS = rule(
    "X02", "warning",
    id="{function}() atas {name} yang boleh kosong berbeda hasilnya antar-aplikasi.",
    en="{function}() over {name}, which may be blank, differs between engines.",
    do_id="Tulis {function}(${{{name}}}[. != '']), atau wajibkan pertanyaannya.",
    do_en="Please either write {function}(${{{name}}}[. != '']), or require the question.",
)  # fmt: skip

EXTREME_OF_NEGATIVES = rule(
    "X03", "advice",
    id="max() di JavaRosa salah bila semua nilai {name} negatif.",
    en="max() in JavaRosa is wrong where every {name} is negative.",
    do_id="Beri {name} batas, misalnya . >= 0, bila nilainya memang tidak negatif.",
    do_en="Give {name} a constraint such as . >= 0 where it is never negative.",
)  # fmt: skip

NO_SUCH_FUNCTION = rule(
    "X08", "error",
    id="fungsi {name}() tidak dikenal JavaRosa.",
    en="JavaRosa knows no function {name}().",
    do_id="Tulis {meant}, atau susun aturannya dengan fungsi lain.",
    do_en="Please either write {meant}, or build the rule from other functions.",
)  # fmt: skip

POSITION_OUTSIDE = rule(
    "X10", "warning",
    id="position() dipakai di luar pengulangan; hasilnya selalu 1.",
    en="position() stands outside a repeat, where it is always 1.",
    do_id="Hapus, atau pindahkan ke dalam pengulangan.",
    do_en="Please either remove it, or move the question into the repeat.",
)  # fmt: skip

COUNT_OF_ONE = rule(
    "X12", "warning",
    id="count() atas {name}, yang tidak berulang, selalu 1.",
    en="count() over {name}, which does not repeat, is always 1.",
    do_id="Hitung pengulangannya, atau pakai count-selected() untuk pilihan.",
    do_en="Count the repeat itself, or use count-selected() for choices.",
)  # fmt: skip

OUTCOME_CHANGES = rule(
    "X18", "error",
    id="{function}() memberi nilai baru setiap kali dihitung.",
    en="{function}() gives a new value at every calculation.",
    do_id="Tulis once({function}()).",
    do_en="Write once({function}()).",
)  # fmt: skip


def sums_over_blanks(form: Form) -> Iterator[Remark]:
    """Find sums over repeated answers that may be blank."""
    for question, each in form.rules():
        for call in calls(each.tree, "sum", "min", "max"):
            found = _summed(form, question, call)
            if found and not _always_filled(found):
                yield SUM_OF_BLANKS.about(
                    each.place, question.path, function=call.name, name=found.name
                )


def greatest_of_negatives(form: Form) -> Iterator[Remark]:
    """Find max() over numbers that may all be negative."""
    for question, each in form.rules():
        for call in calls(each.tree, "max"):
            found = _summed(form, question, call, filtered=True)
            if found and found.type in NUMBERS and not _bounded_below(found):
                yield EXTREME_OF_NEGATIVES.about(each.place, question.path, name=found.name)


def _nearest(name: str) -> str:
    """Give the function that was probably meant, also by its last word: lenght, string-length."""
    by_word = {known.rpartition("-")[2]: known for known in sorted(KNOWN_FUNCTIONS)}
    whole = get_close_matches(name, KNOWN_FUNCTIONS, n=1)
    close = whole or [by_word[each] for each in get_close_matches(name, by_word, n=1)]
    return f"{close[0]}()" if close else "docs.getodk.org/form-operators-functions"


def functions(form: Form) -> Iterator[Remark]:
    """Find functions that JavaRosa does not know, and those that never settle."""
    for question, each in all_rules(form):
        for part in walk(each.tree):
            if isinstance(part, Call) and part.name not in KNOWN_FUNCTIONS:
                path = question.path if question else ""
                meant = _nearest(part.name)
                yield NO_SUCH_FUNCTION.about(each.place, path, name=part.name, meant=meant)
        if each.column in ("calculation", "entity_id"):
            for name in _unsettled(each.tree):
                yield OUTCOME_CHANGES.about(
                    each.place, question.path if question else "", function=name
                )


def repeats(form: Form) -> Iterator[Remark]:
    """Find position() and count() where nothing repeats."""
    for question, each in form.rules():
        for call in calls(each.tree, "position"):
            if question.repeat is None and call.arguments:
                yield POSITION_OUTSIDE.about(each.place, question.path)
        for call in calls(each.tree, "count"):
            found = target(form, question, call.arguments[0]) if call.arguments else None
            if found is not None and found.repeat is None:
                yield COUNT_OF_ONE.about(each.place, question.path, name=found.name)


def _summed(
    form: Form, question: Question, call: Call, *, filtered: bool = False
) -> Question | None:
    """Repeated question that a single argument sums over."""
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Path):
        return None
    path = call.arguments[0]
    found = target(form, question, path)
    if found is None or found.repeat is None or found.repeat == question.repeat:
        return None
    last = path.steps[-1].predicates if path.steps else ()
    return found if filtered or not last else None


def _always_filled(question: Question) -> bool:
    """Whether every instance has a number: required, and never irrelevant by itself."""
    if question.kind == "calculation":
        return True
    required = question.rules.get("required")
    return required is not None and _is_true(required.tree) and "relevant" not in question.rules


def _bounded_below(question: Question) -> bool:
    each = question.rules.get("constraint")
    if each is None:
        return question.kind == "calculation"
    return any(
        is_self(left) and operator in (">", ">=") and number_of(right) >= 0
        for operator, left, right in comparisons(each.tree)
    )


def _is_true(tree: Expr) -> bool:
    return isinstance(tree, Call) and tree.name == "true"


def _unsettled(tree: Expr) -> Iterator[str]:
    once = {id(part) for call in calls(tree, "once") for part in walk(call.arguments)}
    for call in calls(tree, "uuid", "random"):
        if id(call) not in once:
            yield call.name
