"""The other side of `bench.validate`: lxml's XPath engine alone, on the same form and document.

No reading, no relevance, no findings: just the form's expressions, each at its node, on a document
that is parsed beforehand. ODK's functions are lent to it in Python. It cannot take every
expression; the few it cannot are made up for by repeating others, so that both sides evaluate the
same number.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from forms.schema import Questionnaire


@dataclass(frozen=True)
class Alone:
    """Three ways to evaluate all expressions of a document; `taken` is how many lxml can."""

    wanted: int
    taken: int
    compiled_once: Callable[[], None]
    evaluator_per_document: Callable[[], None]
    text_each_time: Callable[[], None]


def alone(form: Questionnaire, body: bytes) -> Alone:
    lend_functions()
    root = etree.fromstring(body)
    work = list(places(form, root))
    known = [(etree.XPath(source), source, node) for source, node in work if takes(root, source)]
    rows = list(itertools.islice(itertools.cycle(known), len(work)))

    def compiled_once() -> None:
        for expression, _, node in rows:
            expression(node)

    def evaluator_per_document() -> None:
        evaluate = etree.XPathEvaluator(root)  # at the root: '.' is another node, at the same cost
        for _, source, _ in rows:
            evaluate(source)

    def text_each_time() -> None:
        for _, source, node in rows:
            node.xpath(source)

    return Alone(len(work), len(known), compiled_once, evaluator_per_document, text_each_time)


def takes(root: etree._Element, source: str) -> bool:
    """Whether lxml can evaluate an expression, whatever comes out."""
    try:
        root.xpath(source)
    except (etree.XPathError, ValueError):
        return False
    return True


def places(form: Questionnaire, root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Every rule with every node of the document that it is about; the root stands in for none."""
    for node in form.nodes.values():
        rules = (node.relevant, node.required, node.constraint, node.calculate, node.warning)
        there = root.xpath(node.path) or [root]
        yield from ((rule.source, one) for rule in rules if rule is not None for one in there)


def text(value: object) -> str:
    nodes = value if isinstance(value, list) else [value]
    return str(getattr(nodes[0], "text", nodes[0]) or "") if nodes else ""


def lend_functions() -> None:
    lent = etree.FunctionNamespace(None)
    lent["regex"] = lambda _, value, pattern: re.fullmatch(pattern, text(value)) is not None
    lent["if"] = lambda _, test, then, other: then if test else other
    lent["coalesce"] = lambda _, one, other: one if text(one) else other
    lent["selected"] = lambda _, value, code: code in text(value).split()
    lent["count-selected"] = lambda _, value: float(len(text(value).split()))
    lent["selected-at"] = lambda _, value, at: dict(enumerate(text(value).split())).get(int(at), "")
    lent["int"] = lambda _, value: float(int(float(text(value) or 0)))
