"""The range of values that a constraint leaves, where it names one."""

from dataclasses import dataclass

from forms.codebook.trees import MIRRORED, conjuncts, literal, mirrored, node_path
from forms.xpath.syntax import Binary, Expr


@dataclass(frozen=True, slots=True)
class Bounds:
    """Numbers as text; '' where there is no such bound. `above` and `below` are exclusive."""

    least: str = ""
    most: str = ""
    above: str = ""
    below: str = ""


_PLACES = {">=": "least", "<=": "most", ">": "above", "<": "below"}


def bounds_of(tree: Expr, here: str) -> Bounds | None:
    """Give the bounds that an absolute constraint of the node `here` sets by plain numbers."""
    found: dict[str, str] = {}
    for part in conjuncts(tree):
        if not isinstance(part, Binary) or part.operator not in MIRRORED:
            continue
        one = mirrored(part) if node_path(part.right) == here else part
        value = literal(one.right)
        if node_path(one.left) == here and one.operator in _PLACES and _is_number(value):
            found.setdefault(_PLACES[one.operator], value or "")
    return Bounds(**found) if found else None


def _is_number(text: str | None) -> bool:
    return text is not None and text.removeprefix("-").replace(".", "", 1).isdecimal()
