"""XForm XML → Questionnaire: every rule compiled, or the form refused with the reason."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from lxml import etree

from forms.actions import read_actions
from forms.binds import NO_RULES, Rules, bind_ids, read_binds
from forms.body import Body, Repeat, jr, read_body
from forms.datatypes import kind_of, wrapping
from forms.entities import SAVE_TO, read_entities
from forms.errors import FormsError, UnsupportedForm
from forms.itemsets import read_itemset, read_table
from forms.itext import NO_TEXTS, Itext
from forms.primary import Primary, read_primary
from forms.references import References
from forms.safexml import parse_xml
from forms.schema import Itemset, Node, Questionnaire, Texts
from forms.xpath.compile import Expression, Surroundings, compile_expression
from forms.xpath.context import Table
from forms.xpath.shape import Shape

if TYPE_CHECKING:
    from forms.xpath.operand import ChoiceFinder

T = TypeVar("T")

MAX_DEPTH = 100  # of elements; the tree is walked by recursion
WARNING = "https://se2026.bps.go.id/ns/xforms/warning"

_SELECTS = frozenset(["select", "select1", "rank"])


def read_xform(xml: bytes) -> Questionnaire:
    """Read a form. Raises UnreadableXml, or UnsupportedForm naming the node and the reason."""
    root = parse_xml(xml, max_depth=MAX_DEPTH)
    model = next(root.iter("{*}model"), None)
    if model is None:
        raise UnsupportedForm("There is no <model>: this is not an XForm")
    title = next(root.iter("{*}title"), None)
    return _Form(root, model).questionnaire("" if title is None else (title.text or ""))


class _Form:
    """The parts of one form while it is read."""

    def __init__(self, root: etree._Element, model: etree._Element) -> None:
        self.model = model
        self.primary: Primary = read_primary(model)
        self.shape = self.primary.root
        self.references = References(self.shape, bind_ids(model))
        self.body: Body = read_body(root, self.references)
        self.primary.settle()
        self.shape.number()
        self.shapes = {shape.path: shape for shape in self.shape.walk()}
        self.itext = Itext(model)
        self.lists = dict(_instance(one) for one in model.findall("{*}instance")[1:])
        self.finders: dict[str, ChoiceFinder] = {}
        self.around = Surroundings(self.shape, self.lists, self.itext.text, self.finders)
        self.binds, lost = read_binds(model, self.references, self.shape)
        self.doubts = [
            f"A <bind> is about {path}, which the instance does not have" for path in lost
        ]
        self.nodes: dict[str, Node] = {}

    # -- the tree -----------------------------------------------------------------------------
    def questionnaire(self, title: str) -> Questionnaire:
        root = self.node(self.shape, None)
        actions = tuple(
            action
            for action in read_actions(self.model, self.body.actions, self.references, self.compile)
            if action.target in self.nodes  # attributes are filled by the device
        )
        self.require_itemsets()
        instance = self.primary.element
        return Questionnaire(
            form_id=instance.get("id", ""),
            version=instance.get("version", ""),
            title=title.strip(),
            languages=self.itext.languages,
            default_language=self.itext.default or self.itext.languages[0],
            root=root,
            nodes=MappingProxyType(self.nodes),
            order=tuple(self.nodes[path] for path in self.order()),
            instances=MappingProxyType(
                {n: t if isinstance(t, str) else None for n, t in self.lists.items()}
            ),
            actions=actions,
            clocks=tuple(n for n in self.nodes.values() if n.preload in ("start", "end")),
            texts=self.itext.text,
            entities=read_entities(instance, self.shapes, self.binds, self.nodes, self.compile),
            doubts=tuple(dict.fromkeys(self.doubts)),
        )

    def node(self, shape: Shape, repeat: str | None) -> Node:
        repeat = shape.path if shape.repeat else repeat
        self.nodes[shape.path] = None  # type: ignore[assignment] # keeps document order; filled below
        below = list(shape.children.values())
        children = {one.name: self.node(one, repeat) for one in below if not one.attribute}
        if children or shape.repeat or below:
            if shape.path in self.body.controls or self.calculates(shape):
                more = "nodes of its own" if children else "rules on its attributes"
                raise UnsupportedForm(
                    f"{shape.path} has an answer, and {more}: give it one of them"
                )
            made = self.branch(shape, repeat, children)
        else:
            made = self.leaf(shape, repeat)
        self.nodes[shape.path] = made
        return made

    def branch(self, shape: Shape, repeat: str | None, children: dict[str, Node]) -> Node:
        path = shape.path
        placed = self.body.repeats.get(path)
        element = None if placed is None else placed.element
        count = None if placed is None else self.count(placed, shape)
        fixed = element is not None and element.get(jr("noAddRemove")) is not None
        group = self.body.groups.get(path)
        return Node(
            path=path,
            name=shape.name,
            kind="repeat" if shape.repeat else "group",
            type="",
            index=shape.index,
            labels=self.label(group, "label"),
            hints=self.label(group, "hint"),
            children=MappingProxyType(children),
            attributes=MappingProxyType(
                {
                    one.name: self.attribute(one, repeat)
                    for one in shape.children.values()
                    if one.attribute
                }
            ),
            repeat=repeat,
            repeats=tuple(child for child in children.values() if child.kind == "repeat"),
            relevant=self.rule(shape, "relevant"),
            count=count,
            fixed=self.primary.copies.get(path, 1) if fixed and count is None else None,
            appearance="" if group is None else group.get("appearance", ""),
        )

    def count(self, placed: Repeat, shape: Shape) -> Expression | None:
        """Compile the count of a repeat, which is seen from the group or repeat around it."""
        source = placed.element.get(jr("count"))
        if source is None:
            return None
        with suppress(UnsupportedForm):  # where it is not a path but calculated
            found = self.references.find(source, placed.around)
            if not found:
                self.doubts.append(f"{shape.path}: jr:count names {source.strip()}, not there")
                return None
            source = found[0].path
        return self.compile(source, shape.parent or shape, "jr:count")

    def attribute(self, shape: Shape, repeat: str | None) -> Node:
        return Node(
            path=shape.path,
            name=shape.name,
            kind="attribute",
            type=kind_of(self.rules(shape).get("type")),
            index=shape.index,
            labels=NO_TEXTS,
            hints=NO_TEXTS,
            children=MappingProxyType({}),
            repeat=repeat,
            default=self.primary.defaults.get(shape.path, ""),
        )

    def leaf(self, shape: Shape, repeat: str | None) -> Node:
        path, bind = shape.path, self.rules(shape)
        control = self.body.controls.get(path)
        element = None if control is None else control.element
        itemset = self.itemset(shape)
        kind = self.type(shape, bind)
        return Node(
            path=path,
            name=shape.name,
            kind=self.kind(shape, bind),
            type=kind,
            index=shape.index,
            labels=self.label(element, "label"),
            hints=self.label(element, "hint"),
            children=MappingProxyType({}),
            repeat=repeat,
            itemset=itemset,
            relevant=self.rule(shape, "relevant"),
            required=self.rule(shape, "required"),
            constraint=self.rule(shape, "constraint"),
            calculate=wrapping(self.rule(shape, "calculate"), kind_of(bind.get("type"))),
            warning=self.rule(shape, f"{{{WARNING}}}warning"),
            required_message=self.itext.message(bind.get(jr("requiredMsg"))),
            constraint_message=self.itext.message(bind.get(jr("constraintMsg"))),
            warning_message=self.itext.message(bind.get(f"{{{WARNING}}}warningMsg")),
            readonly=bind.get("readonly", "").strip().startswith("true"),
            default=self.primary.defaults.get(path, ""),
            preload=_preload(bind),
            appearance="" if element is None else element.get("appearance", ""),
            saveto=bind.get(SAVE_TO, ""),
        )

    def rules(self, shape: Shape) -> Rules:
        return self.binds.get(shape.path, NO_RULES)

    def calculates(self, shape: Shape) -> bool:
        return "calculate" in self.rules(shape)

    def label(self, element: etree._Element | None, name: str) -> Texts:
        return NO_TEXTS if element is None else self.itext.label(element.find("{*}" + name))

    def kind(self, shape: Shape, bind: Rules) -> str:
        if "meta" in shape.path.split("/")[2:-1] or _preload(bind):
            return "meta"
        control = self.body.controls.get(shape.path)
        if control is not None:
            noted = bind.get("readonly", "").strip().startswith("true")
            return "note" if noted and control.kind == "input" else "question"
        return "calculation" if bind.get("calculate") else "hidden"

    def type(self, shape: Shape, bind: Rules) -> str:
        control = self.body.controls.get(shape.path)
        if control is not None and control.kind in _SELECTS:
            return control.kind
        return kind_of(bind.get("type"))

    # -- rules --------------------------------------------------------------------------------
    def rule(self, shape: Shape, name: str) -> Expression | None:
        source = self.rules(shape).get(name)
        if source is None or not source.strip():
            return None
        return self.compile(source, shape, name.rpartition("}")[2])

    def compile(self, source: str, shape: Shape, what: str) -> Expression:
        where = f"{shape.path}: {what}"
        made = _located(lambda: compile_expression(source.strip(), shape, self.around), where)
        self.doubts += [f"{where}: {doubt}" for doubt in made.doubts]
        return made

    def itemset(self, shape: Shape) -> Itemset | None:
        control = self.body.controls.get(shape.path)
        if control is None:
            return None
        found = _located(
            lambda: read_itemset(control, shape, self.around, self.itext), f"{shape.path}: choices"
        )
        if found is not None:
            self.finders[shape.path] = found.label
        return found

    def require_itemsets(self) -> None:
        for node in self.nodes.values():
            for path in (p for rule in _rules(node) for p in rule.itemsets):
                if path not in self.finders:
                    raise UnsupportedForm(f"{node.path}: {path} has no choices to name")

    def order(self) -> Iterable[str]:
        """Paths so that each comes after what its relevance, count and calculation read.

        What needs itself is refused as well: JavaRosa would not open the form.
        """
        graph = {path: self.needs(node) for path, node in self.nodes.items()}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = " → ".join(str(path) for path in error.args[1][:6])
            raise UnsupportedForm(f"These rules need each other: {circle}") from None

    def needs(self, node: Node) -> set[str]:
        shape = self.shapes[node.path]
        needed = {shape.parent.path} if shape.parent else set()
        for rule in (node.relevant, node.required, node.calculate, node.count):
            if rule is not None:
                needed |= rule.reads if rule is not node.count else rule.reads - {node.path}
                for path in rule.itemsets:
                    itemset = self.nodes[path].itemset
                    needed |= itemset.reads if itemset else set()
        return needed & self.nodes.keys()


def _rules(node: Node) -> Iterator[Expression]:
    rules = (node.relevant, node.required, node.constraint, node.calculate, node.warning)
    return (rule for rule in rules if rule is not None)


def _located(build: Callable[[], T], where: str) -> T:
    try:
        return build()
    except FormsError as error:
        raise UnsupportedForm(f"{where}: {error}") from error


def _preload(bind: Rules) -> str:
    kind, params = bind.get(jr("preload")), bind.get(jr("preloadParams"))
    if kind in ("timestamp", "date"):
        return params or ""
    return kind if kind == "uid" else (params or "property") if kind else ""


def _instance(element: etree._Element) -> tuple[str, Table | str]:
    """Read a secondary instance: its name, and its rows or the stem of its file."""
    name, source = element.get("id", ""), element.get("src")
    if source is None:
        return name, read_table(element)
    return name, PurePosixPath(source.strip()).stem
