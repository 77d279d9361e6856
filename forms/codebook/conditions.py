"""Rules as conditions: joined, simplified, calculations read through to what they ask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from forms.codebook.trees import MIRRORED, absolute, is_call, literal, mirrored, node_path
from forms.schema import Node
from forms.xpath.syntax import Binary, Call, Expr, Logic

MOST_PARTS = 12  # of a calculation that is read through; a longer one is named instead
_DEEPEST = 6  # calculations that read calculations
_MOST_READ = 100  # calculations read through for one rule: a form may be made to have no end


@dataclass(frozen=True, slots=True)
class Always:
    """Holds always, or never."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Among:
    """The answer of the node `path` is one of `values` ('' is: no answer), or is none of them.

    `chosen`: it stands among the answers of a question with several.
    """

    path: str
    values: tuple[str, ...]
    positive: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Anything else that is true or false, as its absolute tree."""

    tree: Expr


@dataclass(frozen=True, slots=True)
class Denied:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: "tuple[Condition, ...]"


Condition = Always | Among | Fact | Denied | Every | Some
YES = Always(holds=True)
NO = Always(holds=False)


def relevance(path: str, nodes: Mapping[str, Node]) -> Condition:
    """Give the condition under which a node is asked: its own and that of the groups around."""
    return Reader(nodes).relevance(path, 0)


def rule(tree: Expr, here: str, nodes: Mapping[str, Node]) -> Condition:
    """Give the condition that a rule of the node `here` states."""
    return Reader(nodes).read(absolute(tree, here), 0)


class Reader:
    """Reads trees against the nodes of one form; `deep` counts calculations read through."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.left = _MOST_READ

    def relevance(self, path: str, deep: int) -> Condition:
        """Join the relevance of a node and of the groups around it, outermost first."""
        found: list[Condition] = []
        while path in self.nodes:
            relevant = self.nodes[path].relevant
            if relevant is not None:
                found.append(self.read(absolute(relevant.tree, path), deep))
            path = path.rpartition("/")[0]
        return every(reversed(found))

    def read(self, tree: Expr, deep: int) -> Condition:  # noqa: PLR0911 - one for each kind
        """Read one absolute tree."""
        match tree:
            case Logic(operator="and", operands=parts):
                return every(self.read(part, deep) for part in parts)
            case Logic(operands=parts):
                return some(self.read(part, deep) for part in parts)
            case Call(name="not", arguments=(inner,)):
                return denied(self.read(inner, deep))
            case Call(name="true" | "false", arguments=()):
                return YES if tree.name == "true" else NO
            case Call(name="selected", arguments=(of, which)):
                return self._selected(tree, of, which)
            case Binary(operator=operator) if operator in MIRRORED:
                return self._compared(tree, deep)
            case _:
                return Fact(tree)

    def _selected(self, tree: Expr, of: Expr, which: Expr) -> Condition:
        path, value = node_path(of), literal(which)
        if path is None or value is None:
            return Fact(tree)
        node = self.nodes.get(path)
        return Among(path, (value,), chosen=node is None or node.type != "select1")

    def _compared(self, tree: Binary, deep: int) -> Condition:
        if literal(tree.left) is not None and node_path(tree.right) is not None:
            tree = mirrored(tree)
        path, value = node_path(tree.left), literal(tree.right)
        if path is None or value is None:
            return Fact(tree)
        if tree.operator in ("=", "!="):
            found = self._through(path, value, deep) or Among(path, (value,))
            return found if tree.operator == "=" else denied(found)
        codes = self._codes_that(path, tree.operator, value)
        return Among(path, codes) if codes else Fact(tree)

    def _through(self, path: str, value: str, deep: int) -> Condition | None:
        """Read `${found} = '1'` as the condition for which the calculation gives '1'."""
        node = self.nodes.get(path)
        if node is None or node.kind != "calculation" or node.calculate is None:
            return None
        self.left -= 1
        if deep > _DEEPEST or self.left < 0:
            return None
        made = absolute(node.calculate.tree, path)
        outcome = self._outcome(made, value, deep + 1) if is_call(made, "if", 3) else None
        if outcome is None:
            return None
        whole = every([self.relevance(path, deep + 1), outcome])
        return whole if size(whole) <= MOST_PARTS else None

    def _outcome(self, tree: Expr, value: str, deep: int) -> Condition | None:
        """Give the condition under which `if(…)` comes out as a value; None where it is open."""
        constant = literal(tree)
        if constant is not None:
            return YES if constant == value else NO
        if not isinstance(tree, Call) or not is_call(tree, "if", 3):
            return None
        test, then, other = tree.arguments
        met, unmet = self._outcome(then, value, deep), self._outcome(other, value, deep)
        if met is None or unmet is None:
            return None
        asked = self.read(test, deep)
        return some([every([asked, met]), every([denied(asked), unmet])])

    def _codes_that(self, path: str, operator: str, value: str) -> tuple[str, ...]:
        """Give the codes of a closed question that an ordered comparison lets through."""
        node = self.nodes.get(path)
        codes = [choice.value for choice in node.choices] if node else []
        if not codes or not all(map(str.isdecimal, codes)) or not _is_number(value):
            return ()
        return tuple(code for code in codes if _holds(int(code), operator, float(value)))


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _holds(left: float, operator: str, right: float) -> bool:
    match operator:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def size(condition: Condition) -> int:
    """Count the simple parts of a condition."""
    match condition:
        case Every(parts=parts) | Some(parts=parts):
            return sum(map(size, parts))
        case Denied(part=part):
            return size(part)
        case _:
            return 1


