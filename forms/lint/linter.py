"""All rules of the linter, applied."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from forms.compile import Compiled
from forms.lint import (
    cells,
    changes,
    choices,
    entities,
    expressions,
    from_source,
    from_xform,
    functions,
    names,
    order,
    patterns,
    structure,
    texts,
)
from forms.lint.form import Form
from forms.lint.remark import Remark, Rule, rule
from forms.schema import Questionnaire
from forms.source import Source

Check = Callable[[Form], Iterator[Remark]]

NEEDLESS_EXCEPTION = rule(
    "L09", "advice",
    id="pengecualian {code} untuk {name} tidak lagi diperlukan.",
    en="the exception {code} for {name} is no longer needed.",
    do_id="Hapus baris ini.",
    do_en="Remove this row.",
)  # fmt: skip

CHECKS: tuple[Check, ...] = (
    cells.letters,
    structure.settings,
    structure.columns,
    structure.questions,
    structure.types,
    structure.appearances,
    structure.calculations,
    names.names,
    names.twice,
    texts.translations,
    texts.messages,
    choices.codes,
    choices.labels,
    choices.unused,
    choices.filters,
    choices.long_lists,
    choices.external_labels,
    order.circles,
    order.later,
    expressions.time_comparisons,
    functions.sums_over_blanks,
    functions.greatest_of_negatives,
    expressions.compared_codes,
    expressions.dates,
    functions.functions,
    expressions.numbers_as_text,
    functions.repeats,
    expressions.typed_paths,
    expressions.constraints,
    expressions.never_asked,
    patterns.patterns,
    entities.ids,
)
_ROOMS = (
    *(cells, changes, choices, entities, expressions, functions),
    *(names, order, patterns, structure, texts),
)


def lint(
    source: Source, compiled: Compiled | None = None, *, before: Questionnaire | None = None
) -> tuple[Remark, ...]:
    """Remarks about a questionnaire's tables, in the order of the sheets; raises nothing.

    `compiled` lends its media, so that external lists can be looked at; `before` is the version
    that was published last, against which codes and types are held. What the source's own
    exceptions name is left out.
    """
    form = from_source.form_of(source, compiled.media if compiled else {})
    found = [*_all(form)]
    if before is not None:
        found += changes.changes(form, from_xform.form_of(before))
        found += changes.versions(form, before.version)
    return tuple(_answered(source, list(_once(form, found))))


def lint_xform(questionnaire: Questionnaire) -> tuple[Remark, ...]:
    """Remarks about a bare XForm, by node; those about tables are left out."""
    form = from_xform.form_of(questionnaire)
    return tuple(_once(form, _all(form)))


def catalogue() -> Mapping[str, Rule]:
    """Every rule by its code."""
    found = [value for room in _ROOMS for value in vars(room).values() if isinstance(value, Rule)]
    found.append(NEEDLESS_EXCEPTION)
    return {each.code: each for each in sorted(found, key=lambda each: each.code)}


def _all(form: Form) -> Iterator[Remark]:
    for check in CHECKS:
        yield from check(form)


def _once(form: Form, remarks: Iterable[Remark]) -> Iterator[Remark]:
    """Every remark once, in the order in which its node or place comes."""
    order_of = _order(form)
    seen: set[tuple[object, ...]] = set()
    for remark in sorted(remarks, key=lambda each: order_of.get(_where(each), -1)):
        key = (remark.code, remark.place, remark.path, *remark.message.values())
        if key not in seen:
            seen.add(key)
            yield remark


def _order(form: Form) -> dict[object, int]:
    """Give the place in line of each node of an XForm, or of each cell of the sheets."""
    if form.source is None:
        return {question.path: question.order for question in form.questions}
    rows = [row for sheet in form.source.sheets.values() for row in sheet]
    return {
        (place.file, place.line): number
        for number, row in enumerate(rows)
        for place in (row.place, *row.places.values())
    }


def _where(remark: Remark) -> object:
    return (remark.place.file, remark.place.line) if remark.place else remark.path


def _answered(source: Source, remarks: list[Remark]) -> Iterator[Remark]:
    """Leave out what the source answers; tell which answers nobody asked for."""
    needless = list(source.exceptions)
    for remark in remarks:
        answers = [
            row
            for row in source.exceptions
            if row.cells.get("code") == remark.code
            and row.cells.get("name", "") in ("", remark.about)
        ]
        if not answers:
            yield remark
        needless = [row for row in needless if row not in answers]
    for row in needless:
        yield NEEDLESS_EXCEPTION.about(
            row.place, code=row.cells.get("code", ""), name=row.cells.get("name", "")
        )
