"""Paths that name nodes outside of expressions: `nodeset` of a bind, `ref` of a control."""

from collections.abc import Mapping

from lxml import etree

from forms.errors import FormsError, UnsupportedForm
from forms.safexml import local_name
from forms.xpath.parse import parse
from forms.xpath.shape import Shape
from forms.xpath.syntax import Call, Path, Step

_CURRENT = Call("current", ())


class References:
    """Finds nodes by path, or by the id of a bind that `by_id` holds paths of."""

    def __init__(self, root: Shape, by_id: Mapping[str, str]) -> None:
        self.root = root
        self.by_id = by_id
        self.by_path = {shape.path: shape for shape in root.walk()}

    def find(self, text: str, base: Shape) -> list[Shape]:
        """Return the nodes a path names, seen from `base`; none where the form has no such node.

        Raises UnsupportedForm for what is no plain path.
        """
        plain = self.by_path.get(text.strip())
        if plain is not None:
            return [plain]  # as nearly every path of nearly every form
        try:
            tree = parse(text.strip())
        except FormsError as error:
            raise UnsupportedForm(f"'{text[:200]}' should be the path of a node: {error}") from None
        if not isinstance(tree, Path) or tree.start not in ("root", "here", _CURRENT):
            raise UnsupportedForm(f"'{text[:200]}' should be the path of a node")
        found = [self._above()] if tree.start == "root" else [base]
        for step in tree.steps:
            found = [target for shape in found for target in _follow(shape, step, text)]
        return found

    def _above(self) -> Shape:
        """Return a node above the root, from which absolute paths start."""
        above = Shape("")
        above.children[self.root.name] = self.root
        return above

    def of(self, element: etree._Element, base: Shape, attribute: str = "ref") -> Shape | None:
        """Return the node that an element of the body or an action is about.

        None where it names none. Raises UnsupportedForm where the form does not have it.
        """
        bound = element.get("bind")
        path = element.get(attribute) if bound is None else self.by_id.get(bound.strip())
        name = local_name(element)
        if path is None:
            if bound is not None:
                raise UnsupportedForm(f'<{name}> names bind="{bound}", but no <bind> has this id')
            return None
        found = self.find(path, base if bound is None else self.root)
        if not found:
            raise UnsupportedForm(
                f"<{name}> is about {path.strip()}, which the instance does not have"
            )
        return found[0]


def _follow(shape: Shape, step: Step, text: str) -> list[Shape]:
    if step.predicates:
        raise UnsupportedForm(f"'{text[:200]}' names a node by a filter")
    if step.axis == "self":
        return [shape]
    if step.axis == "parent":
        if shape.parent is None:
            raise UnsupportedForm(f"'{text[:200]}' leads above the form's root")
        return [shape.parent]
    if step.name == "*":
        return [child for child in shape.children.values() if not child.attribute]
    name = step.name if step.axis == "child" else f"@{step.name}"
    return [shape.children[name]] if name in shape.children else []
