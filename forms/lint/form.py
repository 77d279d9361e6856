"""A questionnaire as the linter sees it, whether it was read from tables or from an XForm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.places import Place
from forms.source import Source
from forms.tables import Row
from forms.xpath.syntax import Expr

RULES_IN_ORDER = (
    "relevant",
    "required",
    "constraint",
    "calculation",
    "choice_filter",
    "repeat_count",
    "bind::se:warning",
)
NUMBERS = frozenset(["int", "decimal"])
SELECTS = frozenset(["select1", "select", "rank"])


@dataclass(frozen=True, slots=True)
class Rule:
    """One expression: as written, and as a tree with `${name}` resolved to full paths."""

    column: str
    text: str
    tree: Expr
    place: Place | None


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A list of choices.

    labels: code → language → label; columns: further cells of its rows, for filters
    rows: where each choice was written; empty for a bare XForm
    """

    name: str
    labels: Mapping[str, Mapping[str, str]]
    columns: frozenset[str]
    rows: tuple[Row, ...] = ()

    def place(self, code: str, *, last: bool = False) -> Place | None:
        """Place of the first (or last) choice with this code; None for a bare XForm."""
        found = [row for row in self.rows if row.cells.get("name", "") == code]
        if not found:
            return None
        row = found[-1] if last else found[0]
        return row.places.get("name", row.place)


@dataclass(slots=True)
class Question:
    """One row of the survey, or one node of an XForm.

    kind: group, repeat, question, note, calculation, meta or hidden
    type: as in forms.schema.Node
    texts: label, hint, constraint_message … → language → text; '' stands for no language
    list: name of the list inside the form; external: file name of one beside it
    """

    name: str
    path: str
    kind: str
    type: str
    order: int
    repeat: str | None
    texts: Mapping[str, Mapping[str, str]]
    rules: Mapping[str, Rule] = field(default_factory=dict)
    list: str = ""
    external: str = ""
    appearance: str = ""
    default: str = ""
    row: Row | None = None

    def place(self, *columns: str) -> Place | None:
        """Place of the first of these cells that is filled, else of the row."""
        if self.row is None:
            return None
        found = (self.row.places[column] for column in columns if column in self.row.places)
        return next(found, self.row.place)

    def cell(self, column: str) -> str:
        """Text of a cell; '' where it is empty or only an XForm is there."""
        return self.row.cells.get(column, "") if self.row else ""

    @property
    def is_leaf(self) -> bool:
        """Whether it holds an answer."""
        return self.kind not in ("group", "repeat")


@dataclass(slots=True)
class Form:
    """Everything that rules of the linter look at."""

    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    lists: Mapping[str, ChoiceList]
    media: Mapping[str, bytes] = field(default_factory=dict)
    source: Source | None = None
    more: tuple[Rule, ...] = ()  # rules of no question: entities, instance_name
    by_path: dict[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        """Index the questions."""
        self.by_path = {question.path: question for question in self.questions}

    def rules(self) -> Iterator[tuple[Question, Rule]]:
        """Every rule with its question, in the order of the form."""
        for question in self.questions:
            for rule in question.rules.values():
                yield question, rule

    def codes_of(self, question: Question) -> frozenset[str]:
        """Codes that a question offers; empty where its list is not inside the form."""
        found = self.lists.get(question.list)
        return frozenset(found.labels) if found else frozenset()
