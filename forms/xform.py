"""XForm XML → Questionnaire: every rule compiled, or the form refused with the reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from lxml import etree

from forms.body import Body, jr, read_body
from forms.datatypes import KINDS
from forms.errors import FormsError, UnsupportedForm
from forms.itemsets import read_itemset, read_table
from forms.itext import NO_TEXTS, Itext
from forms.safexml import local_name, parse_xml
from forms.schema import Action, Itemset, Node, Questionnaire, Texts
from forms.xpath.compile import Expression, Surroundings, compile_expression
from forms.xpath.context import Table
from forms.xpath.shape import Shape

if TYPE_CHECKING:
    from forms.xpath.operand import ChoiceFinder

T = TypeVar("T")

MAX_DEPTH = 100  # of elements; the tree is walked by recursion
WARNING = "https://se2026.bps.go.id/ns/xforms/warning"

_ODK_RANK = "odk:rank"
_EVENTS = frozenset(
    ["odk-instance-first-load", "odk-new-repeat", "odk-instance-load", "xforms-value-changed"]
)
_LISTS = ("jr://file-csv/", "jr://file/")


def read_xform(xml: bytes) -> Questionnaire:
    """Read a form. Raises UnreadableXml, or UnsupportedForm naming the node and the reason."""
    root = parse_xml(xml, max_depth=MAX_DEPTH)
    model = root.find("{*}head/{*}model")
    if model is None:
        raise UnsupportedForm("There is no <model>: this is not an XForm")
    return _Form(root, model).questionnaire(root.findtext("{*}head/{*}title") or "")


@dataclass(slots=True)
class _Rules:
    """Attributes of one bind."""

    attributes: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)


class _Form:
    """The parts of one form while it is read."""

    def __init__(self, root: etree._Element, model: etree._Element) -> None:
        instances = model.findall("{*}instance")
        if not instances or len(instances[0]) != 1:
            raise UnsupportedForm("The first <instance> must hold one root element")
        self.instance = instances[0][0]
        self.itext = Itext(model)
        self.body: Body = read_body(root)
        self.model = model
        self.shape = Shape(local_name(self.instance))
        self.defaults: dict[str, str] = {}
        self.copies: dict[str, int] = {}
        self.plant(self.instance, self.shape)
        self.shape.number()
        self.shapes = {shape.path: shape for shape in self.shape.walk()}
        self.lists = dict(_instance(one) for one in instances[1:])
        self.finders: dict[str, ChoiceFinder] = {}
        self.around = Surroundings(self.shape, self.lists, self.itext.text, self.finders)
        self.binds = self.read_binds()
        self.nodes: dict[str, Node] = {}

    # -- the instance -------------------------------------------------------------------------
    def plant(self, element: etree._Element, shape: Shape) -> None:
        """Grow the shape from the instance; a template and its copy are one node."""
        for child in element:
            name = local_name(child)
            path = f"{shape.path}/{name}"
            template = child.get(jr("template")) is not None
            self.copies[path] = self.copies.get(path, 0) + (not template)
            if name in shape.children:
                if path not in self.body.repeats:
                    raise UnsupportedForm(f"{path} stands twice in the instance, and is no repeat")
                continue
            below = Shape(name, shape, repeat=path in self.body.repeats)
            if len(child):
                self.plant(child, below)
            else:
                self.defaults[path] = (child.text or "").strip()

    def read_binds(self) -> dict[str, _Rules]:
        found: dict[str, _Rules] = {}
        for bind in self.model.iterfind("{*}bind"):
            path = bind.get("nodeset", "")
            if "/@" in path:
                continue  # attributes of an entity: filled by the client, checked elsewhere
            if path not in self.shapes:
                raise UnsupportedForm(f"A <bind> is about {path}, which the instance does not have")
            found[path] = _Rules({str(name): str(value) for name, value in bind.items()})
        return found

    # -- the tree -----------------------------------------------------------------------------
    def questionnaire(self, title: str) -> Questionnaire:
        root = self.node(self.shape, None)
        actions = tuple(self.actions())
        self.require_itemsets()
        return Questionnaire(
            form_id=self.instance.get("id", ""),
            version=self.instance.get("version", ""),
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
        )

    def node(self, shape: Shape, repeat: str | None) -> Node:
        repeat = shape.path if shape.repeat else repeat
        place = (shape.path, shape.name, shape.index, repeat)
        self.nodes[shape.path] = None  # type: ignore[assignment] # keeps document order; filled below
        children = {child.name: self.node(child, repeat) for child in shape.children.values()}
        made = self.leaf(shape, place) if not children else self.branch(shape, place, children)
        self.nodes[shape.path] = made
        return made

    def branch(
        self, shape: Shape, place: tuple[str, str, int, str | None], children: dict[str, Node]
    ) -> Node:
        path, name, index, repeat = place
        element = self.body.repeats.get(path)
        count = None if element is None else element.get(jr("count"))
        fixed = element is not None and element.get(jr("noAddRemove"), "").startswith("true")
        group = self.body.groups.get(path)
        return Node(
            path=path,
            name=name,
            kind="repeat" if shape.repeat else "group",
            type="",
            index=index,
            labels=self.label(group, "label"),
            hints=self.label(group, "hint"),
            children=MappingProxyType(children),
            repeat=repeat,
            repeats=tuple(child for child in children.values() if child.kind == "repeat"),
            relevant=self.rule(shape, "relevant"),
            count=None if count is None else self.compile(count, shape.parent or shape, "jr:count"),
            fixed=self.copies.get(path, 1) if fixed and count is None else None,
            appearance="" if group is None else group.get("appearance", ""),
        )

    def leaf(self, shape: Shape, place: tuple[str, str, int, str | None]) -> Node:
        path, name, index, repeat = place
        bind = self.binds.get(path, _Rules())
        control = self.body.controls.get(path)
        element = None if control is None else control.element
        itemset = self.itemset(shape)
        return Node(
            path=path,
            name=name,
            kind=self.kind(shape, bind),
            type=self.type(shape, bind),
            index=index,
            labels=self.label(element, "label"),
            hints=self.label(element, "hint"),
            children=MappingProxyType({}),
            repeat=repeat,
            itemset=itemset,
            relevant=self.rule(shape, "relevant"),
            required=self.rule(shape, "required"),
            constraint=self.rule(shape, "constraint"),
            calculate=self.rule(shape, "calculate"),
            warning=self.rule(shape, f"{{{WARNING}}}warning"),
            required_message=self.itext.message(bind.get(jr("requiredMsg"))),
            constraint_message=self.itext.message(bind.get(jr("constraintMsg"))),
            warning_message=self.itext.message(bind.get(f"{{{WARNING}}}warningMsg")),
            readonly=(bind.get("readonly") or "").startswith("true"),
            default=self.defaults.get(path, ""),
            preload=_preload(bind),
            appearance="" if element is None else element.get("appearance", ""),
        )

    def label(self, element: etree._Element | None, name: str) -> Texts:
        return NO_TEXTS if element is None else self.itext.label(element.find("{*}" + name))

    def kind(self, shape: Shape, bind: _Rules) -> str:
        if "meta" in shape.path.split("/")[2:-1] or _preload(bind):
            return "meta"
        if shape.path in self.body.controls:
            noted = (bind.get("readonly") or "").startswith("true")
            return (
                "note" if noted and self.body.controls[shape.path].kind == "input" else "question"
            )
        return "calculation" if bind.get("calculate") else "hidden"

    def type(self, shape: Shape, bind: _Rules) -> str:
        control = self.body.controls.get(shape.path)
        if control is not None and control.kind in ("select", "select1", "rank"):
            return control.kind
        name = (bind.get("type") or "string").removeprefix("xsd:")
        name = {_ODK_RANK: "rank", "long": "int", "text": "string", "intent": "string"}.get(
            name, name
        )
        if name not in KINDS:
            raise UnsupportedForm(f"{shape.path}: the type '{name}' is not supported")
        return name

    # -- rules --------------------------------------------------------------------------------
    def rule(self, shape: Shape, name: str) -> Expression | None:
        source = self.binds.get(shape.path, _Rules()).get(name)
        if source is None or not source.strip():
            return None
        return self.compile(source, shape, name.rpartition("}")[2])

    def compile(self, source: str, shape: Shape, what: str) -> Expression:
        return _located(
            lambda: compile_expression(source.strip(), shape, self.around), f"{shape.path}: {what}"
        )

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

    def actions(self) -> Iterable[Action]:
        """Setvalues of the model, the body and the controls, in the order of the form."""
        found = [(element, None) for element in self.model.iterfind("{*}setvalue")]
        for element, trigger in [*found, *self.body.actions]:
            target = element.get("ref", "")
            events = frozenset(element.get("event", "").split())
            if "/@" in target:
                continue
            if target not in self.shapes or not events <= _EVENTS:
                raise UnsupportedForm(f"A <setvalue> on {target or 'nothing'} is not supported")
            source = element.get("value")
            value = (
                (element.text or "").strip()
                if source is None
                else self.compile(source, self.shapes[target], "setvalue")
            )
            yield Action(target, events, value, trigger)

    def order(self) -> Iterable[str]:
        """Paths so that each comes after what its relevance, count and calculation read."""
        graph = {path: self.needs(node) - {path} for path, node in self.nodes.items()}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle = " → ".join(str(path) for path in error.args[1][:6])
            raise UnsupportedForm(f"These rules need each other: {circle}") from None

    def needs(self, node: Node) -> set[str]:
        shape = self.shapes[node.path]
        needed = {shape.parent.path} if shape.parent else set()
        for rule in (node.relevant, node.calculate, node.count):
            if rule is not None:
                needed |= rule.reads
                for path in rule.itemsets:
                    itemset = self.nodes[path].itemset
                    needed |= itemset.reads if itemset else set()
        return needed


def _rules(node: Node) -> list[Expression]:
    rules = (node.relevant, node.required, node.constraint, node.calculate, node.warning)
    return [rule for rule in rules if rule is not None]


def _located(build: Callable[[], T], where: str) -> T:
    try:
        return build()
    except FormsError as error:
        raise UnsupportedForm(f"{where}: {error}") from error


def _preload(bind: _Rules) -> str:
    kind, params = bind.get(jr("preload")), bind.get(jr("preloadParams"))
    if kind in ("timestamp", "date"):
        return params or ""
    return kind if kind == "uid" else (params or "property") if kind else ""


def _instance(element: etree._Element) -> tuple[str, Table | str]:
    """Read a secondary instance: its name, and its rows or the stem of its file."""
    name, source = element.get("id", ""), element.get("src")
    if source is None:
        return name, read_table(element)
    if not source.startswith(_LISTS):
        raise UnsupportedForm(f"The list '{name}' comes from {source}, which is not supported")
    return name, PurePosixPath(source).stem