def denied(condition: Condition) -> Condition:  # noqa: PLR0911 - one for each kind
    """Give the opposite; an order of numbers has none in words, for a blank is in no order."""
    match condition:
        case Always(holds=holds):
            return NO if holds else YES
        case Among():
            return Among(condition.path, condition.values, not condition.positive, condition.chosen)
        case Denied(part=part):
            return part
        case Every(parts=parts):
            return some(denied(part) for part in parts)
        case Some(parts=parts):
            return every(denied(part) for part in parts)
        case Fact(tree=Binary(operator="=" | "!=" as operator, left=left, right=right)):
            return Fact(Binary("!=" if operator == "=" else "=", left, right))
        case Fact():
            return Denied(condition)


def every(conditions: Iterable[Condition]) -> Condition:
    """Join conditions that must all hold; what is said twice is said once."""
    parts = _flat(conditions, Every)
    if NO in parts:
        return NO
    found = _narrowed([part for part in parts if part != YES])
    return _one(found, Every, YES)


def some(conditions: Iterable[Condition]) -> Condition:
    """Join conditions of which one must hold."""
    parts = _flat(conditions, Some)
    if YES in parts:
        return YES
    found = _widened([part for part in parts if part != NO])
    return _one(found, Some, NO)


def _flat(conditions: Iterable[Condition], kind: type[Every] | type[Some]) -> list[Condition]:
    found: dict[Condition, None] = {}
    for each in conditions:
        inner = each.parts if isinstance(each, Every | Some) and type(each) is kind else (each,)
        found.update(dict.fromkeys(inner))
    return list(found)


def _one(parts: Sequence[Condition], kind: type[Every] | type[Some], none: Condition) -> Condition:
    if not parts:
        return none
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _narrowed(parts: list[Condition]) -> list[Condition]:
    """Join what all must hold of one question: is A or B, is not B → is A."""
    allowed = _allowed(parts)
    found: dict[object, Condition] = {}
    for part in parts:
        if not isinstance(part, Among) or (part.chosen and part.positive):
            found.setdefault(part, part)
        elif not part.chosen and part.path in allowed:
            found.setdefault((part.path, True), Among(part.path, allowed[part.path]))
        elif part.positive:
            found.setdefault(part, part)
        else:
            blank = Among(part.path, (), positive=False, chosen=part.chosen)
            found[part.path, part.chosen, "not"] = _with(
                found.get((part.path, part.chosen, "not"), blank), part.values
            )
    return list(found.values())


def _allowed(parts: Sequence[Condition]) -> dict[str, tuple[str, ...]]:
    """Give the values left of each question that must be one of some; none that contradict."""
    found: dict[str, tuple[str, ...]] = {}
    for positive in (True, False):
        for part in parts:
            if isinstance(part, Among) and not part.chosen and part.positive == positive:
                before = found.get(part.path, part.values if positive else None)
                if before is not None:
                    kept = (value for value in before if (value in part.values) == positive)
                    found[part.path] = tuple(kept)
    return {path: values for path, values in found.items() if values}


def _widened(parts: list[Condition]) -> list[Condition]:
    """Join what one may hold of one question: is A, is B → is A or B."""
    found: dict[object, Condition] = {}
    for part in parts:
        if isinstance(part, Among) and part.positive:
            blank = Among(part.path, (), chosen=part.chosen)
            key = (part.path, part.chosen)
            found[key] = _with(found.get(key, blank), part.values)
        else:
            found.setdefault(part, part)
    return list(found.values())


def _with(condition: Condition, values: tuple[str, ...]) -> Among:
    assert isinstance(condition, Among)
    joined = tuple(dict.fromkeys((*condition.values, *values)))
    return Among(condition.path, joined, condition.positive, condition.chosen)
