"""The rules about one answer: required, type, choice, constraint, warning."""

from collections.abc import Iterator

from forms.answers import path_of
from forms.datatypes import CHECKS
from forms.findings import Finding
from forms.messages import default_message
from forms.schema import Itemset, Questionnaire, Texts
from forms.xpath.compile import Expression
from forms.xpath.context import Item, Unknown, World
from forms.xpath.values import to_bool

_ASKED = frozenset(["question", "note"])


class Judge:
    """Judges relevant leaves of one submission, in one language."""

    def __init__(self, questionnaire: Questionnaire, world: World) -> None:
        self.questionnaire = questionnaire
        self.world = world

    def findings(self, item: Item) -> Iterator[Finding]:
        """Everything that is wrong with one relevant leaf."""
        node = item.node
        if item.value == "":
            if node.required is not None and node.kind in _ASKED:
                yield from self.required(item, node.required)
            return
        check = CHECKS.get(node.type)
        if check is not None and item.text and not check(item.text):
            yield self.finding(item, "type", f"type.{node.type}")
            return
        if node.itemset is not None and item.text:
            yield from self.choice(item, node.itemset)
        if node.constraint is not None and node.kind in _ASKED:
            yield from self.condition(item, node.constraint, "constraint", node.constraint_message)
        if node.warning is not None:
            yield from self.condition(item, node.warning, "warning", node.warning_message)
        if node.readonly and item.text != node.default and self.untouchable(item):
            yield self.finding(item, "calculation", "calculation.readonly")

    def required(self, item: Item, rule: Expression) -> Iterator[Finding]:
        """Find an answer that is missing."""
        if not self.holds(rule, item, unknown=False):
            return
        message = self.questionnaire.text(item.node.required_message, self.world.language)
        yield self.finding(item, "required", "required", message)

    def condition(self, item: Item, rule: Expression, name: str, texts: Texts) -> Iterator[Finding]:
        """Find a condition of the good answer that does not hold."""
        if self.holds(rule, item, unknown=True):
            return
        yield self.finding(item, name, name, self.questionnaire.text(texts, self.world.language))

    def choice(self, item: Item, itemset: Itemset) -> Iterator[Finding]:
        """Find codes that the question does not offer, given the other answers."""
        codes = [item.text] if item.node.type == "select1" else item.text.split()
        if not all(self.offered(item, itemset, code) for code in codes):
            yield self.finding(item, "choice", "choice")
        if len(set(codes)) < len(codes):
            yield self.finding(item, "choice", "choice.twice")

    def offered(self, item: Item, itemset: Itemset, code: str) -> bool:
        """Whether a code is among the choices; taken as given where the list is not held here."""
        try:
            return itemset.contains(self.world, item, code)
        except Unknown:
            return True

    def untouchable(self, item: Item) -> bool:
        """Whether a read-only node has nothing that could have filled it."""
        node = item.node
        filled = any(action.target == node.path for action in self.questionnaire.actions)
        return node.calculate is None and not node.preload and not filled

    def holds(self, rule: Expression, item: Item, *, unknown: bool) -> bool:
        """Evaluate a condition; `unknown` is the answer where it cannot be known here."""
        try:
            return to_bool(rule(self.world, item))
        except Unknown:
            return unknown

    def finding(self, item: Item, rule: str, key: str, message: str = "") -> Finding:
        """Build a finding with the form's message, or with ours."""
        return Finding(
            path_of(item),
            rule,
            "warning" if rule == "warning" else "error",
            message or default_message(key, self.world.language),
        )
