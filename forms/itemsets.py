"""Choices of closed questions, compiled: membership and labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from forms.body import Control, written_items
from forms.errors import UnsupportedForm
from forms.itext import Itext
from forms.lists import ListTable
from forms.schema import Choice, Itemset, Texts
from forms.xpath.compile import Compiler, Inside, NotFlatError, RowPath, Surroundings
from forms.xpath.context import Item, Row, Table, Unknown, World
from forms.xpath.operand import Evaluator, ManyItems
from forms.xpath.parse import parse
from forms.xpath.rows import Filter, Source, column_of, conjuncts, names_position, passing
from forms.xpath.shape import Shape
from forms.xpath.syntax import Call, Expr, Path, Text
from forms.xpath.values import stored, to_text


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
        searched = "search(" in control.element.get("appearance", "")
        return _written(control.element, itext, searched=searched)
    source = itemset.get("nodeset", "")
    tree = _unshuffled(parse(source))
    if not isinstance(tree, Path):
        raise UnsupportedForm(f"{node.path}: choices come from a path, not from: {source[:200]}")
    references = (_reference(itemset, "value"), _reference(itemset, "label"))
    if isinstance(tree.start, Call) and tree.start.name == "instance":
        return _from_list(reader, node, (source, tree), references)
    return _from_answers(reader, node, (source, tree), references)


def _reference(itemset: etree._Element, name: str) -> str:
    element = itemset.find("{*}" + name)
    return "" if element is None else element.get("ref", "")


def _unshuffled(tree: Expr) -> Expr:
    """Leave out randomize(): the order of choices does not change which ones there are."""
    if isinstance(tree, Call) and tree.name == "randomize" and tree.arguments:
        return tree.arguments[0]
    return tree


def _written(element: etree._Element, itext: Itext, *, searched: bool) -> Itemset:
    """Read choices written in the form; with `searched` they only name columns of a list."""
    choices = tuple(Choice(value, itext.label(label)) for value, label in written_items(element))
    if not choices:
        raise UnsupportedForm("The question has no choices: give it <item>s or an <itemset>")
    by_value = {choice.value: choice.labels for choice in choices}

    def contains(_: World, __: Item, value: str) -> bool:
        if searched:
            raise Unknown
        return value in by_value

    def label(world: World, _: Item, value: str) -> str:
        texts = by_value.get(value, {})
        return texts.get(world.language) or next(iter(texts.values()), "")

    known = () if searched else choices
    return Itemset("", None, known, "", frozenset(), contains, label)


def _from_list(
    reader: _Reader, node: Shape, nodeset: tuple[str, Path], references: tuple[str, str]
) -> Itemset:
    """Choices from `instance('…')/root/item[…]`, inside the form or in a file."""
    source, tree = nodeset
    assert isinstance(tree.start, Call)
    compiler = Compiler(source, node, reader.around)
    plain = compiler.row_path(tree)
    column, labels = column_of(parse(references[0])), _labels(reader.itext, references[1])
    if plain is not None and not plain.column and column:
        try:
            return _from_rows(compiler, nodeset, plain, (column, labels))
        except NotFlatError:
            compiler = Compiler(source, node, reader.around)
    nodes = compiler.entries(tree, tree.start)
    assert nodes.nodes is not None
    value = compiler.operand(parse(references[0]), Inside.ENTRY).value
    shown = compiler.operand(parse(labels.column), Inside.ENTRY).value if labels.column else value
    offer = _Offer(nodes.nodes, value, shown, labels)
    return _offered(compiler, (_list_name(tree), source), offer, frozenset())


def _list_name(tree: Path) -> str:
    assert isinstance(tree.start, Call)
    (name,) = tree.start.arguments
    assert isinstance(name, Text)
    return name.value


def _from_rows(
    compiler: Compiler, nodeset: tuple[str, Path], plain: RowPath, columns: "tuple[str, _Labels]"
) -> Itemset:
    """Choices that are rows: a code is looked up by index, then has to pass the filters."""
    source, tree = nodeset
    value, labels = columns
    predicates = plain.step.predicates
    if any(map(names_position, predicates)):
        raise NotFlatError
    filters = [compiler.filter(one, Inside.ROW) for one in conjuncts(predicates)]
    name = _list_name(tree)
    table = compiler.around.instances[name]
    inner = () if isinstance(table, str) else tuple(_choices(table, value, labels))
    return Itemset(
        name,
        table if isinstance(table, str) else None,
        inner,
        _filter_source(source),
        frozenset(compiler.facts.reads),
        _list_membership(plain.source, value, filters),
        _list_label(plain.source, value, filters, labels),
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
    if target is None or nodes is None:
        raise UnsupportedForm(f"{node.path}: choices lead nowhere: {source[:200]}")
    labels, lost = _labels(reader.itext, references[1]), len(compiler.facts.doubts)
    value = compiler.operand(parse(references[0]), target).value
    shown = compiler.operand(parse(labels.column), target).value if labels.column else value
    if len(compiler.facts.doubts) > lost:
        raise UnsupportedForm(f"{node.path}: the code or label of its choices leads nowhere")
    offer = _Offer(nodes, value, shown, labels)
    return _offered(compiler, (target.path, source), offer, frozenset([target.path]))


@dataclass(frozen=True, slots=True)
class _Offer:
    """Choices that are nodes: where they are found, the code and the label of each."""

    nodes: ManyItems
    value: Evaluator
    shown: Evaluator
    labels: "_Labels"

    def having(self, world: World, item: Item, code: str) -> Sequence[Any]:
        """Return the nodes whose code is the one given."""
        outer, world.current = world.current, item
        found = [one for one in self.nodes(world, item) if self.code(world, one) == code]
        world.current = outer
        return found

    def code(self, world: World, one: Any) -> str:  # noqa: ANN401 - an Item or an Entry
        """Return the code of one node, as it would be stored."""
        return stored(self.value(world, one))

    def label(self, world: World, item: Item, code: str) -> str:
        """Return the label of a code; '' where no node has it."""
        found = self.having(world, item, code)
        if not found:
            return ""
        text = to_text(self.shown(world, found[0]))
        return self.labels.itext.text(text, world.language) if self.labels.by_id else text


def _offered(
    compiler: Compiler, named: tuple[str, str], offer: _Offer, reads: frozenset[str]
) -> Itemset:
    name, source = named
    table = compiler.around.instances.get(name)
    return Itemset(
        name,
        table if isinstance(table, str) else None,
        (),
        _filter_source(source),
        frozenset(compiler.facts.reads) | reads,
        lambda world, item, code: bool(offer.having(world, item, code)),
        offer.label,
    )


def read_table(instance: etree._Element) -> ListTable:
    """Read a list inside the form; an <instance> may hold one element, or nothing at all."""
    return ListTable(()) if not len(instance) else ListTable.from_element(instance[0])
