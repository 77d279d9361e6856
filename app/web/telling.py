"""The rules of a questionnaire as its pages tell them: in words, with the formula at hand."""

import re
from dataclasses import dataclass
from typing import Self

from markupsafe import Markup

from app.web.codebook import coded
from forms.codebook.conditions import rule
from forms.codebook.formula import formula
from forms.codebook.sentences import Teller
from forms.codebook.trees import absolute
from forms.schema import Node, Questionnaire
from forms.xpath.compile import Expression

RULES = ("relevant", "required", "constraint", "warning", "calculate", "count")

_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells the rules and questions of one form in one language."""

    form: Questionnaire
    teller: Teller

    @classmethod
    def of(cls, form: Questionnaire, language: str) -> Self:
        """Give the telling of a form."""
        return cls(form, Teller.of(form, language))

    def words(self, node: Node, aspect: str) -> str:
        """Say a rule of a node, one of RULES; '' where it has none. Code is in backquotes."""
        written = _written(node, aspect)
        if written is None:
            return ""
        if aspect in ("calculate", "count"):
            here = node.path if aspect == "calculate" else node.path.rpartition("/")[0]
            return self.teller.about(here).value(absolute(written.tree, here))
        condition = rule(written.tree, node.path, self.form.nodes)
        if aspect == "relevant":
            return self.teller.about("").condition(condition)
        teller = self.teller.about(node.path)
        return teller.required(condition) if aspect == "required" else teller.statement(condition)

    def html(self, node: Node, aspect: str) -> Markup:
        """Say a rule of a node as HTML."""
        return coded(self.words(node, aspect))

    def formula(self, node: Node, aspect: str) -> str:
        """Write a rule of a node as staff write it, with ${name} for questions."""
        written = _written(node, aspect)
        return formula(absolute(written.tree, node.path), node.path) if written else ""

    def question(self, path: str) -> str:
        """Give the label of the question at a path, whatever its positions in repeats."""
        node = self.form.nodes.get(_POSITION.sub("", path))
        label = self.form.text(node.labels, self.teller.language) if node else ""
        return label or path.rpartition("/")[2]


def _written(node: Node, aspect: str) -> Expression | None:
    found: Expression | None = getattr(node, aspect)
    return found
