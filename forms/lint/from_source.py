"""Sheets of a questionnaire → the form that the linter looks at."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from forms.columns import canonical, split_language, tidy
from forms.errors import FormsError
from forms.lint.form import RULES_IN_ORDER, ChoiceList, Form, Question, Rule
from forms.source import Source
from forms.tables import Row
from forms.xpath.parse import parse

REFERENCE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")

_BEGIN = re.compile(r"begin[ _](group|repeat|loop)", re.IGNORECASE)
_END = re.compile(r"end[ _](group|repeat|loop)", re.IGNORECASE)
_SELECT = re.compile(
    r"(?:select[ _](one|multiple)|(rank))(_from_file|_external)?\s+(\S+)", re.IGNORECASE
)
_DEVICE = ("deviceid", "username", "phonenumber", "email", "simserial", "subscriberid", "uri")
_META = frozenset(
    ["start", "end", "today", "audit", "start-geopoint", "background-audio", *_DEVICE]
)
_TYPES: Mapping[str, str] = {
    "integer": "int", "int": "int", "decimal": "decimal", "range": "decimal", "date": "date",
    "datetime": "dateTime", "time": "time", "geopoint": "geopoint", "geotrace": "geotrace",
    "geoshape": "geoshape", "image": "binary", "photo": "binary", "audio": "binary",
    "video": "binary", "file": "binary", "barcode": "barcode", "start": "dateTime",
    "end": "dateTime", "today": "date", "start-geopoint": "geopoint",
}  # fmt: skip
_TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
_WARNING = "bind::se:warningMsg"
_SMART = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")


def form_of(source: Source, media: Mapping[str, bytes]) -> Form:
    """Read the sheets; an expression that cannot be parsed is left out, the compiler names it."""
    questions = list(_questions(source))
    names: dict[str, str] = {}
    for question in questions:
        names.setdefault(question.name, question.path)
    for question in questions:
        assert question.row is not None
        question.rules = dict(_rules(question.row, RULES_IN_ORDER, names))
    more = (
        rule
        for row in chain(source.rows("entities"), source.rows("settings")[:1])
        for _, rule in _rules(row, ("entity_id", "create_if", "update_if", "instance_name"), names)
    )
    return Form(
        languages=_languages(source),
        questions=tuple(questions),
        lists=dict(_lists(source)),
        media=media,
        source=source,
        more=tuple(more),
    )


def cells(row: Row) -> Iterator[tuple[str, str, str]]:
    """Cells of a row as base column, language and text, aliases resolved."""
    for column, value in row.cells.items():
        base, language = split_language(column)
        yield base, language, value


def texts_of(row: Row, columns: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give the translated texts of a row by column and language."""
    wanted = frozenset(columns)
    found: dict[str, dict[str, str]] = {}
    for base, language, value in cells(row):
        if base in wanted:
            found.setdefault(base, {})[language] = value
    return found


def with_paths(text: str, names: Mapping[str, str]) -> str:
    """Put full paths in the place of `${name}`."""
    return REFERENCE.sub(lambda found: names.get(found[1], f"/{found[1]}"), text)


def _questions(source: Source) -> Iterator[Question]:
    root = source.settings.get("name", "data")
    path, repeats = [root], [""]
    for order, row in enumerate(source.rows("survey")):
        plain = {canonical(column): value for column, value in row.cells.items()}
        kind = plain.get("type", "").strip()
        if _END.match(kind):
            if len(path) > 1:
                path.pop()
                repeats.pop()
            continue
        begun = _BEGIN.match(kind)
        name = plain.get("name", "audit" if kind == "audit" else "")
        where = "/" + "/".join([*path, *(["meta"] if kind == "audit" else []), name])
        around = where if begun and begun[1].lower() != "group" else repeats[-1]
        if begun:
            path.append(name)
            repeats.append(around)
        yield _question(row, plain, (where, order, around))


def _question(row: Row, plain: Mapping[str, str], where: tuple[str, int, str]) -> Question:
    path, order, repeat = where
    written = plain.get("type", "").strip()
    select = _SELECT.match(written)
    begun = _BEGIN.match(written)
    outside = bool(select and select[3] and select[3].lower() == "_from_file")
    return Question(
        name=path.rpartition("/")[2],
        path=path,
        kind=_kind(written, begun),
        type=_type(written, select, plain.get("bind::type", "").strip().lower()),
        order=order,
        repeat=repeat or None,
        texts=texts_of(row, (*_TRANSLATED, _WARNING)),
        list="" if select is None or outside else select[4],
        external=select[4] if select and outside else "",
        appearance=plain.get("appearance", ""),
        default=plain.get("default", ""),
        row=row,
    )


def _kind(written: str, begun: re.Match[str] | None) -> str:
    if begun:
        return "group" if begun[1].lower() == "group" else "repeat"
    if written in _META:
        return "meta"
    return {"note": "note", "calculate": "calculation", "hidden": "hidden"}.get(written, "question")


def _type(written: str, select: re.Match[str] | None, bound: str) -> str:
    """Give the type as the XForm will have it; `bound` is that of the column bind::type."""
    if written == "audit":
        return "binary"
    if select is None:
        return _TYPES.get(bound, bound) or _TYPES.get(written.lower(), "string")
    if select[2]:
        return "rank"
    return "select1" if select[1].lower() == "one" else "select"


def _rules(
    row: Row, columns: Iterable[str], names: Mapping[str, str]
) -> Iterator[tuple[str, Rule]]:
    by_base = {canonical(column): column for column in row.cells}
    for base in columns:
        column = by_base.get(base)
        if column is None:
            continue
        text = row.cells[column]
        constant = {"yes": "true()", "true": "true()", "no": "false()", "false": "false()"}
        try:
            tree = parse(with_paths(constant.get(text.lower(), text).translate(_SMART), names))
        except FormsError:
            continue
        yield base, Rule(base, text, tree, row.places[column])


def _languages(source: Source) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in chain(source.rows("survey"), source.rows("choices")):
        for base, language, _ in cells(row):
            if language and base in ("label", "hint"):
                found[language] = None
    return tuple(found)


def _lists(source: Source) -> Iterator[tuple[str, ChoiceList]]:
    rows: dict[str, list[Row]] = {}
    for row in source.rows("choices"):
        plain = {canonical(column): value for column, value in row.cells.items()}
        rows.setdefault(plain.get("list_name", ""), []).append(row)
    for name, members in rows.items():
        labels: dict[str, Mapping[str, str]] = {}
        columns: set[str] = set()
        for row in members:
            plain = {canonical(column): value for column, value in row.cells.items()}
            labels.setdefault(plain.get("name", ""), texts_of(row, ["label"]).get("label", {}))
            columns.update(tidy("choices", column) for column in row.cells)
        yield name, ChoiceList(name, labels, frozenset(columns), tuple(members))
