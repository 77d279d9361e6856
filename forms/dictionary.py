"""Questionnaire → variables: what a codebook says and an export writes as columns."""

from collections.abc import Iterator
from dataclasses import dataclass

from forms.schema import Node, Questionnaire, Texts

_SILENT = frozenset(["group", "repeat", "note"])
_NEVER = frozenset(["", "false()"])


@dataclass(frozen=True, slots=True)
class Variable:
    """One leaf of the form.

    repeat: path of the nearest repeat, None for a variable that a document holds once
    kind: question, calculation, meta or hidden
    labels: language → text, empty for what nobody is asked (calculations, meta)
    codes: (value, labels) of a closed question; empty for an open one and for an external list
    external: file stem of the list it chooses from, e.g. "kbli"
    universe: of whom it is asked: its own relevance and that of the groups around, outermost
        first, joined by `and`; '' for everybody
    constraint, required: sources of the rules; '' for none. required is "true()" when always
    """

    name: str
    path: str
    repeat: str | None
    kind: str
    type: str
    labels: Texts
    codes: tuple[tuple[str, Texts], ...]
    external: str | None
    universe: str
    constraint: str
    required: str


def variables(questionnaire: Questionnaire) -> tuple[Variable, ...]:
    """Every variable in the form's order; groups, repeats and notes are none."""
    return tuple(
        _variable(node, questionnaire)
        for node in questionnaire.root.walk()
        if node.kind not in _SILENT
    )


def _variable(node: Node, questionnaire: Questionnaire) -> Variable:
    required = node.required.source if node.required else ""
    return Variable(
        name=node.name,
        path=node.path,
        repeat=node.repeat,
        kind=node.kind,
        type=node.type,
        labels=node.labels,
        codes=tuple((choice.value, choice.labels) for choice in node.choices),
        external=node.external_list,
        universe=_universe(node, questionnaire),
        constraint=node.constraint.source if node.constraint else "",
        required="" if required in _NEVER else required,
    )


def _universe(node: Node, questionnaire: Questionnaire) -> str:
    sources = [above.relevant.source for above in _upwards(node, questionnaire) if above.relevant]
    if len(sources) <= 1:
        return "".join(sources)
    return " and ".join(f"({source})" for source in reversed(sources))


def _upwards(node: Node, questionnaire: Questionnaire) -> Iterator[Node]:
    """Give the node and the groups around it, innermost first."""
    path = node.path
    while path in questionnaire.nodes:
        yield questionnaire.nodes[path]
        path = path.rpartition("/")[0]
