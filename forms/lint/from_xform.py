"""A bare XForm → the form that the linter looks at: no places, no tables."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from forms.lint.form import ChoiceList, Form, Question, Rule
from forms.schema import Node, Questionnaire

if TYPE_CHECKING:
    from forms.xpath.compile import Expression


def form_of(questionnaire: Questionnaire) -> Form:
    """Read the nodes of an XForm that our engine understands."""
    return Form(
        languages=questionnaire.languages,
        questions=tuple(_question(node) for node in questionnaire.root.walk()),
        lists=dict(_lists(questionnaire)),
    )


def _question(node: Node) -> Question:
    itemset = node.itemset
    return Question(
        name=node.name,
        path=node.path,
        kind=node.kind,
        type=node.type,
        order=node.index,
        repeat=node.repeat,
        texts=_texts(node),
        rules=dict(_rules(node)),
        list="" if itemset is None or itemset.external else _list_name(node),
        external=f"{itemset.external}.csv" if itemset and itemset.external else "",
        appearance=node.appearance,
        default=node.default,
    )


def _texts(node: Node) -> Mapping[str, Mapping[str, str]]:
    texts = {
        "label": node.labels,
        "hint": node.hints,
        "constraint_message": node.constraint_message,
        "required_message": node.required_message,
        "bind::se:warningMsg": node.warning_message,
    }
    return {name: found for name, found in texts.items() if found}


def _rules(node: Node) -> Iterator[tuple[str, Rule]]:
    rules: dict[str, Expression | None] = {
        "relevant": node.relevant,
        "required": node.required,
        "constraint": node.constraint,
        "calculation": node.calculate,
        "repeat_count": node.count,
        "bind::se:warning": node.warning,
    }
    for column, found in rules.items():
        if found is not None:
            yield column, Rule(column, found.source, found.tree, None)


def _lists(questionnaire: Questionnaire) -> Iterator[tuple[str, ChoiceList]]:
    for node in questionnaire.nodes.values():
        if node.choices:
            labels = {choice.value: choice.labels for choice in node.choices}
            yield _list_name(node), ChoiceList(_list_name(node), labels, frozenset())


def _list_name(node: Node) -> str:
    """Name of its list; a list written in the control itself goes by the path."""
    return (node.itemset.name if node.itemset else "") or node.path
