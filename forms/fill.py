"""Answers → submission XML, as a form client writes it.

Defaults, calculations and relevance run as on a phone; what is not relevant is left out. Used by
simulated enumerators and by tests.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from forms.answers import (
    MAX_INSTANCES,
    Answers,
    add_instance,
    empty_answers,
    read_value,
    set_text,
)
from forms.errors import FormsError
from forms.evaluate import calculated, evaluate
from forms.lists import Lists
from forms.schema import Action, Node, Questionnaire
from forms.xpath.compile import Expression
from forms.xpath.context import Item, Unknown, World
from forms.xpath.operand import Here
from forms.xpath.values import Value, moment_text, stored, to_number

ORX = "http://openrosa.org/xforms"

_ROUNDS = 5  # a new repeat instance may bring defaults, which may bring instances
_NEW = frozenset(["odk-instance-first-load", "odk-new-repeat"])
_CHANGED = "xforms-value-changed"


def fill(  # noqa: PLR0913 - a submission is all of these
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    lists: Lists,
    *,
    instance_id: str,
    start: datetime,
    end: datetime,
    device_id: str,
    deprecated_id: str | None = None,
) -> bytes:
    """Fill a form and return the submission.

    `answers` maps leaf names to text and repeat names to sequences of such mappings. Answers that
    turn out irrelevant are dropped, and so are instances beyond a repeat's count. Chance is derived
    from `instance_id`, so that the same call gives the same bytes. Raises FormsError for a name
    that the form does not have.
    """
    session = _Session(questionnaire, lists, instance_id, end)
    session.world.device = device_id
    session.preload(
        {
            "start": moment_text(start),
            "end": moment_text(end),
            "today": start.date().isoformat(),
            "deviceid": device_id,
            "uid": instance_id,
        }
    )
    session.run()
    session.place(session.world.root, answers)
    session.run()
    session.declare()
    return _written(questionnaire, session.world.root, instance_id, deprecated_id)


class _Session:
    """One form while it is being filled in."""

    def __init__(
        self, questionnaire: Questionnaire, lists: Lists, instance_id: str, now: datetime
    ) -> None:
        self.form = questionnaire
        self.answers: Answers = empty_answers(questionnaire.plan)
        self.world = World(self.answers, lists, questionnaire.default_language)
        self.world.now = now
        self.world.version = questionnaire.version
        chance = _chance(instance_id)
        self.world.chance = lambda: int.from_bytes(next(chance)[:6]) / 2**48
        self.world.fresh_id = lambda: str(uuid.UUID(bytes=next(chance)[:16], version=4))
        self.answered: set[Item] = set()
        self.done: set[tuple[Action, Item]] = set()  # actions that have run

    def preload(self, values: Mapping[str, str]) -> None:
        """Fill what the device knows by itself."""
        for node in self.form.nodes.values():
            if node.preload:
                for item in self.answers.all(node.index):
                    set_text(item, values.get(node.preload, ""))

    # -- answers ------------------------------------------------------------------------------
    def place(self, scope: Item, answers: Mapping[str, Any]) -> None:
        """Enter answers into a scope: the form, or one instance of a repeat."""
        by_name = dict(_within(scope))
        self.clear_repeats(scope)
        for name, answer in answers.items():
            parent, node = by_name.get(name, (None, None))
            if parent is None or node is None:
                raise FormsError(f"{scope.node.path} has no question or repeat named '{name}'")
            if node.kind == "repeat":
                self.place_rows(parent, node, answer)
            elif isinstance(answer, str):
                item = parent.kids[name]
                set_text(item, answer.strip())
                self.answered.add(item)
            else:
                raise FormsError(f"{node.path} takes text, not {type(answer).__name__}")

    def clear_repeats(self, scope: Item) -> None:
        """Drop the empty first instance of repeats that nobody may be asked to fill."""
        for parent, node in [place for _, place in _within(scope) if place[1].kind == "repeat"]:
            if node.count is None and node.fixed is None:
                self.shrink(parent, node, 0)

    def place_rows(self, parent: Item, node: Node, rows: object) -> None:
        if not isinstance(rows, Sequence) or isinstance(rows, str):
            raise FormsError(f"{node.path} takes a sequence of mappings, one for each instance")
        self.grow(parent, node, len(rows))
        for item, row in zip(parent.kids[node.name], rows, strict=False):
            self.place(item, row)

    # -- repeats ------------------------------------------------------------------------------
    def grow(self, parent: Item, node: Node, wanted: int) -> None:
        if wanted > MAX_INSTANCES:
            raise FormsError(f"{node.path} would have {wanted} instances, over {MAX_INSTANCES}")
        while len(parent.kids[node.name]) < wanted:
            add_instance(parent, self.answers.plan.parts[node.index], self.answers)

    def shrink(self, parent: Item, node: Node, wanted: int) -> None:
        instances = parent.kids[node.name]
        for item in instances[wanted:]:
            for gone in _below(item):
                self.answers.items[gone.node.index].remove(gone)
        del instances[wanted:]

    def count(self, node: Node) -> None:
        """Bring a repeat to the number of instances its count asks for."""
        if node.count is None:
            return
        parent_path = node.path.rpartition("/")[0]
        for parent in self.answers.all(self.form.nodes[parent_path].index):
            try:
                number = to_number(node.count(self.world, parent))
            except Unknown:
                continue
            wanted = int(number) if 0 < number < float("inf") else 0
            self.grow(parent, node, wanted)
            self.shrink(parent, node, wanted)

    # -- rules --------------------------------------------------------------------------------
    def run(self) -> None:
        """Evaluate everything, and actions, until no action has anything left to do."""
        for _ in range(_ROUNDS):
            for node in self.form.nodes.values():
                for item in self.answers.all(node.index):
                    item.relevant = True
                    item.value = read_value(node, item.text)
            evaluate(self.answers, self.world, _calculate, self.count)
            if not self.act():
                return

    def act(self) -> bool:
        """Run the actions whose time has come; whether any did."""
        acted = False
        for action in self.form.actions:
            for item in self.answers.all(self.form.nodes[action.target].index):
                if (action, item) not in self.done and self.due(action, item):
                    self.done.add((action, item))
                    acted = True
                    if item not in self.answered:
                        set_text(item, self.outcome(action, item))
        return acted

    def due(self, action: Action, item: Item) -> bool:
        if action.events & _NEW:
            return True
        if _CHANGED not in action.events or action.trigger is None:
            return False
        triggers = self.answers.all(self.form.nodes[action.trigger].index)
        return any(one in self.answered and _together(one, item) for one in triggers)

    def outcome(self, action: Action, item: Item) -> str:
        if action.value is None:
            return item.text  # only a device can do this
        if isinstance(action.value, str):
            return action.value
        try:
            return stored(action.value(self.world, item))
        except Unknown:
            return ""

    # -- entities -----------------------------------------------------------------------------
    def declare(self) -> None:
        """Say what the submission does to lists of entities, as a phone does when it is finished.

        The phone is one that has just refreshed its lists: it has no versions of its own.
        """
        for one in self.form.entities:
            node = self.form.nodes.get(one.path)
            rules = {
                "@id": one.id,
                "@create": one.create,
                "@update": one.update,
                "@baseVersion": one.base_version,
            }
            for item in self.answers.all(node.index) if node is not None else ():
                for name, rule in rules.items():
                    place = item.kids.get(name)
                    if rule is not None and place is not None:
                        set_text(place, self.said(rule, place))

    def said(self, rule: Expression, place: Item) -> str:
        try:
            return stored(rule(self.world, place))
        except Unknown:
            return ""


def _calculate(world: World, node: Node, here: Here, text: str) -> Value:
    value = calculated(world, node, here, text)
    world.at(here).text = stored(value)
    return value


def _within(scope: Item) -> Iterator[tuple[str, tuple[Item, Node]]]:
    """Leaves and repeats by name with their parent, down to the next repeats."""
    for name, node in scope.node.children.items():
        if node.kind == "group":
            yield from _within(scope.kids[name])
        else:
            yield name, (scope, node)


def _below(item: Item) -> Iterator[Item]:
    yield item
    for child in item.kids.values():
        for one in child if isinstance(child, list) else [child]:
            yield from _below(one)


def _together(one: Item, other: Item) -> bool:
    """Whether two Items lie in the same instance of the repeat around the first."""
    around = _instance(one)
    node: Item | None = other
    while node is not None and around is not None:
        if node is around:
            return True
        node = node.parent
    return around is None


def _instance(item: Item) -> Item | None:
    node: Item | None = item
    while node is not None and node.node.kind != "repeat":
        node = node.parent
    return node


def _chance(seed: str) -> Iterator[bytes]:
    """Bytes that look random and are the same for the same seed."""
    state = hashlib.sha256(seed.encode()).digest()
    while True:
        state = hashlib.sha256(state).digest()
        yield state


# -- writing ------------------------------------------------------------------------------------
def _written(form: Questionnaire, root: Item, instance_id: str, deprecated_id: str | None) -> bytes:
    element = etree.Element(
        form.root.name, {"id": form.form_id, "version": form.version}, nsmap={"orx": ORX}
    )
    for child in root.kids.values():
        _write(child, element, "")
    meta = element.find(f"{{{ORX}}}meta")
    if meta is None:
        meta = etree.SubElement(element, f"{{{ORX}}}meta")
    if meta.find(f"{{{ORX}}}instanceID") is None:
        etree.SubElement(meta, f"{{{ORX}}}instanceID").text = instance_id
    if deprecated_id is not None:
        etree.SubElement(meta, f"{{{ORX}}}deprecatedID").text = deprecated_id
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8")


def _write(found: Item | list[Item], parent: etree._Element, namespace: str) -> None:
    for item in found if isinstance(found, list) else [found]:
        if not item.relevant:
            continue
        if item.node.kind == "attribute":
            parent.set(item.node.name[1:], _clean(item.text))
            continue
        meta = item.node.name == "meta" and item.node.path.count("/") == 2  # noqa: PLR2004 - /data/meta
        namespace = f"{{{ORX}}}" if meta else namespace
        element = etree.SubElement(parent, namespace + item.node.name)
        if item.node.is_leaf:
            element.text = _clean(item.text) or None
        for child in item.kids.values():
            _write(child, element, namespace)


def _clean(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")
