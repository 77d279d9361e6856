"""What a codebook says of each variable, gathered from one questionnaire."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from forms.codebook.bounds import Bounds, bounds_of
from forms.codebook.conditions import YES, Condition, relevance, rule
from forms.codebook.formula import formula
from forms.codebook.sentences import Teller
from forms.codebook.trees import absolute
from forms.codebook.wording import LANGUAGES
from forms.schema import Node, Questionnaire, Texts
from forms.xpath.compile import Expression

_SILENT = frozenset(["group", "repeat", "note"])
META = "meta"  # path of the block of what phones note by themselves
_LEVELS = {
    "int": "ratio", "long": "ratio", "decimal": "ratio", "date": "interval", "dateTime": "interval",
    "time": "interval", "select1": "nominal", "select": "nominal", "rank": "ordinal",
    "boolean": "nominal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as written (`source`), readable (`formula`), in words by language, its message."""

    source: str
    formula: str
    words: Texts
    message: Texts


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a closed question, or one mark of a missing answer."""

    value: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class ListNote:
    """An external list: rows is None and since '' where this side does not hold it."""

    name: str
    rows: int | None = None
    since: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a release; `repeat` is the path of the repeat whose rows it holds."""

    name: str
    labels: Texts
    repeat: str | None = None
    rows: int | None = None
    keys: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable stands in a release: a file and its columns; or why it is kept back."""

    file: str = ""
    columns: tuple[str, ...] = ()
    withheld: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable.

    anchor: a name for it that no other variable of the form has
    block: path of the group it stands in
    level: nominal, ordinal, interval or ratio; '' for text, places and files
    labels: literal question text; of a calculation, '' in every language
    codes: of a closed question with its choices in the form; `list` where they are elsewhere
    universe: of whom it is asked, the rules of the groups around included
    """

    name: str
    path: str
    anchor: str
    block: str
    repeat: str | None
    kind: str
    type: str
    level: str
    labels: Texts
    hints: Texts
    codes: tuple[Code, ...]
    list: ListNote | None
    filter: str
    universe: Rule
    required: Rule | None
    constraint: Rule | None
    warning: Rule | None
    calculation: Rule | None
    bounds: Bounds | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Block:
    """A group of the questionnaire with its variables, in the order of the form."""

    path: str
    name: str
    repeats: bool
    labels: Texts
    hints: Texts
    universe: Rule
    count: Rule | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codebook of one version of a questionnaire."""

    form_id: str
    version: str
    title: str
    blocks: tuple[Block, ...]
    lists: tuple[ListNote, ...]
    missing: tuple[Code, ...] = ()
    files: tuple[DataFile, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every variable in the order of the blocks."""
        return tuple(entry for block in self.blocks for entry in block.entries)


Placing = Callable[[Node], Place | None]


def codebook(
    form: Questionnaire,
    *,
    lists: Iterable[ListNote] = (),
    placing: Placing = lambda _node: None,
    missing: Sequence[Code] = (),
    files: Sequence[DataFile] = (),
) -> Codebook:
    """Gather the codebook of a form.

    `lists` tells of the external lists that are held; `placing` tells where a release has a node.
    """
    held = {note.name: note for note in lists}
    maker = _Maker(form, held, placing)
    blocks: dict[str, list[Node]] = {}
    for node in form.root.walk():
        if node.kind not in _SILENT:
            blocks.setdefault(_block_of(node), []).append(node)
    blocks = {path: blocks[path] for path in sorted(blocks, key=lambda path: path == META)}
    used = dict.fromkeys(name for name in form.instances.values() if name)
    return Codebook(
        form.form_id,
        form.version,
        form.title,
        tuple(maker.block(path, nodes) for path, nodes in blocks.items()),
        tuple(held.get(name, ListNote(name)) for name in used),
        tuple(missing),
        tuple(files),
    )


def _block_of(node: Node) -> str:
    return META if node.kind == "meta" else node.path.rpartition("/")[0]


