"""All rules of the linter, applied."""

from collections.abc import Callable, Iterable, Iterator

from forms.compile import Compiled
from forms.lint import expressions, from_source, from_xform
from forms.lint.form import Form
from forms.lint.remark import Remark
from forms.schema import Questionnaire
from forms.source import Source

Check = Callable[[Form], Iterator[Remark]]

CHECKS: tuple[Check, ...] = (
    expressions.time_comparisons,
    expressions.sums_over_blanks,
    expressions.greatest_of_negatives,
    expressions.compared_codes,
    expressions.dates,
    expressions.functions,
    expressions.numbers_as_text,
    expressions.repeats,
    expressions.constraints,
    expressions.never_asked,
)


def lint(source: Source, compiled: Compiled | None = None) -> tuple[Remark, ...]:
    """Remarks about a questionnaire's tables, in the order of the sheets; raises nothing.

    `compiled` lends its media, so that external lists can be looked at.
    """
    form = from_source.form_of(source, compiled.media if compiled else {})
    return tuple(_remarks(form))


def lint_xform(questionnaire: Questionnaire) -> tuple[Remark, ...]:
    """Remarks about a bare XForm, by node; those about tables are left out."""
    return tuple(_remarks(from_xform.form_of(questionnaire)))


def _remarks(form: Form) -> Iterator[Remark]:
    """Every remark once, in the order in which its place or node comes."""
    order = {question.path: question.order for question in form.questions}
    seen: set[tuple[object, ...]] = set()
    found = sorted(_all(form), key=lambda remark: order.get(remark.path, len(order)))
    for remark in found:
        key = (remark.code, remark.place, remark.path, *remark.message.values())
        if key not in seen:
            seen.add(key)
            yield remark


def _all(form: Form) -> Iterable[Remark]:
    for check in CHECKS:
        yield from check(form)
