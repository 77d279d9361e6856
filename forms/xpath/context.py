"""What an expression sees while it is evaluated: the answers, the lists, the clock."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from forms.xpath.entries import Entry

if TYPE_CHECKING:
    from forms.answers import Answers
    from forms.schema import Node
    from forms.xpath.values import Value

Row = Mapping[str, str]

MAX_EFFORT = 10_000_000  # comparisons of nodes for one document: some seconds


class Unknown(Exception):  # noqa: N818 - not an error: the answer is "cannot be known here"
    """Raised while evaluating what this side cannot know: chance, or a list it does not hold."""


class Table(Protocol):
    """Rows with an index per column; an attribute of a row is a column '@name'.

    `names` are those of the outermost element and of the rows in it, `root` and `item` unless an
    XML file has others. `root` is the same list as a tree, and `flat` where rows say as much;
    `none` is a list without rows.
    """

    rows: Sequence[Row]
    names: tuple[str, str]
    flat: bool

    @property
    def root(self) -> Entry:
        """The outermost element."""

    @property
    def none(self) -> "Table":
        """A list without rows."""

    def index(self, column: str) -> Mapping[str, Sequence[Row]]:
        """Rows by the exact text of a column."""

    def numbers(self, column: str) -> Mapping[float, Sequence[Row]]:
        """Rows by the numeric value of a column, where it has one."""


class Lists(Protocol):
    """The external lists this side holds, by the stem of their file name."""

    def table(self, name: str) -> Table | None:
        """Return the list, or None when it is not known here."""


MOST_FILTERED = 2_000_000  # nodes and rows that filters may look at for one submission
NO_KIDS: Mapping[str, Any] = MappingProxyType({})


class Item:
    """One node of one submission, with its value as the form engine sees it now.

    `kids` has, for a group or an instance of a repeat, an Item for each child, or a list of Items
    where the child repeats; leaves share an empty one.
    """

    __slots__ = ("kids", "node", "parent", "position", "relevant", "text", "value")

    def __init__(self, node: "Node", parent: "Item | None", position: int = 1) -> None:
        self.node = node
        self.parent = parent
        self.position = position
        self.kids: Mapping[str, Any] = NO_KIDS
        self.text = ""
        self.value: Value = ""
        self.relevant = True


class World:
    """Everything outside the node that an expression may ask for.

    `values`, `texts` and `relevant` are those of nodes outside repeats, by the index of the node.
    `now` is None when the time of the interview is unknown. `chance` gives numbers in [0, 1) and
    `fresh_id` a new UUID on a device; both are None on a server, which cannot repeat them.
    `left` counts down what filters may still look at: filters within filters multiply.
    """

    __slots__ = (
        "answers",
        "chance",
        "device",
        "effort",
        "fresh_id",
        "here",
        "index",
        "language",
        "left",
        "lists",
        "now",
        "relevant",
        "size",
        "texts",
        "values",
        "version",
    )

    def __init__(self, answers: "Answers", lists: Lists, language: str) -> None:
        self.answers = answers
        self.values = answers.values
        self.texts = answers.texts
        self.relevant = answers.relevant
        self.here: Any = 0
        self.lists = lists
        self.language = language
        self.now: datetime | None = None
        self.index = 1
        self.size = 1
        self.left = MOST_FILTERED
        self.version = ""
        self.device = ""
        self.effort = 0
        self.chance: Callable[[], float] | None = None
        self.fresh_id: Callable[[], str] | None = None

    @property
    def root(self) -> Item:
        """The Item of the form's root."""
        return self.answers.item(0)

    @property
    def current(self) -> Item:
        """The node whose rule is evaluated, whatever a filter is looking at."""
        item: Item = self.at(self.here)
        return item

    @current.setter
    def current(self, here: Any) -> None:  # noqa: ANN401 - see Here
        self.here = here

    def at(self, here: Any) -> Any:  # noqa: ANN401 - see Here
        """Return the Item of a node that is given by its index; anything else as it is."""
        return self.answers.item(here) if type(here) is int else here

    def spend(self, effort: int) -> None:
        """Count comparisons of nodes; raises Unknown when a document asks for too many."""
        self.effort += effort
        if self.effort > MAX_EFFORT:
            raise Unknown

    def table(self, name: str) -> Table:
        """Return the external list of that name; raises Unknown when this side does not hold it."""
        table = self.lists.table(name)
        if table is None:
            raise Unknown
        return table

    def moment(self) -> datetime:
        """Return the time of the interview; raises Unknown when the submission does not tell."""
        if self.now is None:
            raise Unknown
        return self.now
