"""The rules about one answer: required, type, choice, constraint, warning, and where it may be."""

from typing import TYPE_CHECKING

from forms.answers import Answers, path_of
from forms.evaluate import own_relevance
from forms.findings import Finding
from forms.messages import default_message
from forms.plan import Verdict
from forms.schema import Itemset, Node, Questionnaire, Texts
from forms.xpath.compile import Expression
from forms.xpath.context import Item, Unknown, World
from forms.xpath.operand import Here
from forms.xpath.values import Value, stored, to_bool, to_number

if TYPE_CHECKING:
    from collections.abc import Sequence


class Judge:
    """Judges one evaluated submission, in one language.

    `values` gets the recalculated value of every relevant leaf, by its path.
    """

    def __init__(self, questionnaire: Questionnaire, answers: Answers, world: World) -> None:
        self.questionnaire = questionnaire
        self.answers = answers
        self.world = world
        self.values: dict[str, str] = {}
        self.found: list[tuple[int, Finding]] = []  # with the place of the node
        self.misplaced: dict[Item, None] = {}  # answered, outermost, and not relevant

    def findings(self) -> list[Finding]:
        """Everything that is wrong, in the order of the form."""
        relevant, texts, values = self.answers.relevant, self.answers.texts, self.answers.values
        for verdict in self.answers.plan.verdicts:
            index = verdict.index
            if not verdict.alone:
                self.items(verdict)
            elif not relevant[index]:
                if texts[index]:
                    self.misplace(self.world.at(index))
            elif verdict.leaf:
                value = values[index]
                self.values[verdict.path] = stored(value) if verdict.calculated else texts[index]
                self.leaf(verdict, index, texts[index], value)
            else:
                self.counts(self.world.at(index), verdict.node)
        for item in self.misplaced:
            self.find(item, "relevance", "relevance")
        self.found.sort(key=lambda one: one[0])
        return [finding for _, finding in self.found]

    def items(self, verdict: Verdict) -> None:
        """Judge a node in repeats."""
        for item in self.answers.items[verdict.index]:
            if not item.relevant:
                if item.text:
                    self.misplace(item)
            elif verdict.leaf:
                text, value = item.text, item.value
                self.values[path_of(item)] = stored(value) if verdict.calculated else text
                self.leaf(verdict, item, text, value)
            else:
                self.counts(item, verdict.node)

    # -- one answer ---------------------------------------------------------------------------
    def misplace(self, item: Item) -> None:
        """Note an answer where none should be, by the outermost node that is not relevant."""
        while item.parent is not None and not item.parent.relevant:
            item = item.parent
        self.misplaced[item] = None

    def leaf(self, verdict: Verdict, here: Here, text: str, value: Value) -> None:
        """Judge one relevant leaf."""
        if value == "":
            if verdict.required is not None and self.holds(verdict.required, here, unknown=False):
                self.find(here, "required", "required", verdict.node.required_message)
        elif text and verdict.typed is not None and not verdict.typed(text):
            self.find(here, "type", f"type.{verdict.node.type}")
        elif verdict.ruled:
            self.rules(verdict, here, text)

    def rules(self, verdict: Verdict, here: Here, text: str) -> None:
        """Judge an answer that is one of its type."""
        node = verdict.node
        if verdict.itemset is not None and text:
            self.choice(here, node, verdict.itemset, text)
        rule = verdict.constraint
        if rule is not None and not self.holds(rule, here, unknown=True):
            self.find(here, "constraint", "constraint", node.constraint_message)
        rule = verdict.warning
        if rule is not None and not self.holds(rule, here, unknown=True):
            self.find(here, "warning", "warning", node.warning_message)
        if verdict.untouchable and text != node.default:
            self.find(here, "calculation", "calculation.readonly")

    def choice(self, here: Here, node: Node, itemset: Itemset, text: str) -> None:
        """Find codes that the question does not offer, given the other answers."""
        if node.type == "select1":
            if not self.offered(here, itemset, text):
                self.find(here, "choice", "choice")
            return
        codes = text.split()
        if not all(self.offered(here, itemset, code) for code in codes):
            self.find(here, "choice", "choice")
        if len(set(codes)) < len(codes):
            self.find(here, "choice", "choice.twice")

    def offered(self, here: Here, itemset: Itemset, code: str) -> bool:
        """Whether a code is among the choices; taken as given where the list is not held here."""
        try:
            return itemset.contains(self.world, here, code)
        except Unknown:
            return True

    def holds(self, rule: Expression, here: Here, *, unknown: bool) -> bool:
        """Evaluate a condition; `unknown` is the answer where it cannot be known here."""
        try:
            return to_bool(rule(self.world, here))
        except Unknown:
            return unknown

    # -- repeats ------------------------------------------------------------------------------
    def counts(self, parent: Item, node: Node) -> None:
        """Repeats right below a relevant group whose number is not what the form says."""
        for child in node.repeats:
            wanted = _wanted(child, parent, self.world)
            instances: Sequence[Item] = parent.kids[child.name]
            if wanted is None or len(instances) == wanted:
                continue
            if any(one.relevant for one in instances or (_imagined(child, parent, self.world),)):
                path = f"{path_of(parent)}/{child.name}"
                message = default_message("repeat", self.world.language)
                self.found.append((node.index, Finding(path, "repeat", "error", message)))

    # -- telling ------------------------------------------------------------------------------
    def find(self, here: Here, rule: str, key: str, texts: Texts | None = None) -> None:
        """Note a finding with the form's message, or with ours."""
        item: Item = self.world.at(here)
        language = self.world.language
        message = self.questionnaire.text(texts, language) if texts else ""
        finding = Finding(
            path_of(item),
            rule,
            "warning" if rule == "warning" else "error",
            message or default_message(key, language),
        )
        self.found.append((item.node.index, finding))


def _imagined(node: Node, parent: Item, world: World) -> Item:
    """Make an instance that nobody recorded, to ask whether there should have been one."""
    item = Item(node, parent)
    item.relevant = own_relevance(node, world, item)
    return item


def _wanted(node: Node, parent: Item, world: World) -> int | None:
    """How many instances there must be; None where the form leaves it open."""
    if node.count is None:
        return node.fixed
    try:
        number = to_number(node.count(world, parent))
    except Unknown:
        return None
    return int(number) if 0 < number < float("inf") else 0
