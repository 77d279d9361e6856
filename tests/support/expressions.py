"""Evaluate expressions with the Python engine in the nodes of a submission."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from forms.answers import path_of
from forms.evaluate import evaluate
from forms.instance import read_submission
from forms.lists import StaticLists
from forms.reading import read_answers
from forms.recalculate import Recalculation
from forms.xform import _Form
from forms.xpath.compile import compile_expression
from forms.xpath.context import Item, World
from forms.xpath.values import Value


class Bench:
    """One form; evaluates expressions in its submissions."""

    def __init__(self, xform: bytes, lists: StaticLists) -> None:
        root = etree.fromstring(xform)
        model = root.find("{*}head/{*}model")
        assert model is not None
        self.form = _Form(root, model)
        self.questionnaire = self.form.questionnaire("")
        self.lists = lists

    def world(self, submission: bytes, now: str) -> tuple[World, Mapping[str, Item]]:
        """Evaluate a submission's own rules; return its world and its nodes by path."""
        answers = read_answers(self.questionnaire.plan, read_submission(submission).root)
        world = World(answers, self.lists, self.questionnaire.default_language)
        world.version = self.questionnaire.version
        world.now = datetime.fromisoformat(now)
        moments = [world.now]
        evaluate(answers, world, Recalculation(moments, self.questionnaire.languages))
        nodes = range(len(answers.plan.parts))
        return world, {path_of(item): item for node in nodes for item in answers.all(node)}

    def evaluate(self, world: World, item: Item, expression: str) -> Value:
        """Compile an expression for a node and evaluate it there."""
        node = item.node
        shape = self.form.shapes[node.path]
        here = node.index if node.repeat is None else item
        return compile_expression(expression, shape, self.form.around)(world, here)


def as_told(value: Any) -> tuple[str, Any]:
    """Give the type and the value of an outcome as the vectors tell them."""
    match value:
        case bool():
            return "boolean", value
        case float() | int():
            return "number", float(value)
        case str():
            return "string", value
    return "date", value
