"""What a form makes or changes in a list of entities, as its instance and binds declare it."""

from collections.abc import Callable, Mapping

from lxml import etree

from forms.binds import NO_RULES, Rules
from forms.safexml import local_name
from forms.schema import EntityDeclaration, Node
from forms.xpath.compile import Expression
from forms.xpath.shape import Shape

ENTITIES = "http://www.opendatakit.org/xforms/entities"
SAVE_TO = f"{{{ENTITIES}}}saveto"

Compile = Callable[[str, Shape, str], Expression]


def read_entities(
    instance: etree._Element,
    shapes: Mapping[str, Shape],
    binds: Mapping[str, Rules],
    nodes: Mapping[str, Node],
    compile_: Compile,
) -> tuple[EntityDeclaration, ...]:
    """Return a declaration for each `<entity>` of a meta block, in document order."""
    found = []
    for element, path in _entities(instance, f"/{local_name(instance)}"):
        owner = path.removesuffix("/meta/entity")

        def rule(
            name: str, element: etree._Element = element, path: str = path
        ) -> Expression | None:
            """Return what a node of the entity is: calculated, a text of the form, or not there."""
            below = f"{path}/{name}"
            source = binds.get(below, NO_RULES).get("calculate")
            if source is None and name.startswith("@") and name[1:] in _names(element):
                source = _literal(element.get(name[1:], ""))
            at = shapes.get(below) or shapes[path]
            return None if source is None else compile_(source, at, "entity")

        found.append(
            EntityDeclaration(
                dataset=element.get("dataset", ""),
                path=path,
                repeat=nodes[owner].repeat if owner in nodes else None,
                id=rule("@id"),
                create=rule("@create"),
                update=rule("@update"),
                base_version=rule("@baseVersion"),
                label=rule("label"),
                saves=_saves(nodes, owner),
            )
        )
    return tuple(found)


def _entities(element: etree._Element, path: str) -> "list[tuple[etree._Element, str]]":
    found: list[tuple[etree._Element, str]] = []
    for child in element:
        below = f"{path}/{local_name(child)}"
        if below.endswith("/meta/entity"):
            found.append((child, below))
        else:
            found += _entities(child, below)
    return list({place: (one, place) for one, place in reversed(found)}.values())[::-1]


def _names(element: etree._Element) -> set[str]:
    return {str(name).rpartition("}")[2] for name in element.attrib}


def _literal(text: str) -> str | None:
    """Return an expression that gives the text; None for an empty one."""
    quote = "'" if "'" not in text else '"'
    return f"{quote}{text}{quote}" if text and quote not in text else None


def _saves(nodes: Mapping[str, Node], owner: str) -> dict[str, str]:
    """Properties of the entity with the path of the node that each comes from."""
    scope = nodes[owner].repeat if owner in nodes else None
    return {
        node.saveto: node.path
        for node in nodes.values()
        if node.saveto and node.repeat == scope and node.path.startswith(f"{owner}/")
    }
