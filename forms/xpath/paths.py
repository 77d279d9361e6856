"""Paths over the answers: resolved against the form's shape when compiled.

A path that points at nothing is refused when the form is read, not when an answer comes in. As in
JavaRosa, an absolute path from within a repeat means the same instance of that repeat, and nodes
that are not relevant are not in any node set.
"""

from collections.abc import Callable, Sequence
from typing import Any

from forms.xpath.context import Item, World
from forms.xpath.operand import Evaluator, Here, ManyItems, Operand
from forms.xpath.shape import Shape
from forms.xpath.syntax import Path, Step
from forms.xpath.values import Value

Move = Callable[[World, list[Item]], list[Item]]
Start = Callable[[World, Here], Item]
CompileFilter = Callable[[Step, Shape], Move]


class DeadPathError(Exception):
    """The path leads nowhere in this form; the message says at which step."""


def item_path(
    path: Path, start: Shape, steps: Sequence[Step], origin: Start | None, filters: CompileFilter
) -> tuple[Operand, set[str]]:
    """Compile steps from `start`; `origin` finds the start Item (None: the context node).

    Also answers the paths of the nodes it may read. Raises DeadPathError.
    """
    trail = _Trail(start, filters)
    for step in steps:
        trail.follow(step)
    return trail.operand(path, origin), {shape.path for shape in trail.shapes}


def relative_to(here: Shape, root: Shape, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Rewrite absolute steps as steps from `here`, through the deepest ancestor they share."""
    if not steps or steps[0].name not in (root.name, "*") or steps[0].axis != "child":
        name = steps[0].name if steps else ""
        raise DeadPathError(f"the form's root is /{root.name}, not /{name}")
    shared = 0
    for node, step in zip(here.lineage(), steps, strict=False):
        if step.predicates or step.axis != "child" or step.name != node.name:
            break
        shared += 1
    ups = (Step("parent", ""),) * (here.depth + 1 - shared)
    return (*ups, *steps[shared:])


class _Trail:
    """The moves of one path while its steps are followed through the shape."""

    def __init__(self, start: Shape, filters: CompileFilter) -> None:
        self.shapes = [start]
        self.filters = filters
        self.ups = 0
        self.downs: list[str] = []
        self.moves: list[Move] = []
        self.plural = False

    def follow(self, step: Step) -> None:
        if step.axis == "self":
            self.refuse_filter(step)
        elif step.axis == "parent":
            self.refuse_filter(step)
            self.up()
        elif step.name == "*":
            self.refuse_filter(step)
            self.spread()
        else:
            self.down(step)

    def refuse_filter(self, step: Step) -> None:
        if step.predicates:
            raise DeadPathError("a filter on '.', '..' or '*' is not supported")

    def up(self) -> None:
        if len(self.shapes) != 1 or self.shapes[0].parent is None:
            raise DeadPathError("'..' leads above the form's root")
        self.shapes = [self.shapes[0].parent]
        if self.moves:
            self.moves.append(_parents)
        elif self.downs:
            self.downs.pop()
        else:
            self.ups += 1

    def spread(self) -> None:
        self.to_moves()
        self.shapes = [child for shape in self.shapes for child in shape.children.values()]
        self.moves.append(_all_children)
        self.plural = True

    def down(self, step: Step) -> None:
        if len(self.shapes) != 1 or step.name not in self.shapes[0].children:
            where = self.shapes[0].path if self.shapes else "an empty group"
            raise DeadPathError(f"there is no node '{step.name}' in {where}")
        target = self.shapes[0].children[step.name]
        self.shapes = [target]
        if target.repeat or step.predicates or self.moves:
            self.to_moves()
            self.moves.append(_children(step.name))
            self.plural = self.plural or target.repeat
        else:
            self.downs.append(step.name)
        if step.predicates:
            self.moves.append(self.filters(step, target))

    def to_moves(self) -> None:
        self.moves.extend(_children(name) for name in self.downs)
        self.downs.clear()

    def operand(self, path: Path, origin: Start | None) -> Operand:
        target = self.shapes[0] if len(self.shapes) == 1 else None
        if not self.moves:
            one = _one_item(origin, self.ups, self.downs)
            value = _one_value(origin, self.ups, self.downs, one)
            return Operand(path, value, _listed_value(one), _listed(one), target=target)
        nodes = _many(_one_item(origin, self.ups, ()), self.moves)
        return Operand(
            path, _first_value(nodes), _values(nodes), nodes, plural=self.plural, target=target
        )


def _children(name: str) -> Move:
    def move(_: World, items: list[Item]) -> list[Item]:
        found: list[Item] = []
        for item in items:
            child = item.kids.get(name)
            if type(child) is list:
                found += child
            elif child is not None:
                found.append(child)
        return found

    return move


def _all_children(_: World, items: list[Item]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        for child in item.kids.values():
            if type(child) is list:
                found += child
            else:
                found.append(child)
    return found


def _parents(_: World, items: list[Item]) -> list[Item]:
    unique = {id(item.parent): item.parent for item in items if item.parent is not None}
    return list(unique.values())


def _one_item(origin: Start | None, ups: int, downs: Sequence[str]) -> Start:
    names = tuple(downs)

    def find(world: World, here: Here) -> Item:
        item: Any = here if origin is None else origin(world, here)
        for _ in range(ups):
            item = item.parent
        for name in names:
            item = item.kids[name]
        return item  # type: ignore[no-any-return] # kids are Items where nothing repeats

    return find


def _one_value(origin: Start | None, ups: int, downs: Sequence[str], find: Start) -> Evaluator:
    """Read one node; the two shapes that make up most of every form get a shortcut."""
    if origin is None and ups == 0 and not downs:
        return lambda _world, here: here.value
    if origin is None and ups == 1 and len(downs) == 1:
        name = downs[0]
        return lambda _world, here: here.parent.kids[name].value
    return lambda world, here: find(world, here).value


def _listed(find: Start) -> ManyItems:
    def nodes(world: World, here: Here) -> list[Item]:
        item = find(world, here)
        return [item] if item.relevant else []

    return nodes


def _listed_value(find: Start) -> Callable[[World, Here], list[Value]]:
    def values(world: World, here: Here) -> list[Value]:
        item = find(world, here)
        return [item.value] if item.relevant else []

    return values


def _many(find: Start, moves: Sequence[Move]) -> ManyItems:
    steps = tuple(moves)

    def nodes(world: World, here: Here) -> list[Item]:
        items = [find(world, here)]
        for step in steps:
            items = step(world, items)
        return [item for item in items if item.relevant]

    return nodes


def _values(nodes: ManyItems) -> Callable[[World, Here], list[Value]]:
    return lambda world, here: [item.value for item in nodes(world, here)]


def _first_value(nodes: ManyItems) -> Evaluator:
    def value(world: World, here: Here) -> Value:
        items = nodes(world, here)
        return items[0].value if items else ""

    return value
