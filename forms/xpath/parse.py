"""Tokens → tree, by precedence climbing; bounded in depth."""

from forms.errors import UnsupportedForm, XPathError
from forms.xpath.lexer import Token, tokens
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Step, Text

MAX_DEPTH = 40  # of brackets and predicates
MAX_CHAIN = 100  # of operators of one precedence
MAX_HEIGHT = 150  # of the tree: compiling and evaluating descend it by recursion

_PRECEDENCE = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
_AXES = frozenset(["child", "self", "parent", "attribute"])


def parse(expression: str) -> Expr:
    """Parse one expression.

    Raises XPathError for what is not XPath, UnsupportedForm for XPath beyond the subset.
    """
    parser = _Parser(expression)
    tree = parser.expression(0)
    parser.expect("end")
    if len(parser.tokens) > MAX_HEIGHT and _height(tree) > MAX_HEIGHT:
        raise parser.wrong(f"Nested deeper than {MAX_HEIGHT} operators and brackets together")
    return tree


def _height(tree: Expr) -> int:
    """Count the levels of a tree, without recursion."""
    highest, waiting = 0, [(tree, 1)]
    while waiting:
        part, level = waiting.pop()
        highest = max(highest, level)
        waiting += [(inner, level + 1) for inner in _parts(part)]
    return highest


def _parts(tree: Expr) -> tuple[Expr, ...]:
    match tree:
        case Negation(operand=inner):
            return (inner,)
        case Binary(left=left, right=right):
            return (left, right)
        case Logic(operands=operands):
            return operands
        case Call(arguments=arguments):
            return arguments
        case Path(start=start, steps=steps):
            inside = tuple(each for step in steps for each in step.predicates)
            return inside if isinstance(start, str) else (start, *inside)
        case Text() | Number():
            return ()


class _Parser:
    """A cursor over tokens."""

    def __init__(self, expression: str) -> None:
        self.source = expression
        self.tokens = tokens(expression)
        self.at = 0
        self.depth = 0

    # -- cursor -------------------------------------------------------------------------------
    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, text: str) -> bool:
        """Step over a symbol when it comes next."""
        token = self.token
        if token.kind == "symbol" and token.text == text:
            self.at += 1
            return True
        return False

    def expect(self, wanted: str) -> None:
        token = self.token
        if wanted == "end" and token.kind == "end":
            return
        if not self.take(wanted):
            what = "the end" if wanted == "end" else f"'{wanted}'"
            raise self.wrong(f"Expected {what}")

    def wrong(self, message: str) -> XPathError:
        return XPathError(message, self.source, self.token.offset)

    def beyond(self, what: str) -> UnsupportedForm:
        return UnsupportedForm(f"{what} is not supported in: {self.source[:200]}")

    # -- grammar ------------------------------------------------------------------------------
    def expression(self, least: int) -> Expr:
        """Operators of at least this precedence, left to right."""
        self.depth += 1
        if self.depth > MAX_DEPTH * 2:
            raise self.wrong(f"Brackets nest deeper than {MAX_DEPTH}")
        left = self.unary()
        links = 0
        while (operator := self.operator()) and _PRECEDENCE[operator] > least:
            self.at += 1
            links += 1
            right = self.expression(_PRECEDENCE[operator])
            left = _joined(operator, left, right)
            if links > MAX_CHAIN and not isinstance(left, Logic):
                raise self.wrong(f"More than {MAX_CHAIN} operators in a row")
        self.depth -= 1
        return left

    def operator(self) -> str:
        token = self.token
        if token.kind in ("operator", "symbol"):
            if token.text == "|":
                raise self.beyond("A union '|'")
            return token.text if token.text in _PRECEDENCE else ""
        return ""

    def unary(self) -> Expr:
        minus = 0
        while self.take("-"):
            minus += 1
        operand = self.operand()
        if minus % 2:
            return Negation(operand)
        return Negation(Negation(operand)) if minus else operand

    def operand(self) -> Expr:
        token = self.token
        if token.kind == "number":
            self.at += 1
            return Number(float(token.text))
        if token.kind == "text":
            self.at += 1
            return Text(token.text[1:-1])
        if self.take("("):
            inner = self.expression(0)
            self.expect(")")
            if self.token.text in ("[", "/", "//"):
                raise self.beyond("A path or filter on a bracketed expression")
            return inner
        if token.kind == "name" and self.tokens[self.at + 1].text == "(":
            return self.call()
        return self.path()

    def call(self) -> Expr:
        name = self.token.text
        self.at += 2
        arguments: list[Expr] = []
        if not self.take(")"):
            arguments.append(self.expression(0))
            while self.take(","):
                arguments.append(self.expression(0))
            self.expect(")")
        call = Call(name, tuple(arguments))
        if self.token.text == "[":
            raise self.beyond("A filter directly on a function")
        return Path(call, self.steps()) if self.take("/") else call

    def path(self) -> Expr:
        if self.take("//"):
            raise self.beyond("'//'")
        if self.take("/"):
            return Path("root", self.steps())
        return Path("here", self.steps())

    def steps(self) -> tuple[Step, ...]:
        found = [self.step()]
        while self.take("/"):
            found.append(self.step())
        if self.token.text == "//":
            raise self.beyond("'//'")
        return tuple(found)

    def step(self) -> Step:
        if self.take("."):
            return Step("self", "", self.predicates())
        if self.take(".."):
            return Step("parent", "", self.predicates())
        axis = self.axis()
        if axis in ("self", "parent"):
            return self.node_step(axis)
        name = self.name_test()
        if axis == "attribute" and name == "*":
            raise self.beyond("'@*', any attribute,")
        return Step(axis, name, self.predicates())

    def axis(self) -> str:
        """Step over an axis, which is child where none is named."""
        if self.take("@"):
            return "attribute"
        if self.tokens[self.at + 1 : self.at + 2] and self.tokens[self.at + 1].text == "::":
            axis = self.token.text
            if axis not in _AXES:
                raise self.beyond(f"The axis '{axis}::'")
            self.at += 2
            return axis
        return "child"

    def node_step(self, axis: str) -> Step:
        """Read `self::node()` or `parent::node()`, the long forms of '.' and '..'."""
        if self.token.text != "node":
            raise self.beyond(f"A name after '{axis}::'")
        self.at += 1
        self.expect("(")
        self.expect(")")
        return Step(axis, "", self.predicates())

    def name_test(self) -> str:
        token = self.token
        if token.kind == "name" or (token.kind == "symbol" and token.text == "*"):
            self.at += 1
            if self.token.text == "(":
                raise self.beyond(f"The node test '{token.text}()'")
            return token.text.rpartition(":")[2]  # nodes are known by their local names
        raise self.wrong("Expected a node, a value or a function")

    def predicates(self) -> tuple[Expr, ...]:
        found: list[Expr] = []
        while self.take("["):
            found.append(self.expression(0))
            self.expect("]")
        return tuple(found)


def _joined(operator: str, left: Expr, right: Expr) -> Expr:
    if operator not in ("and", "or"):
        return Binary(operator, left, right)
    if isinstance(left, Logic) and left.operator == operator:
        return Logic(operator, (*left.operands, right))
    return Logic(operator, (left, right))
