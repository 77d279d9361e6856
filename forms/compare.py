"""Two versions of a questionnaire side by side: what a person must know before publishing."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from forms.schema import Node, Questionnaire, Texts

RISKS = ("code_reused", "code_removed", "type_changed", "removed", "moved")


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of a question that differs; '' where a version has none.

    aspect: type, list, filter, relevant, required, constraint, calculate, warning, count,
    readonly, default, appearance; or label, hint, required_message, constraint_message,
    warning_message, each with its language; or choice, with the code
    """

    aspect: str
    detail: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A question that both versions have: where it stood, where it stands, what differs."""

    before: Node
    after: Node
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """A change by which data of both versions may be misread together; kind is one of RISKS."""

    kind: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs, in the order of the newer form."""

    added: tuple[Node, ...]
    removed: tuple[Node, ...]
    changed: tuple[Change, ...]
    risks: tuple[Risk, ...]

    @property
    def is_same(self) -> bool:
        """Whether both ask the same by the same rules."""
        return not (self.added or self.removed or self.changed or self.risks)


def compare(before: Questionnaire, after: Questionnaire) -> Comparison:
    """Compare two versions. A question whose name stands once in each is followed where it moves.

    The form's root is the same in both whatever it is called.
    """
    old, new = _by_key(before), _by_key(after)
    pairs = [(old[key], node) for key, node in new.items() if key in old]
    changed = [Change(a, b, tuple(_differences(a, b))) for a, b in pairs]
    removed = tuple(node for key, node in old.items() if key not in new)
    return Comparison(
        added=tuple(node for key, node in new.items() if key not in old),
        removed=removed,
        changed=tuple(change for change in changed if change.differences),
        risks=tuple(_risks(removed, changed)),
    )


def _by_key(form: Questionnaire) -> dict[str, Node]:
    """Give nodes by name where the name stands once, else by path below the root."""
    nodes = [node for node in form.nodes.values() if node is not form.root]
    times = Counter(node.name for node in nodes)
    root = len(form.root.path)
    return {node.name if times[node.name] == 1 else node.path[root:]: node for node in nodes}


_ONE: Mapping[str, Callable[[Node], str]] = {
    "type": lambda node: node.type or node.kind,
    "list": lambda node: node.external_list or "",
    "filter": lambda node: node.itemset.filter if node.itemset else "",
    "relevant": lambda node: node.relevant.source if node.relevant else "",
    "required": lambda node: node.required.source if node.required else "",
    "constraint": lambda node: node.constraint.source if node.constraint else "",
    "calculate": lambda node: node.calculate.source if node.calculate else "",
    "warning": lambda node: node.warning.source if node.warning else "",
    "count": lambda node: node.count.source if node.count else str(node.fixed or ""),
    "readonly": lambda node: "true()" if node.readonly else "",
    "default": lambda node: node.default,
    "appearance": lambda node: node.appearance,
}
_TEXTS: Mapping[str, Callable[[Node], Texts]] = {
    "label": lambda node: node.labels,
    "hint": lambda node: node.hints,
    "required_message": lambda node: node.required_message,
    "constraint_message": lambda node: node.constraint_message,
    "warning_message": lambda node: node.warning_message,
}


def _differences(before: Node, after: Node) -> Iterator[Difference]:
    for aspect, value in _ONE.items():
        if value(before) != value(after):
            yield Difference(aspect, "", value(before), value(after))
    for aspect, texts in _TEXTS.items():
        old, new = texts(before), texts(after)
        for language in dict.fromkeys((*old, *new)):
            if old.get(language, "") != new.get(language, ""):
                yield Difference(aspect, language, old.get(language, ""), new.get(language, ""))
    yield from _choices(before, after)


def _choices(before: Node, after: Node) -> Iterator[Difference]:
    old, new = _codes(before), _codes(after)
    for code in dict.fromkeys((*old, *new)):
        if old.get(code) != new.get(code):
            yield Difference("choice", code, old.get(code, ""), new.get(code, ""))


def _codes(node: Node) -> dict[str, str]:
    """Give the label of each code, in all languages."""
    return {choice.value: " / ".join(choice.labels.values()) for choice in node.choices}


def _risks(removed: tuple[Node, ...], changes: list[Change]) -> Iterator[Risk]:
    for node in removed:
        if node.is_leaf and node.kind != "note":
            yield Risk("removed", node.path, "")
    for change in changes:
        path = change.after.path
        if _below_root(change.before) != _below_root(change.after):
            yield Risk("moved", path, change.before.path)
        for each in change.differences:
            if each.aspect == "type":
                yield Risk("type_changed", path, f"{each.before} → {each.after}")
            elif each.aspect == "choice" and each.before:
                kind = "code_reused" if each.after else "code_removed"
                yield Risk(kind, path, each.detail)


def _below_root(node: Node) -> str:
    return node.path.partition("/")[2].partition("/")[2]
