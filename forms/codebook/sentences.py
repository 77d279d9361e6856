"""Conditions and formulas as sentences in Indonesian and English.

What cannot be said plainly stands as code between backquotes, so that no rule goes untold.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from forms.codebook.conditions import (
    NO,
    YES,
    Always,
    Among,
    Condition,
    Denied,
    Every,
    Fact,
    Some,
    rule,
)
from forms.codebook.formula import formula
from forms.codebook.patterns import pattern_words
from forms.codebook.trees import MIRRORED, is_call, literal, looked_up, mirrored, node_path, plain
from forms.codebook.wording import grouped, listed, phrase, quoted
from forms.schema import Node, Questionnaire
from forms.xpath.syntax import Binary, Call, Expr, Logic, Negation, Number, Path, Text

LONGEST_LABEL = 100
_SIGNS = {
    "+": "+",
    "-": "\N{MINUS SIGN}",
    "*": "\N{MULTIPLICATION SIGN}",
    "div": "\N{DIVISION SIGN}",
    "mod": "mod",
}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "div": 2, "mod": 2}
_TRANSPARENT = frozenset(["number", "string", "date", "date-time", "boolean", "normalize-space"])
_BOOLEAN = frozenset(["selected", "regex", "not", "contains", "starts-with", "true", "false"])
_NAMED = {  # functions that have a phrase, and how many arguments it takes
    "today": 0, "now": 0, "string-length": 1, "count-selected": 1, "count": 1, "sum": 1, "min": 1,
    "count-non-empty": 1, "max": 1, "round": 2, "int": 1, "coalesce": 2, "selected-at": 2,
    "position": 1, "indexed-repeat": 3,
}  # fmt: skip
_TESTS = frozenset(["contains", "starts-with", "ends-with"])
_DATES = frozenset(["date", "dateTime", "time"])


class UnsayableError(Exception):
    """There are no plain words for this."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the rules of one form in one language; `subject` is the node a rule is about.

    repeated: labels that more than one node has
    """

    form: Questionnaire
    language: str
    repeated: frozenset[str]
    subject: str = ""

    @classmethod
    def of(cls, form: Questionnaire, language: str) -> "Teller":
        """Give a teller of a form's rules."""
        labels = Counter(form.text(node.labels, language) for node in form.nodes.values())
        repeated = frozenset(label for label, count in labels.items() if label and count > 1)
        return cls(form, language, repeated)

    def about(self, subject: str) -> "Teller":
        """Give the teller of the rules of one node."""
        return replace(self, subject=subject)

    # -- sentences ----------------------------------------------------------------------------
    def universe(self, condition: Condition) -> str:
        """Say of whom a node is asked."""
        if condition == YES:
            return self.say("everyone")
        if condition == NO:
            return self.say("nobody")
        return self.say("asked_if", self.condition(condition))

    def required(self, condition: Condition) -> str:
        """Say when a node must be answered; '' for never."""
        if condition == NO:
            return ""
        if condition == YES:
            return self.say("required")
        return self.say("required_if", self.condition(condition))

    def statement(self, condition: Condition) -> str:
        """Say what must hold."""
        text = self.condition(condition)
        return f"{text[:1].upper()}{text[1:]}."

    def value(self, tree: Expr) -> str:
        """Say what a formula gives, or write it as code."""
        try:
            return self.operand(tree)
        except UnsayableError:
            return f"`{formula(tree, self.subject)}`"

    def say(self, name: str, *parts: str) -> str:
        """Give a phrase in this language."""
        return phrase(self.language, name, *parts)

    # -- conditions ---------------------------------------------------------------------------
    def condition(self, condition: Condition) -> str:  # noqa: PLR0911 - one for each kind
        """Put a condition into words."""
        match condition:
            case Always(holds=holds):
                return self.say("always" if holds else "never")
            case Among(chosen=True):
                name = "chosen" if condition.positive else "not_chosen"
                return self.say(name, self.name(condition.path), self._values(condition))
            case Among():
                return self._among(condition)
            case Denied(part=part):
                return self._denied(part)
            case Every(parts=parts):
                return listed(self.language, self._all(parts), "and")
            case Some(parts=parts):
                return listed(self.language, [self._inner(part) for part in parts], "or")
            case Fact(tree=tree):
                return self._fact(tree)

    def _denied(self, part: Condition) -> str:
        match part:
            case Fact(tree=Call(name="regex", arguments=(of, Text(value=pattern)))):
                try:
                    words = pattern_words(self.language, pattern)
                    return self.say("no_pattern", self.operand(of), words)
                except UnsayableError:
                    return self.say("denied", self.condition(part))
            case _:
                return self.say("denied", self.condition(part))

    def _inner(self, condition: Condition) -> str:
        text = self.condition(condition)
        return f"({text})" if isinstance(condition, Every | Some) else text

    def _all(self, parts: Sequence[Condition]) -> list[str]:
        """Say each part; two bounds of the same thing are one: between."""
        found: list[str] = []
        rest = list(parts)
        while rest:
            part = rest.pop(0)
            other = next((one for one in rest if _bounds(part, one)), None)
            said = self._between(part, other) if other is not None else None
            if said is not None and other is not None:
                rest.remove(other)
            found.append(said or self._inner(part))
        return found

    def _between(self, one: Condition, other: Condition) -> str | None:
        pair = {_bound(each).operator: _bound(each) for each in (one, other)}
        try:
            least, most = pair[">="], pair["<="]
            ends = self.operand(least.right), self.operand(most.right)
            return self.say("between", self.operand(least.left), *ends)
        except UnsayableError:
            return None

    def _among(self, among: Among) -> str:
        name = self.name(among.path)
        blank = "" in among.values
        if set(among.values) == {""}:
            return self.say("blank" if among.positive else "answered", name)
        values = self._values(among)
        said = self.say("is" if among.positive else "is_not", name, values)
        if not blank:
            return said
        if among.positive:
            return self.say("or_blank", said)
        return self.say("and_answered", name, self.say("is_not", "", values).strip())

    def _values(self, among: Among) -> str:
        node = self.form.nodes.get(among.path)
        told = [self._value(node, value) for value in among.values if value]
        joint = "or" if among.positive or among.chosen else "nor"
        return listed(self.language, told, joint)

    def _value(self, node: Node | None, value: str) -> str:
        for choice in node.choices if node else ():
            if choice.value == value:
                return quoted(self.form.text(choice.labels, self.language) or value)
        numeric = node is not None and node.type in ("int", "long", "decimal")
        return grouped(self.language, value) if numeric else quoted(value)

    def _fact(self, tree: Expr) -> str:
        try:
            return self._test(tree)
        except UnsayableError:
            return f"`{formula(tree, self.subject)}`"

    def _test(self, tree: Expr) -> str:
        match tree:
            case Binary(operator=operator, left=left) if operator in MIRRORED:
                if literal(left) is not None or node_path(tree.right) == self.subject:
                    tree = mirrored(tree)
                return self._comparison(tree)
            case Call(name="regex", arguments=(of, Text(value=pattern))):
                words = pattern_words(self.language, pattern)
                return self.say("pattern", self.operand(of), words)
            case Call(name=name, arguments=(of, what)) if name in _TESTS:
                return self.say(name, self.operand(of), self.operand(what))
            case _:
                raise UnsayableError

    def _comparison(self, tree: Binary) -> str:
        if tree.operator == "=" and tree.right in _wholes(tree.left):
            return self.say("whole", self.operand(tree.left))
        if tree.operator == "=" and _is_test(tree.left) and _is_test(tree.right):
            sides = (rule(each, "", self.form.nodes) for each in (tree.left, tree.right))
            return self.say("exactly_if", *map(self._inner, sides))
        left, right = self.operand(tree.left), self.operand(tree.right)
        if tree.right == Text("") and tree.operator in ("=", "!="):
            return self.say("blank" if tree.operator == "=" else "answered", left)
        dated = tree.operator in ("<", "<=", ">", ">=") and (
            self._is_date(tree.left) or self._is_date(tree.right)
        )
        return self.say(f"date{tree.operator}" if dated else tree.operator, left, right)

    def _is_date(self, tree: Expr) -> bool:
        if isinstance(tree, Call):
            return tree.name in ("today", "now", "date", "date-time")
        node = self.form.nodes.get(node_path(tree) or "")
        return node is not None and node.type in _DATES

    # -- operands -----------------------------------------------------------------------------
    def operand(self, tree: Expr) -> str:
        """Put a value into words. Raises UnsayableError."""
        match tree:
            case Text(value=text):
                return quoted(text) if text else self.say("nothing")
            case Number() | Negation(operand=Number()):
                return grouped(self.language, literal(tree) or "")
            case Binary(operator=operator, left=left, right=right) if operator in _SIGNS:
                strength = _STRENGTH[operator]
                terms = self._term(left, strength), self._term(right, strength + 1)
                return f" {_SIGNS[operator]} ".join(terms)
            case Call():
                return self._call(tree)
            case _:
                if isinstance(tree, Path) and (found := looked_up(tree)):
                    name, column, key = found
                    return self.say("looked_up", name, column, self.operand(key))
                path = node_path(tree)
                if path is None or path not in self.form.nodes:
                    raise UnsayableError
                return self.name(path)

    def _term(self, tree: Expr, strength: int) -> str:
        text = self.operand(tree)
        weak = is_call(tree, "if", 3) or (
            isinstance(tree, Binary) and _STRENGTH.get(tree.operator, 0) < strength
        )
        return f"({text})" if weak else text

    def _call(self, tree: Call) -> str:
        if tree.name in _TRANSPARENT and len(tree.arguments) == 1:
            inner = tree.arguments[0]
            return inner.value if isinstance(inner, Text) else self.operand(inner)
        if is_call(tree, "if", 3):
            test, *ways = tree.arguments
            asked = self.condition(rule(test, "", self.form.nodes))
            return self.say("if", asked, *(self._term(way, 1) for way in ways))
        if _NAMED.get(tree.name) != len(tree.arguments):
            return self._unusual(tree)
        return self.say(tree.name, *map(self.operand, tree.arguments))

    def _unusual(self, tree: Call) -> str:
        """Say what takes any number of arguments, or counts from nought."""
        match tree:
            case Call(name="concat", arguments=parts):
                return self.say("joined", listed(self.language, [*map(self.operand, parts)], "and"))
            case Call(name="round", arguments=(of,)):
                return self.say("rounded", self.operand(of))
            case Call(name="substr", arguments=(of, Number(value=start))):
                return self.say("from_character", self.operand(of), plain(start + 1))
            case Call(name="substr", arguments=(of, Number(value=start), Number(value=end))):
                return self.say("characters", self.operand(of), plain(start + 1), plain(end))
            case _:
                raise UnsayableError

    def name(self, path: str) -> str:
        """Call a node by its label, by its name where it has none; both where labels repeat."""
        if path == self.subject:
            return self.say("subject")
        node = self.form.nodes.get(path)
        label = self.form.text(node.labels, self.language) if node else ""
        name = f"`{path.rpartition('/')[2]}`"
        if not label:
            return name
        short = label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL].rstrip()}…"
        return f"{quoted(short)} ({name})" if label in self.repeated else quoted(short)


def _is_test(tree: Expr) -> bool:
    """Tell whether a tree is true or false, not a value."""
    match tree:
        case Logic():
            return True
        case Binary(operator=operator):
            return operator in MIRRORED
        case Call(name=name):
            return name in _BOOLEAN
        case _:
            return False


def _wholes(tree: Expr) -> tuple[Expr, ...]:
    """Give what equals a number only where it is whole."""
    return Call("int", (tree,)), Call("round", (tree,)), Call("round", (tree, Number(0.0)))


def _bound(condition: Condition) -> Binary:
    assert isinstance(condition, Fact)
    assert isinstance(condition.tree, Binary)
    return condition.tree


def _bounds(one: Condition, other: Condition) -> bool:
    """Tell whether two conditions are the lower and the upper bound of the same thing."""
    pair = [
        each.tree
        for each in (one, other)
        if isinstance(each, Fact) and isinstance(each.tree, Binary)
    ]
    operators = {tree.operator for tree in pair}
    return operators == {">=", "<="} and pair[0].left == pair[1].left
