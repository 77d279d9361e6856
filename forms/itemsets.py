"""Choices of closed questions, compiled: membership and labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree

from forms.body import Control, written_items
from forms.errors import UnsupportedForm
from forms.itext import Itext
from forms.lists import ListTable
from forms.safexml import local_name
from forms.schema import Choice, Itemset, Texts
from forms.xpath.compile import Compiler, Surroundings
from forms.xpath.context import Item, Row, Table, World
from forms.xpath.operand import ManyItems
from forms.xpath.parse import parse
from forms.xpath.rows import Filter, Source, conjuncts, counts_rows, passing
from forms.xpath.shape import Shape
from forms.xpath.syntax import Call, Expr, Path, Text


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reading choices needs of the form around them."""

    around: Surroundings
    itext: Itext


def read_itemset(
    control: Control, node: Shape, around: Surroundings, itext: Itext
) -> Itemset | None:
    """Read the choices of a control; None for an open question. Raises UnsupportedForm."""
    if control.kind not in ("select", "select1", "rank"):
        return None
    reader = _Reader(around, itext)
    itemset = control.element.find("{*}itemset")
    if itemset is None:
        return _written(control.element, itext)
    source = itemset.get("nodeset", "")
    tree = _unshuffled(parse(source))
    if not isinstance(tree, Path):
        raise UnsupportedForm(f"{node.path}: choices come from a path, not from: {source[:200]}")
    value, label = _reference(itemset, "value"), _reference(itemset, "label")
    if isinstance(tree.start, Call) and tree.start.name == "instance":
        return _from_list(reader, node, (source, tree), (value, label))
    return _from_answers(reader, node, (source, tree), (value, label))


def _reference(itemset: etree._Element, name: str) -> str:
    element = itemset.find("{*}" + name)
    return "" if element is None else element.get("ref", "")


def _unshuffled(tree: Expr) -> Expr:
    """Leave out randomize(): the order of choices does not change which ones there are."""
    if isinstance(tree, Call) and tree.name == "randomize" and tree.arguments:
        return tree.arguments[0]
    return tree


def _written(element: etree._Element, itext: Itext) -> Itemset:
    choices = tuple(Choice(value, itext.label(label)) for value, label in written_items(element))
    by_value = {choice.value: choice.labels for choice in choices}

    def label(world: World, _: Item, value: str) -> str:
        texts = by_value.get(value, {})
        return texts.get(world.language) or next(iter(texts.values()), "")

    return Itemset(
        "",
        None,
        choices,
        "",
        frozenset(),
        lambda _world, _item, value: value in by_value,
        label,
    )


def _from_list(
    reader: _Reader, node: Shape, nodeset: tuple[str, Path], references: tuple[str, str]
) -> Itemset:
    """Choices from `instance('…')/root/item[…]`, inside the form or in a file."""
    source, tree = nodeset
    value, label = references
    compiler = Compiler(source, node, reader.around)
    assert isinstance(tree.start, Call)
    rows_of, step, column = compiler.list_parts(tree, tree.start)
    if column or any(map(counts_rows, step.predicates)):
        raise UnsupportedForm(f"{node.path}: choices by position are not supported: {source[:200]}")
    filters = [compiler.filter(predicate, None) for predicate in conjuncts(step.predicates)]
    (name,) = tree.start.arguments
    assert isinstance(name, Text)
    table = reader.around.instances[name.value]
    labels = _labels(reader.itext, label)
    inner = () if isinstance(table, str) else tuple(_choices(table, value, labels))
    return Itemset(
        name.value,
        table if isinstance(table, str) else None,
        inner,
        _filter_source(source),
        frozenset(compiler.facts.reads),
        _list_membership(rows_of, value, filters),
        _list_label(rows_of, value, filters, labels),
    )


def _filter_source(source: str) -> str:
    return source.partition("[")[2].rpartition("]")[0].strip()


def _choices(table: Table, value: str, labels: "_Labels") -> list[Choice]:
    return [Choice(row.get(value, ""), labels.every(row)) for row in table.rows]


@dataclass(frozen=True, slots=True)
class _Labels:
    """Where the label of a row stands: in a column, or in itext under an id in a column."""

    itext: Itext
    column: str
    by_id: bool

    def one(self, row: Row, language: str) -> str:
        text = row.get(self.column, "")
        return self.itext.text(text, language) if self.by_id else text

    def every(self, row: Row) -> Texts:
        text = row.get(self.column, "")
        return self.itext.texts(text) if self.by_id else self.itext.plain(text)


def _labels(itext: Itext, reference: str) -> _Labels:
    if reference.startswith("jr:itext("):
        return _Labels(itext, reference[len("jr:itext(") :].rstrip(") ").strip(), by_id=True)
    return _Labels(itext, reference, by_id=False)


def _list_membership(
    rows_of: Source, column: str, filters: Sequence[Filter]
) -> Callable[[World, Item, str], bool]:
    def contains(world: World, item: Item, value: str) -> bool:
        world.current = item
        return bool(passing(world, rows_of(world).index(column).get(value, ()), filters))

    return contains


def _list_label(
    rows_of: Source, column: str, filters: Sequence[Filter], labels: _Labels
) -> Callable[[World, Item, str], str]:
    def label(world: World, item: Item, value: str) -> str:
        outer, world.current = world.current, item
        found = passing(world, rows_of(world).index(column).get(value, ()), filters)
        world.current = outer
        return labels.one(found[0], world.language) if found else ""

    return label


def _from_answers(
    reader: _Reader, node: Shape, nodeset: tuple[str, Path], references: tuple[str, str]
) -> Itemset:
    """Choices from earlier answers, usually of a repeat: `/data/person[name != '']`."""
    source, tree = nodeset
    compiler = Compiler(source, node, reader.around)
    operand = compiler.operand(tree, node)
    target, nodes = operand.target, operand.nodes
    columns = [reference.removeprefix("./") for reference in references]
    if target is None or nodes is None or any(c not in target.children for c in columns):
        raise UnsupportedForm(f"{node.path}: choices lead nowhere: {source[:200]}")
    paths = {target.children[column].path for column in columns}
    value, label = columns
    return Itemset(
        target.path,
        None,
        (),
        _filter_source(source),
        frozenset(compiler.facts.reads | paths),
        lambda world, item, code: bool(_answered(world, item, (nodes, value), code)),
        lambda world, item, code: next(
            (str(one.kids[label].text) for one in _answered(world, item, (nodes, value), code)), ""
        ),
    )


def _answered(world: World, item: Item, source: tuple[ManyItems, str], code: str) -> list[Item]:
    nodes, column = source
    outer, world.current = world.current, item
    found = [one for one in nodes(world, item) if one.kids[column].text == code]
    world.current = outer
    return found


def read_table(instance: etree._Element) -> ListTable:
    """Read the rows of a list inside the form, `root/item` with one element for each column."""
    return ListTable(
        {local_name(cell): (cell.text or "").strip() for cell in item}
        for item in instance.iterfind("{*}root/{*}item")
    )
