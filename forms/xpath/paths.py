"""Paths over the answers: resolved against the form's shape when compiled.

As in JavaRosa, an absolute path from within a repeat means the same instance of that repeat, '*'
means the node itself where the path goes along the way to it, a path that points at nothing reads
as empty, and nodes that are not relevant are not in any node set.
"""

from collections.abc import Callable, Sequence
from typing import Any

from forms.xpath.context import Item, World
from forms.xpath.operand import Evaluator, Here, ManyItems, Operand
from forms.xpath.pieces import column
from forms.xpath.shape import Shape
from forms.xpath.syntax import Path, Step
from forms.xpath.values import Value

Move = Callable[[World, list[Item]], list[Item]]
Start = Callable[[World, Here], Item]
CompileFilter = Callable[[Step, Shape], Move]


class DeadPathError(Exception):
    """The path can lead nowhere; the message says at which step."""


class LostPathError(Exception):
    """The path names a node that the form does not have: it reads as empty."""


def item_path(
    path: Path, start: Shape, steps: Sequence[Step], origin: Start | None, filters: CompileFilter
) -> tuple[Operand, set[str]]:
    """Compile steps from `start`; `origin` finds the start Item (None: the context node).

    Also answers the paths of the nodes it may read. Raises DeadPathError and LostPathError.
    """
    trail = _Trail(start, filters)
    for step in steps:
        trail.follow(step)
    return trail.operand(path, origin), {shape.path for shape in trail.shapes}


def nowhere(path: Path) -> Operand:
    """Compile a path that points at nothing."""
    return Operand(path, lambda _world, _here: "", lambda _world, _here: (), _no_nodes)


def _no_nodes(_: World, __: Here) -> Sequence[Item]:
    return ()


def grounded(start: Shape, steps: Sequence[Step], *, absolute: bool) -> tuple[Step, ...]:
    """Let '*' be the node on the way to `start`, as long as the steps go that way."""
    lineage = start.lineage()
    level = 0 if absolute else len(lineage)
    found: list[Step] = []
    along = True
    for step in steps:
        if step.axis == "parent":
            level -= 1
        elif step.axis == "child":
            way = lineage[level].name if along and 0 <= level < len(lineage) else None
            if step.name == "*" and way is not None:
                step = Step("child", way, step.predicates)  # noqa: PLW2901 - now it has a name
            along = step.name == way
            level += 1
        found.append(step)
    return tuple(found)


def relative_to(here: Shape, root: Shape, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Rewrite absolute steps as steps from `here`, through the deepest ancestor they share."""
    steps = grounded(here, [step for step in steps if step.axis != "self"], absolute=True)
    if not steps or steps[0].name != root.name or steps[0].axis != "child":
        raise LostPathError(f"the form's root is /{root.name}")
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
        self.base = start  # where the moves begin
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
            self.down(step, step.name if step.axis == "child" else f"@{step.name}")

    def refuse_filter(self, step: Step) -> None:
        if step.predicates:
            raise DeadPathError("a filter on '.', '..' or '*' is not supported")

    def up(self) -> None:
        parents = [shape.parent for shape in self.shapes if shape.parent is not None]
        if len(parents) < len(self.shapes):
            raise DeadPathError("'..' leads above the form's root")
        self.shapes = list(dict.fromkeys(parents))
        if self.moves:
            self.moves.append(_parents)
        elif self.downs:
            self.downs.pop()
        else:
            self.ups += 1
            self.base = self.shapes[0]

    def spread(self) -> None:
        self.to_moves()
        self.shapes = [
            child
            for shape in self.shapes
            for child in shape.children.values()
            if not child.attribute
        ]
        if not self.shapes:
            raise LostPathError("'*' stands in a node that holds no others")
        self.moves.append(_all_children)
        self.plural = True

    def down(self, step: Step, name: str) -> None:
        targets = [shape.children[name] for shape in self.shapes if name in shape.children]
        if not targets:
            raise LostPathError(f"there is no node '{name}' in {self.shapes[0].path}")
        self.shapes = targets
        repeated = any(target.repeat for target in targets)
        if repeated or step.predicates or self.moves:
            self.to_moves()
            self.moves.append(_children(name))
            self.plural = self.plural or repeated
        else:
            self.downs.append(name)
        if step.predicates:
            if len(targets) > 1:
                raise DeadPathError("a filter after '*' is not supported")
            self.moves.append(self.filters(step, targets[0]))

    def to_moves(self) -> None:
        self.moves.extend(_children(name) for name in self.downs)
        self.downs.clear()

    def operand(self, path: Path, origin: Start | None) -> Operand:
        target = self.shapes[0] if len(self.shapes) == 1 else None
        if not self.moves:
            if target is not None and target.alone:
                return _alone(path, target)
            one = _one_item(origin, self.ups, self.downs)
            value = _one_value(origin, self.ups, self.downs, one)
            return Operand(path, value, _listed_value(one), _listed(one), target=target)
        base = self.base.index
        begin = _one_item(origin, self.ups, ())
        if self.base.alone:
            begin = lambda world, _here: world.answers.item(base)  # noqa: E731 - a Start
        nodes = _many(begin, self.moves)
        return Operand(
            path, _first_value(nodes), _values(nodes), nodes, plural=self.plural, target=target
        )


def _alone(path: Path, target: Shape) -> Operand:
    """Read a node that is in no repeat: it stands in the columns, wherever it is asked for."""
    index = target.index

    def values(world: World, _: Here) -> list[Value]:
        return [world.values[index]] if world.relevant[index] else []

    def nodes(world: World, _: Here) -> list[Item]:
        return [world.answers.item(index)] if world.relevant[index] else []

    return Operand(path, column(index), values, nodes, target=target)


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
            elif child.node.kind != "attribute":
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
