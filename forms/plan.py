"""What is done for every document of a form, worked out once when the form is read.

A document has hundreds of nodes, and most of them have no rule at all, or one. The plan keeps for
reading, evaluating and judging just the nodes and the rules that each has to look at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.datatypes import CHECKS, READERS
from forms.xpath.values import Value

if TYPE_CHECKING:
    from forms.schema import Itemset, Node
    from forms.xpath.compile import Expression

_ASKED = frozenset(["question", "note"])


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One node as reading lays answers over it.

    `index` is its place in document order, `parent` that of the node around it, and all nodes below
    stand before `end`; `instanced` are those of them that are in repeats. `read` makes a value of a
    text where the type asks for more than the text.
    """

    node: "Node"
    name: str
    index: int
    parent: int
    end: int
    alone: bool  # one in a document: it is in no repeat
    repeats: bool
    leaf: bool
    read: Callable[[str], Value] | None
    parts: "Mapping[str, Part]"
    instanced: tuple[int, ...]
    names: dict[str, None]
    repeating: tuple[str, ...]
    single: int  # how many children do not repeat

    def blank(self) -> dict[str, Any]:
        """Return the children in the order of the form, none of them there yet."""
        kids: dict[str, Any] = self.names.copy()
        for name in self.repeating:
            kids[name] = []
        return kids


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A node whose relevance, value or number of instances follows from other answers."""

    part: Part
    node: "Node"
    index: int
    alone: bool
    relevant: "Expression | None"
    calculated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What is to be judged of one node; None and False for what it has no rule about."""

    node: "Node"
    index: int
    path: str
    alone: bool
    leaf: bool
    calculated: bool
    required: "Expression | None"
    typed: Callable[[str], bool] | None
    itemset: "Itemset | None"
    constraint: "Expression | None"
    warning: "Expression | None"
    untouchable: bool  # read-only, and nothing could have filled it
    ruled: bool  # has any of itemset, constraint, warning, untouchable
    counted: bool  # has repeats right below


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The parts of a form, its steps in the order of need, its verdicts in document order."""

    root: Part
    parts: tuple[Part, ...]
    instanced: tuple[int, ...]  # nodes in repeats
    steps: tuple[Step, ...]
    verdicts: tuple[Verdict, ...]


def plan_of(root: "Node", order: "Iterable[Node]", filled: Iterable[str]) -> Plan:
    """Plan a form: its nodes in the order of need, and the paths that actions fill."""
    parts: dict[int, Part] = {}
    top = _part(root, -1, parts)
    steps = [_step(parts[node.index]) for node in order if _moves(node)]
    targets = frozenset(filled)
    verdicts = [_verdict(node, targets) for node in root.walk() if node.is_leaf or node.repeats]
    return Plan(
        root=top,
        parts=tuple(parts[index] for index in sorted(parts)),
        instanced=top.instanced,
        steps=tuple(steps),
        verdicts=tuple(verdicts),
    )


def _part(node: "Node", parent: int, parts: dict[int, Part]) -> Part:
    below = {name: _part(child, node.index, parts) for name, child in node.children.items()}
    repeating = tuple(name for name, child in below.items() if child.repeats)
    part = parts[node.index] = Part(
        node=node,
        name=node.name,
        index=node.index,
        parent=parent,
        end=max((child.end for child in below.values()), default=node.index + 1),
        alone=node.repeat is None,
        repeats=node.kind == "repeat",
        leaf=node.is_leaf,
        read=READERS.get(node.type),
        parts=below,
        instanced=tuple(one.index for one in node.walk() if one.repeat is not None),
        names=dict.fromkeys(below),
        repeating=repeating,
        single=len(below) - len(repeating),
    )
    return part


def _moves(node: "Node") -> bool:
    return any(rule is not None for rule in (node.relevant, node.calculate, node.count))


def _step(part: Part) -> Step:
    node = part.node
    return Step(part, node, node.index, part.alone, node.relevant, node.calculate is not None)


def _verdict(node: "Node", filled: frozenset[str]) -> Verdict:
    open_to_all = node.calculate is not None or node.preload or node.path in filled
    untouchable = bool(node.readonly and not open_to_all)
    constraint = node.constraint if node.kind in _ASKED else None
    rules = (node.itemset, constraint, node.warning)
    return Verdict(
        node=node,
        index=node.index,
        path=node.path,
        alone=node.repeat is None,
        leaf=node.is_leaf,
        calculated=node.calculate is not None,
        required=node.required if node.kind in _ASKED else None,
        typed=CHECKS.get(node.type),
        itemset=node.itemset,
        constraint=constraint,
        warning=node.warning,
        untouchable=untouchable,
        ruled=any(rule is not None for rule in rules) or untouchable,
        counted=bool(node.repeats),
    )
