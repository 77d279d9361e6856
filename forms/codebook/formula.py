"""Trees as the formulas that people write in the source: `${name}` for a question."""

from forms.codebook.trees import node_path, plain
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Step, Text

_STRENGTH = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_UNARY = 7


def formula(tree: Expr, here: str = "") -> str:
    """Write an (absolute) tree; `here` is the path of the node it belongs to, written `.`."""
    return _Writer(here).write(tree, 0)


class _Writer:
    """Knows which node the formula belongs to."""

    def __init__(self, here: str) -> None:
        self.here = here

    def write(self, tree: Expr, around: int) -> str:  # noqa: PLR0911 - one for each kind
        match tree:
            case Text(value=text):
                return f"'{text}'" if "'" not in text else f'"{text}"'
            case Number(value=number):
                return plain(number)
            case Negation(operand=inner):
                return f"-{self.write(inner, _UNARY)}"
            case Logic(operator=operator, operands=parts):
                return self._joined(operator, [(part, 1) for part in parts], around)
            case Binary(operator=operator, left=left, right=right):
                return self._joined(operator, [(left, 0), (right, 1)], around)
            case Call(name=name, arguments=arguments):
                return f"{name}({', '.join(self.write(each, 0) for each in arguments)})"
            case Path():
                return self._path(tree)
            case _:
                return str(tree)

    def _joined(self, operator: str, parts: list[tuple[Expr, int]], around: int) -> str:
        strength = _STRENGTH[operator]
        text = f" {operator} ".join(self.write(part, strength + more) for part, more in parts)
        return f"({text})" if strength < around else text

    def _path(self, tree: Path) -> str:
        path = node_path(tree)
        if path is not None:
            return "." if path == self.here else f"${{{path.rpartition('/')[2]}}}"
        start = "/" if tree.start == "root" else ""
        if isinstance(tree.start, Call):
            start = f"{self.write(tree.start, 0)}/"
        return (start + "/".join(self._step(step) for step in tree.steps)).rstrip("/")

    def _step(self, step: Step) -> str:
        name = {"self": ".", "parent": ".."}.get(step.axis, step.name)
        if step.axis in ("self", "parent") and step.name:
            name = f"{step.axis}::{step.name}"
        return name + "".join(f"[{self.write(each, 0)}]" for each in step.predicates)
