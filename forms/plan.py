"""What is done for every document of a form, worked out once when the form is read.

A document has hundreds of nodes, and most of them have no rule at all, or one. The plan keeps for
reading, evaluating and judging just the nodes and the rules that each has to look at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from forms.checks import Check, checks_of
from forms.datatypes import CHECKS, READERS
from forms.xpath.operand import Evaluator
from forms.xpath.values import Value

if TYPE_CHECKING:
    from forms.schema import Node

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
    attributes: "tuple[Part, ...]"  # those of `parts` that are attributes
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
    relevant: Evaluator | None
    calculated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What is to be judged of one node: a leaf, or a group with repeats right below.

    `typed` tells whether a text is one of the type. What is not one has that text for its value;
    where a value is calculated, the stored text is `doubted` whatever the value. `checks` follow
    where the type is right.
    """

    node: "Node"
    index: int
    path: str
    single: bool  # a leaf outside repeats
    leaf: bool
    calculated: bool
    required: Evaluator | None
    typed: Callable[[str], bool] | None
    doubted: bool
    checks: tuple[Check, ...]
    checked: bool  # whether an answer has anything to be checked


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The parts of a form, its steps in the order of need, its verdicts in document order.

    Verdicts come in stretches, each of nothing but leaves outside repeats or of none.
    """

    root: Part
    parts: tuple[Part, ...]
    instanced: tuple[int, ...]  # nodes in repeats
    steps: tuple[Step, ...]
    stretches: tuple[tuple[Verdict, ...], ...]


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
        stretches=tuple(tuple(some) for _, some in groupby(verdicts, lambda one: one.single)),
    )


def _part(node: "Node", parent: int, parts: dict[int, Part]) -> Part:
    kids = {**node.attributes, **node.children}
    below = {name: _part(child, node.index, parts) for name, child in kids.items()}
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
        instanced=(
            *((node.index,) if node.repeat is not None else ()),
            *(index for child in below.values() for index in child.instanced),
        ),
        attributes=tuple(below[name] for name in node.attributes),
        names=dict.fromkeys(below),
        repeating=repeating,
        single=len(below) - len(repeating),
    )
    return part


def _moves(node: "Node") -> bool:
    return any(rule is not None for rule in (node.relevant, node.calculate, node.count))


def _step(part: Part) -> Step:
    node = part.node
    relevant = None if node.relevant is None else node.relevant.evaluate
    return Step(part, node, node.index, part.alone, relevant, node.calculate is not None)


def _verdict(node: "Node", filled: frozenset[str]) -> Verdict:
    open_to_all = node.calculate is not None or node.preload or node.path in filled
    typed = CHECKS.get(node.type)
    checks = checks_of(node, untouchable=bool(node.readonly and not open_to_all))
    doubted = typed is not None and node.calculate is not None
    return Verdict(
        node=node,
        index=node.index,
        path=node.path,
        single=node.is_leaf and node.repeat is None,
        leaf=node.is_leaf,
        calculated=node.calculate is not None,
        required=node.required.evaluate if node.required and node.kind in _ASKED else None,
        typed=typed,
        doubted=doubted,
        checks=checks,
        checked=doubted or bool(checks),
    )
