"""A questionnaire as a frozen tree: what it asks, of whom, and by which rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from forms.plan import Plan, plan_of
from forms.xpath.compile import Expression
from forms.xpath.context import Item, World
from forms.xpath.operand import ChoiceFinder

Texts = Mapping[str, str]  # language → text


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a closed question."""

    value: str
    labels: Texts


@dataclass(frozen=True, slots=True, eq=False)
class Itemset:
    """The choices of a question.

    `choices` lists those written in the form, unfiltered; it is empty for an external list, whose
    file stem is `external`. `filter` is the source of the choice filter, '' for none. `contains`
    raises Unknown when the list is not held here.
    """

    name: str
    external: str | None
    choices: tuple[Choice, ...]
    filter: str
    reads: frozenset[str]
    contains: Callable[[World, Item, str], bool]
    label: ChoiceFinder


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """A `setvalue`: fills `target` on an event; `trigger` is the node that changed, if any.

    `value` is None for what only a device can do: `setgeopoint`, `recordaudio`.
    """

    target: str
    events: frozenset[str]
    value: Expression | str | None
    trigger: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EntityDeclaration:
    """What a form does to one list of entities: ODK's `<entity>` in a meta block.

    `path` is that of the element, `repeat` the one it stands in, if any. `id`, `create`, `update`,
    `base_version` and `label` are evaluated at the element's own nodes; None where the form does
    not say, as for an id that the device gives. `saves` has the path of the node that each
    property comes from.
    """

    dataset: str
    path: str
    repeat: str | None
    id: Expression | None
    create: Expression | None
    update: Expression | None
    base_version: Expression | None
    label: Expression | None
    saves: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node of the form; `path` carries no positions.

    kind: group, repeat, question, note, calculation, meta or hidden; attribute for those that only
    `attributes` has
    type: string, int, long, decimal, date, dateTime, time, geopoint, geotrace, geoshape, select1,
    select, rank, binary, barcode or boolean; '' for groups and repeats
    """

    path: str
    name: str
    kind: str
    type: str
    index: int  # place in document order
    labels: Texts
    hints: Texts
    children: Mapping[str, "Node"]
    repeat: str | None  # path of the nearest repeat around it (or itself)
    repeats: "tuple[Node, ...]" = ()  # children that repeat
    itemset: Itemset | None = None
    relevant: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    warning: Expression | None = None
    required_message: Texts = field(default_factory=dict)
    constraint_message: Texts = field(default_factory=dict)
    warning_message: Texts = field(default_factory=dict)
    count: Expression | None = None  # of a repeat: how many instances there must be
    fixed: int | None = None  # of a repeat: instances that nobody may add to or remove from
    readonly: bool = False
    default: str = ""
    preload: str = ""  # start, end, today, uid, or the name of a device property
    appearance: str = ""
    saveto: str = ""  # the property of an entity that its answer becomes
    attributes: "Mapping[str, Node]" = field(default_factory=dict)  # of a group, by '@name'

    @property
    def is_leaf(self) -> bool:
        """Whether it holds an answer rather than other nodes."""
        return self.kind not in ("group", "repeat")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Choices written in the form; empty for open questions and external lists."""
        return self.itemset.choices if self.itemset else ()

    @property
    def external_list(self) -> str | None:
        """File stem of the external list it chooses from."""
        return self.itemset.external if self.itemset else None

    def walk(self) -> Iterator["Node"]:
        """Return this node and all below, in document order."""
        yield self
        for child in self.children.values():
            yield from child.walk()


@dataclass(frozen=True, slots=True, eq=False)
class Questionnaire:
    """A form with its rules compiled.

    `order` lists nodes so that each comes after those its relevance and calculation read.
    `instances` names every secondary instance: the file stem of an external list, None for a list
    inside the form. `doubts` say what is valid in the form but hardly meant, and where. `plan` is
    worked out from the rest.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    root: Node
    nodes: Mapping[str, Node]
    order: tuple[Node, ...]
    instances: Mapping[str, str | None]
    actions: tuple[Action, ...]
    clocks: tuple[Node, ...]  # leaves that hold the interview's start and end
    texts: Callable[[str, str], str]
    entities: tuple[EntityDeclaration, ...] = ()
    doubts: tuple[str, ...] = ()
    plan: Plan = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out the plan."""
        plan = plan_of(self.root, self.order, (action.target for action in self.actions))
        object.__setattr__(self, "plan", plan)

    def text(self, texts: Texts, language: str) -> str:
        """Return the text in a language, else in the form's own, else any; '' for none."""
        found = texts.get(language) or texts.get(self.default_language)
        return found or next((text for text in texts.values() if text), "")
