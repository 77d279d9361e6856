"""The rules about one answer: required, type, choice, constraint, warning, and where it may be."""

from collections.abc import Sequence
from contextlib import suppress

from forms.answers import Answers, path_of
from forms.evaluate import own_relevance
from forms.findings import Finding
from forms.messages import default_message
from forms.plan import Verdict
from forms.schema import Node, Questionnaire, Texts
from forms.xpath.context import Item, Unknown, World
from forms.xpath.operand import Evaluator, Here
from forms.xpath.values import Value, stored, to_bool, to_number


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
        self.places: dict[Item, str] = {}
        self.misplaced: dict[Item, None] = {}  # answered, outermost, and not relevant

    def findings(self) -> list[Finding]:
        """Everything that is wrong, in the order of the form."""
        for stretch in self.answers.plan.stretches:
            if stretch[0].single:
                self.singles(stretch)
            else:
                self.others(stretch)
        for item in self.misplaced:
            self.find(item, "relevance", "relevance")
        self.found.sort(key=lambda one: one[0])
        return [finding for _, finding in self.found]

    def singles(self, verdicts: Sequence[Verdict]) -> None:
        """Judge the leaves outside repeats."""
        world, told = self.world, self.values
        relevant, texts, values = world.relevant, world.texts, world.values
        for verdict in verdicts:
            index = verdict.index
            text = texts[index]
            if not relevant[index]:
                if text:
                    self.misplace(world.at(index))
                continue
            value = values[index]
            told[verdict.path] = stored(value) if verdict.calculated else text
            if value == "":
                if text or verdict.required is not None:
                    self.empty(verdict, index, text)
            elif verdict.checked or (type(value) is str and verdict.typed is not None):
                self.answered(verdict, index, text, value)

    def others(self, verdicts: Sequence[Verdict]) -> None:
        """Judge the nodes in repeats, and groups with repeats."""
        for verdict in verdicts:
            for item in self.answers.all(verdict.index):
                if item.relevant and verdict.leaf:
                    self.leaf(item, verdict)
                elif item.relevant:
                    self.counts(item, verdict.node)
                elif item.text:
                    self.misplace(item)

    def leaf(self, item: Item, verdict: Verdict) -> None:
        """Judge a relevant leaf in a repeat."""
        value = item.value
        path = f"{self.place(item.parent)}/{verdict.node.name}"
        self.values[path] = stored(value) if verdict.calculated else item.text
        if value == "":
            if item.text or verdict.required is not None:
                self.empty(verdict, item, item.text)
        elif verdict.checked or (type(value) is str and verdict.typed is not None):
            self.answered(verdict, item, item.text, value)

    def place(self, parent: Item | None) -> str:
        """Return the path of an instance or a group in a repeat, found once for all its leaves."""
        assert parent is not None
        found = self.places.get(parent)
        if found is None:
            found = self.places[parent] = path_of(parent)
        return found

    # -- one answer ---------------------------------------------------------------------------
    def misplace(self, item: Item) -> None:
        """Note an answer where none should be, by the outermost node that is not relevant."""
        while item.parent is not None and not item.parent.relevant:
            item = item.parent
        self.misplaced[item] = None

    def empty(self, verdict: Verdict, here: Here, text: str) -> None:
        """Judge a relevant leaf whose value is empty, whatever is stored there."""
        if text and verdict.typed is not None and not verdict.typed(text):
            self.find(here, "type", f"type.{verdict.node.type}")
        elif verdict.required is not None:
            self.required(verdict, verdict.required, here)

    def required(self, verdict: Verdict, rule: Evaluator, here: Here) -> None:
        """Ask whether an answer is missing."""
        self.world.here = here
        with suppress(Unknown):
            if to_bool(rule(self.world, here)):
                self.find(here, "required", "required", verdict.node.required_message)

    def answered(self, verdict: Verdict, here: Here, text: str, value: Value) -> None:
        """Judge a relevant leaf with an answer."""
        typed = verdict.typed
        doubted = verdict.doubted or type(value) is str
        if doubted and typed is not None and text and not typed(text):
            self.find(here, "type", f"type.{verdict.node.type}")
            return
        world = self.world
        world.here = here
        for check in verdict.checks:
            try:
                holds = check.holds(world, here)
            except Unknown:
                continue  # taken as given
            if holds is not True and not to_bool(holds):
                self.find(here, check.rule, check.key, check.texts)

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