class _Maker:
    """Makes entries and blocks; knows the form and how to tell its rules."""

    def __init__(
        self, form: Questionnaire, lists: Mapping[str, ListNote], placing: Placing
    ) -> None:
        self.form = form
        self.lists = lists
        self.placing = placing
        self.tellers = {language: Teller.of(form, language) for language in LANGUAGES}

    def block(self, path: str, nodes: Sequence[Node]) -> Block:
        group = self.form.nodes.get(path, self.form.root)
        is_group = group is not self.form.root
        return Block(
            path=path,
            name=path.rpartition("/")[2],
            repeats=is_group and group.kind == "repeat",
            labels=self._texts(group.labels) if is_group else _NONE,
            hints=self._texts(group.hints) if is_group else _NONE,
            universe=self._universe(group.path),
            count=self._count(group),
            entries=tuple(self.entry(node, path) for node in nodes),
        )

    def entry(self, node: Node, block: str) -> Entry:
        constraint = node.constraint.tree if node.constraint else None
        external = node.external_list
        return Entry(
            name=node.name,
            path=node.path,
            anchor=node.path.strip("/").partition("/")[2].replace("/", "."),
            block=block,
            repeat=node.repeat,
            kind=node.kind,
            type=node.type,
            level=_LEVELS.get(node.type, ""),
            labels=self._texts(node.labels),
            hints=self._texts(node.hints),
            codes=tuple(Code(one.value, self._texts(one.labels)) for one in node.choices),
            list=self.lists.get(external, ListNote(external)) if external else None,
            filter=node.itemset.filter if node.itemset else "",
            universe=self._universe(node.path),
            required=self._required(node),
            constraint=self._rule(node.constraint, node, node.constraint_message),
            warning=self._rule(node.warning, node, node.warning_message),
            calculation=self._calculation(node),
            bounds=bounds_of(absolute(constraint, node.path), node.path) if constraint else None,
            place=self.placing(node),
        )

    def _texts(self, texts: Texts) -> Texts:
        return _frozen({language: self.form.text(texts, language) for language in LANGUAGES})

    def _told(self, subject: str, how: Callable[[Teller], str]) -> Texts:
        return _frozen(
            {language: how(teller.about(subject)) for language, teller in self.tellers.items()}
        )

    def _universe(self, path: str) -> Rule:
        condition = relevance(path, self.form.nodes)
        sources = _relevances(path, self.form.nodes)
        return Rule(
            source=_joined([rule.source for _, rule in sources]),
            formula=_joined([formula(absolute(rule.tree, at)) for at, rule in sources]),
            words=self._told("", lambda teller: teller.universe(condition)),
            message=_NONE,
        )

    def _required(self, node: Node) -> Rule | None:
        if node.required is None:
            return None
        condition = rule(node.required.tree, node.path, self.form.nodes)
        words = self._told(node.path, lambda teller: teller.required(condition))
        if not any(words.values()):
            return None
        return self._written(node.required, node, words, node.required_message)

    def _rule(self, rule_: Expression | None, node: Node, message: Texts) -> Rule | None:
        if rule_ is None:
            return None
        condition = rule(rule_.tree, node.path, self.form.nodes)
        if condition == YES:
            return None
        words = self._told(node.path, _statement(condition))
        return self._written(rule_, node, words, message)

    def _calculation(self, node: Node) -> Rule | None:
        made = node.calculate
        if made is None:
            return None
        tree = absolute(made.tree, node.path)
        return self._written(made, node, self._told(node.path, lambda t: t.value(tree)), _NONE)

    def _count(self, group: Node) -> Rule | None:
        if group.count is None:
            return None
        tree = absolute(group.count.tree, group.path.rpartition("/")[0])
        words = self._told("", lambda teller: teller.say("repeated", teller.value(tree)))
        return self._written(group.count, group, words, _NONE)

    def _written(self, rule_: Expression, node: Node, words: Texts, message: Texts) -> Rule:
        readable = formula(absolute(rule_.tree, node.path), node.path)
        return Rule(rule_.source, readable, words, self._texts(message))


def _statement(condition: Condition) -> Callable[[Teller], str]:
    return lambda teller: teller.statement(condition)


def _relevances(path: str, nodes: Mapping[str, Node]) -> list[tuple[str, Expression]]:
    """Give the relevance rules of a node and of the groups around it, outermost first."""
    found = []
    while path in nodes:
        relevant = nodes[path].relevant
        if relevant is not None:
            found.append((path, relevant))
        path = path.rpartition("/")[0]
    return found[::-1]


def _joined(sources: Sequence[str]) -> str:
    if len(sources) <= 1:
        return "".join(sources)
    return " and ".join(f"({source})" for source in dict.fromkeys(sources))


def _frozen(texts: Mapping[str, str]) -> Texts:
    return MappingProxyType(dict(texts))


_NONE: Texts = _frozen(dict.fromkeys(LANGUAGES, ""))
