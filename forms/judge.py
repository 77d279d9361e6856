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
from forms.xpath.values import stored, to_bool, to_number

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
        for verdict in self.answers.plan.verdicts:
            for item in self.answers.items[verdict.index]:
                if item.relevant:
                    if verdict.leaf:
                        self.leaf(item, verdict)
                    if verdict.counted:
                        self.counts(item, verdict.node)
                elif item.text:
                    self.misplaced[_outermost(item)] = None
        for item in self.misplaced:
            self.find(item, "relevance", "relevance")
        self.found.sort(key=lambda one: one[0])
        return [finding for _, finding in self.found]

    # -- one answer ---------------------------------------------------------------------------
    def leaf(self, item: Item, verdict: Verdict) -> None:
        """Judge one relevant leaf, and note its value."""
        text = item.text
        self.values[verdict.path or path_of(item)] = (
            stored(item.value) if verdict.calculated else text
        )
        if item.value == "":
            if verdict.required is not None:
                self.required(item, verdict.required)
        elif text and verdict.typed is not None and not verdict.typed(text):
            self.find(item, "type", f"type.{item.node.type}")
        elif verdict.ruled:
            self.rules(item, verdict)

    def required(self, item: Item, rule: Expression) -> None:
        """Find an answer that is missing."""
        if self.holds(rule, item, unknown=False):
            self.find(item, "required", "required", item.node.required_message)

    def rules(self, item: Item, verdict: Verdict) -> None:
        """Judge an answer that is one of its type."""
        if verdict.itemset is not None and item.text:
            self.choice(item, verdict.itemset)
        rule = verdict.constraint
        if rule is not None and not self.holds(rule, item, unknown=True):
            self.find(item, "constraint", "constraint", item.node.constraint_message)
        rule = verdict.warning
        if rule is not None and not self.holds(rule, item, unknown=True):
            self.find(item, "warning", "warning", item.node.warning_message)
        if verdict.untouchable and item.text != item.node.default:
            self.find(item, "calculation", "calculation.readonly")

    def choice(self, item: Item, itemset: Itemset) -> None:
        """Find codes that the question does not offer, given the other answers."""
        if item.node.type == "select1":
            if not self.offered(item, itemset, item.text):
                self.find(item, "choice", "choice")
            return
        codes = item.text.split()
        if not all(self.offered(item, itemset, code) for code in codes):
            self.find(item, "choice", "choice")
        if len(set(codes)) < len(codes):
            self.find(item, "choice", "choice.twice")

    def offered(self, item: Item, itemset: Itemset, code: str) -> bool:
        """Whether a code is among the choices; taken as given where the list is not held here."""
        try:
            return itemset.contains(self.world, item, code)
        except Unknown:
            return True

    def holds(self, rule: Expression, item: Item, *, unknown: bool) -> bool:
        """Evaluate a condition; `unknown` is the answer where it cannot be known here."""
        try:
            return to_bool(rule(self.world, item))
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
    def find(self, item: Item, rule: str, key: str, texts: Texts | None = None) -> None:
        """Note a finding with the form's message, or with ours."""
        finding = self.finding(item, rule, key, texts)
        self.found.append((item.node.index, finding))

    def finding(self, item: Item, rule: str, key: str, texts: Texts | None = None) -> Finding:
        """Word a finding."""
        language = self.world.language
        message = self.questionnaire.text(texts, language) if texts else ""
        return Finding(
            path_of(item),
            rule,
            "warning" if rule == "warning" else "error",
            message or default_message(key, language),
        )


def _outermost(item: Item) -> Item:
    """Return the outermost node around an irrelevant one that is not relevant either."""
    while item.parent is not None and not item.parent.relevant:
        item = item.parent
    return item


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
