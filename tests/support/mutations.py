"""Faults put into a filled submission, each as a person, a script or a bad line might cause it."""

import copy
import random
from collections.abc import Callable, Sequence

from lxml import etree

Element = etree._Element
Mutation = Callable[[Element, random.Random], None]

EDGES = (
    "",
    " ",
    " 7 ",
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "007",
    "1.0",
    "1.5",
    "1e3",
    "1E-2",
    ".5",
    "5.",
    "+3",
    "1,5",
    "2147483647",
    "2147483648",
    "99999999999999999999",
    "0.1",
    "NaN",
    "Infinity",
    "true",
    "false",
    "abc",
    "tidak_ada",
    "1 2",
    "1  2",
    "2 1 1",
    "a b",
    "é",
    "𝛑",
    "<&>\"'",
    "x" * 300,
    "2026-02-29",
    "2024-02-29",
    "2026-13-01",
    "1899-12-31",
    "2026-5-2",
    "2026-05-20T10:00:00.000+07:00",
    "2026-05-20T24:00:00",
    "2026-05-20",
    "25:00",
    "10:30",
    "10:30:00.000+07:00",
    "-6.88 109.67 0 0",
    "-6.88 109.67",
    "91 181 0 0",
    "-6.88",
    "-6.88 109.67 0 4.5;-6.89 109.68 0 4.5",
    "foto.jpg",
)


def mutated(submission: bytes, seed: int) -> bytes:
    """Put one to three faults into a submission, by a seed."""
    chance = random.Random(seed)
    root = etree.fromstring(submission)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(MUTATIONS)(root, chance)
    return etree.tostring(root, encoding="utf-8")


def _nodes(root: Element) -> list[Element]:
    return [one for one in root.iterdescendants() if isinstance(one.tag, str)]


def _leaves(root: Element) -> list[Element]:
    return [one for one in _nodes(root) if not len(one)]


def _some(nodes: Sequence[Element], chance: random.Random) -> Element | None:
    return chance.choice(nodes) if nodes else None


def change(root: Element, chance: random.Random) -> None:
    """Write something odd into a leaf."""
    leaf = _some(_leaves(root), chance)
    if leaf is not None:
        leaf.text = chance.choice(EDGES)


def nudge(root: Element, chance: random.Random) -> None:
    """Alter an answer by little: a digit, a letter, a blank around it."""
    leaf = _some([one for one in _leaves(root) if one.text], chance)
    if leaf is None:
        return
    text = leaf.text or ""
    at = chance.randrange(len(text))
    leaf.text = chance.choice(
        (text + "1", text[:at] + text[at + 1 :], f" {text}\n", text[:at] + "9" + text[at + 1 :])
    )


def swap(root: Element, chance: random.Random) -> None:
    """Exchange the answers of two questions."""
    leaves = _leaves(root)
    if len(leaves) > 1:
        one, other = chance.sample(leaves, 2)
        one.text, other.text = other.text, one.text


def empty(root: Element, chance: random.Random) -> None:
    """Take an answer away."""
    leaf = _some([one for one in _leaves(root) if one.text], chance)
    if leaf is not None:
        leaf.text = None


def drop(root: Element, chance: random.Random) -> None:
    """Leave a node out."""
    node = _some(_nodes(root), chance)
    if node is not None:
        parent = node.getparent()
        assert parent is not None
        parent.remove(node)


def double(root: Element, chance: random.Random) -> None:
    """Write a node twice: a repeat gains an instance, anything else a stranger."""
    node = _some(_nodes(root), chance)
    if node is not None:
        node.addnext(copy.deepcopy(node))


def rename(root: Element, chance: random.Random) -> None:
    """Give a node a name that the form does not have."""
    leaf = _some(_leaves(root), chance)
    if leaf is not None:
        leaf.tag = "asing"


def invent(root: Element, chance: random.Random) -> None:
    """Add a node that the form does not have."""
    node = _some([one for one in _nodes(root) if len(one)] or [root], chance)
    if node is not None:
        etree.SubElement(node, "asing").text = "1"


def shuffle(root: Element, chance: random.Random) -> None:
    """Write the children of the root in another order."""
    children = list(root)
    chance.shuffle(children)
    root[:] = children


MUTATIONS: Sequence[Mutation] = (
    *[change] * 6,
    *[nudge] * 4,
    *[empty] * 3,
    swap,
    swap,
    drop,
    drop,
    double,
    double,
    rename,
    invent,
    shuffle,
)
