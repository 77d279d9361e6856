"""What is checked of an answer that is there: prepared once for each node of a form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.xpath.context import Unknown, World
from forms.xpath.operand import Evaluator, Here

if TYPE_CHECKING:
    from forms.schema import Itemset, Node, Texts

_ASKED = frozenset(["question", "note"])


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A condition of a good answer.

    `holds` answers a value that counts as true or false, and raises Unknown where this side cannot
    tell. `key` names our own message, for where the form has none.
    """

    holds: Evaluator
    rule: str
    key: str
    texts: "Texts | None" = None


def checks_of(node: "Node", *, untouchable: bool) -> tuple[Check, ...]:
    """Return the checks of a leaf, in the order in which findings name them."""
    return tuple(_checks(node, untouchable=untouchable))


def _checks(node: "Node", *, untouchable: bool) -> Iterator[Check]:
    read = _reader(node)
    if node.itemset is not None:
        yield from _choices(node, node.itemset, read)
    if node.constraint is not None and node.kind in _ASKED:
        yield Check(node.constraint.evaluate, "constraint", "constraint", node.constraint_message)
    if node.warning is not None:
        yield Check(node.warning.evaluate, "warning", "warning", node.warning_message)
    if untouchable:
        default = node.default
        yield Check(lambda world, here: read(world, here) == default, "warning", "warning.readonly")


def _reader(node: "Node") -> Callable[[World, Here], str]:
    """Read the stored text of a node."""
    if node.repeat is not None:
        return lambda _world, here: here.text
    index = node.index
    return lambda world, _here: world.texts[index]


# -- choices ------------------------------------------------------------------------------------
def _choices(
    node: "Node", itemset: "Itemset", read: Callable[[World, Here], str]
) -> Iterator[Check]:
    """Codes must be offered, given the other answers, and stand there once."""
    codes = _constant_codes(itemset)
    if node.type == "select1":
        yield Check(_one_of(itemset, codes, read), "choice", "choice")
        return

    def offered(world: World, here: Here) -> bool:
        given = read(world, here).split()
        if codes is not None:
            return codes.issuperset(given)
        return all(_offered(itemset, world, here, code) for code in given)

    def once(world: World, here: Here) -> bool:
        given = read(world, here).split()
        return len(set(given)) == len(given)

    yield Check(offered, "choice", "choice")
    yield Check(once, "choice", "choice.twice")


def _constant_codes(itemset: "Itemset") -> frozenset[str] | None:
    """Return the codes where they are the same in every document; else None."""
    if itemset.filter or not itemset.choices:
        return None
    return frozenset(choice.value for choice in itemset.choices)


def _one_of(
    itemset: "Itemset", codes: frozenset[str] | None, read: Callable[[World, Here], str]
) -> Evaluator:
    if codes is not None:
        allowed = codes | {""}
        return lambda world, here: read(world, here) in allowed

    def holds(world: World, here: Here) -> bool:
        text = read(world, here)
        return not text or itemset.contains(world, here, text)

    return holds


def _offered(itemset: "Itemset", world: World, here: Here, code: str) -> bool:
    """Whether a code is among the choices; taken as given where the list is not held here."""
    try:
        return itemset.contains(world, here, code)
    except Unknown:
        return True
