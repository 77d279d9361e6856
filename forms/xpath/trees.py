"""Paths into lists of any shape: `instance('deep')/data/person[@id = ${who}]/name/first`.

Lists that are plain tables are read as rows with an index instead, in `rows`.
"""

from collections.abc import Callable, Sequence

from forms.xpath.context import World
from forms.xpath.entries import Entry
from forms.xpath.operand import Here, ManyItems, Operand
from forms.xpath.rows import Filter, kept
from forms.xpath.syntax import Path, Step
from forms.xpath.values import Value

Move = Callable[[World, Sequence[Entry]], Sequence[Entry]]
Entries = Callable[[World, Here], Sequence[Entry]]
CompileFilters = Callable[[Step], Sequence[Filter]]


def entry_path(path: Path, start: Entries, filters: CompileFilters) -> Operand:
    """Compile the steps of a path from the entries that `start` finds."""
    moves: list[Move] = []
    for step in path.steps:
        moves.append(_move(step))
        moves += [_filter(one) for one in filters(step)]
    nodes = _walk(start, tuple(moves))

    def value(world: World, here: Here) -> Value:
        found = nodes(world, here)
        return found[0].value if found else ""

    def values(world: World, here: Here) -> Sequence[Value]:
        return [entry.value for entry in nodes(world, here)]

    return Operand(path, value, values, nodes, plural=True)


def top(root: Callable[[World], Entry]) -> Entries:
    """Start above the list's outermost element."""

    def entries(world: World, _: Here) -> Sequence[Entry]:
        above = Entry("")
        outermost = root(world)
        above.kids = {outermost.name: [outermost]}
        return [above]

    return entries


def here(_: World, entry: Here) -> Sequence[Entry]:
    """Start from the entry that a filter looks at."""
    return [entry]


def _walk(start: Entries, moves: Sequence[Move]) -> ManyItems:
    def nodes(world: World, at: Here) -> Sequence[Entry]:
        found = start(world, at)
        for move in moves:
            found = move(world, found)
        return found

    return nodes


def _filter(one: Filter) -> Move:
    return lambda world, entries: kept(world, entries, one)


def _move(step: Step) -> Move:
    name = step.name
    if step.axis == "self":
        return lambda _, entries: entries
    if step.axis == "parent":
        return _parents
    if step.axis == "attribute":
        return lambda _, entries: [
            Entry(f"@{name}", None, entry.attributes[name])
            for entry in entries
            if name in entry.attributes
        ]
    if name == "*":
        return lambda _, entries: [
            kid for entry in entries for kids in entry.kids.values() for kid in kids
        ]
    return lambda _, entries: [kid for entry in entries for kid in entry.kids.get(name, ())]


def _parents(_: World, entries: Sequence[Entry]) -> Sequence[Entry]:
    unique = {id(entry.parent): entry.parent for entry in entries if entry.parent is not None}
    return list(unique.values())
