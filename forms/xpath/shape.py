"""The form's tree without answers: what a path in an expression can point at."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Shape:
    """A node of the form. `repeat` is true where it may occur several times.

    `alone` is true where it occurs once in every document, being in no repeat. `index` is its place
    in document order, once the tree is complete.

    An attribute is a node too; its name begins with '@'.
    """

    __slots__ = (
        "alone",
        "attribute",
        "children",
        "depth",
        "index",
        "name",
        "parent",
        "path",
        "repeat",
    )

    def __init__(self, name: str, parent: "Shape | None" = None, *, repeat: bool = False) -> None:
        self.name = name
        self.parent = parent
        self.repeat = repeat
        self.alone: bool = not repeat and (parent is None or parent.alone)
        self.index = -1
        self.attribute = name.startswith("@")
        self.children: dict[str, Shape] = {}
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.path: str = f"/{name}" if parent is None else f"{parent.path}/{name}"
        if parent is not None:
            parent.children[name] = self

    def lineage(self) -> "list[Shape]":
        """From the root down to this node."""
        found: list[Shape] = []
        node: Shape | None = self
        while node is not None:
            found.append(node)
            node = node.parent
        return found[::-1]

    def walk(self) -> "Iterator[Shape]":
        """Return this node and all below, in document order."""
        yield self
        for child in self.children.values():
            yield from child.walk()

    def number(self) -> None:
        """Give every node of a complete tree its place, and tell which are in no repeat."""
        for index, shape in enumerate(self.walk()):
            shape.index = index
            shape.alone = not shape.repeat and (shape.parent is None or shape.parent.alone)
