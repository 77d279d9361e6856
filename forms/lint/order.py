"""Rules about the order in which answers come: what is asked later, and what needs itself."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from forms.lint.form import Form, Question
from forms.lint.remark import Remark, rule
from forms.lint.trees import reads

_AT_ONCE = ("relevant", "constraint", "choice_filter")  # the others count at the end as well

ASKED_LATER = rule(
    "O01", "warning",
    id="{column} dari {name} membaca {later}, yang baru ditanyakan sesudahnya.",
    en="{column} of {name} reads {later}, which is asked only afterwards.",
    do_id="Pindahkan {later} ke depan, atau letakkan aturannya pada pertanyaan yang terakhir.",
    do_en="Please either ask {later} earlier, or put the rule on the later question.",
)  # fmt: skip
CIRCLE = rule(
    "O02", "error",
    id="aturan ini saling membutuhkan: {circle}.",
    en="these rules need each other: {circle}.",
    do_id="Hapus salah satu acuan.",
    do_en="Remove one of the references.",
)  # fmt: skip


def later(form: Form) -> Iterator[Remark]:
    """Find rules that read answers not yet given."""
    for question, each in form.rules():
        if each.column not in _AT_ONCE:
            continue
        seen: set[str] = set()
        for _, found in reads(form, question, each.tree):
            after = found.order > question.order and found.kind == "question"
            after = after and _page(form, found) != (_page(form, question) or "none")
            if after and found.path not in seen and not found.path.startswith(f"{question.path}/"):
                seen.add(found.path)
                yield ASKED_LATER.about(
                    each.place,
                    question.path,
                    column=each.column,
                    name=question.name,
                    later=found.name,
                )


def _page(form: Form, question: Question) -> str:
    """Path of the group that shows this question and others at once; empty where it is alone."""
    path = question.path.rpartition("/")[0]
    while path:
        around = form.by_path.get(path)
        if around is not None and "field-list" in around.appearance:
            return path
        path = path.rpartition("/")[0]
    return ""


def circles(form: Form) -> Iterator[Remark]:
    """Find rules that need their own outcome."""
    try:
        TopologicalSorter(_needs(form)).prepare()
    except CycleError as error:
        paths = error.args[1]
        names = " → ".join(path.rpartition("/")[2] for path in paths[:6])
        question = form.by_path[paths[0]]
        place = question.place("relevant", "calculation")
        yield CIRCLE.about(place, question.path, circle=names)


def _needs(form: Form) -> Mapping[str, set[str]]:
    """Tell what relevance and calculation of each node read, and the group around it."""
    graph: dict[str, set[str]] = {}
    for question in form.questions:
        around = question.path.rpartition("/")[0]
        graph[question.path] = {around} if around in form.by_path else set()
        for column in ("relevant", "calculation", "repeat_count"):
            each = question.rules.get(column)
            if each is not None:
                found = {one.path for _, one in reads(form, question, each.tree)}
                own = {question.path} if column == "calculation" else set()
                graph[question.path] |= found - own
    return graph
