"""A codebook as DDI-Codebook 2.5 XML: files and variables. `ddi_study` describes the census.

The order of elements is that of the schema's sequences (DDI 2.5.1, namespace ddi:codebook:2_5).
Texts stand once in each language, marked by xml:lang.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from forms.codebook.book import META, Block, Code, Codebook, DataFile, Entry, Rule
from forms.codebook.ddi_study import study
from forms.codebook.ddi_xml import LANG, element, identifier, told
from forms.codebook.wording import LANGUAGES, phrase
from forms.schema import Texts

Files = dict[str | None, str]

_NUMERIC = frozenset(["int", "long", "decimal"])
_MOMENTS = {"date": "date", "dateTime": "date", "time": "time"}
_PLACES = frozenset(["geopoint", "geotrace", "geoshape"])
_CODED = frozenset(["select1", "select", "rank"])


def as_ddi(book: Codebook) -> bytes:
    """Give the codebook as an XML document in UTF-8; the same book gives the same bytes."""
    files: Files = {file.repeat: f"F{at}" for at, file in enumerate(book.files, start=1)}
    root = element(
        "codeBook",
        *study(book),
        *(_file(file, files[file.repeat]) for file in book.files),
        _data(book, files),
        version="2.5",
        ID=identifier("B", book.form_id, book.version),
    )
    root.set(LANG, LANGUAGES[0])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _file(file: DataFile, name: str) -> etree._Element:
    rows = () if file.rows is None else (element("caseQnty", str(file.rows)),)
    return element(
        "fileDscr",
        element(
            "fileTxt",
            element("fileName", file.name),
            element("fileCont", "; ".join(dict.fromkeys(file.labels.values()))),
            element("fileStrc", type="rectangular"),
            *((element("dimensns", *rows),) if rows else ()),
            element("fileType", "text/csv", charset="UTF-8"),
        ),
        ID=name,
    )


def _data(book: Codebook, files: Files) -> etree._Element:
    groups = [_group(block) for block in book.blocks]
    return element(
        "dataDscr",
        *groups,
        *_keys(book, files),
        *(var for entry in book.entries for var in _variables(entry, book, files)),
    )


def _group(block: Block) -> etree._Element:
    name = "G.meta" if block.path == META else f"G.{_inner(block.path)}"
    return element(
        "varGrp",
        *told("labl", block.labels),
        *told("txt", block.hints),
        *told("universe", block.universe.words),
        *(told("notes", block.count.words) if block.count else ()),
        ID=name,
        name=block.name,
        type="iteration" if block.repeats else "section",
        var=" ".join(f"V.{entry.anchor}" for entry in block.entries),
    )


def _inner(path: str) -> str:
    """Give a path below the root as a name: `/data/a/b` is `a.b`."""
    return path.strip("/").partition("/")[2].replace("/", ".") or "form"


def _keys(book: Codebook, files: Files) -> Iterator[etree._Element]:
    """Give the columns that are no question: the keys of the files."""
    keys: dict[str, tuple[Code, list[str]]] = {}
    for file in book.files:
        for key in file.keys:
            keys.setdefault(key.value, (key, []))[1].append(files[file.repeat])
    for name, (key, where) in keys.items():
        yield element(
            "var",
            *told("labl", key.labels),
            element("varFormat", type="numeric" if name == "number" else "character"),
            ID=f"K.{name}",
            name=name,
            files=" ".join(where),
            intrvl="discrete",
        )


def _variables(entry: Entry, book: Codebook, files: Files) -> Iterator[etree._Element]:
    place = entry.place
    released = place is not None and bool(place.columns)
    yield _variable(entry, book, files.get(entry.repeat, "") if released else "")
    if place is not None and len(place.columns) > 1:
        yield element(
            "var",
            *told("labl", {code: _label(entry, code) for code in LANGUAGES}),
            element("varFormat", type="character"),
            ID=f"L.{entry.anchor}",
            name=place.columns[1],
            files=files[entry.repeat],
            intrvl="discrete",
            representationType="text",
        )


def _label(entry: Entry, language: str) -> str:
    return phrase(language, "label_of", entry.labels.get(language) or entry.name)


def _variable(entry: Entry, book: Codebook, file: str) -> etree._Element:
    missing = book.missing if file else ()
    concept = next(block.labels for block in book.blocks if block.path == entry.block)
    var = element(
        "var",
        *told("labl", entry.labels),
        *(told("security", entry.place.withheld) if entry.place else ()),
        *_questions(entry),
        *_range(entry),
        *(
            (element("invalrng", *(element("item", VALUE=code.value) for code in missing)),)
            if missing
            else ()
        ),
        *told("universe", entry.universe.words),
        *_texts(entry),
        *(_category(code) for code in entry.codes),
        *(_category(code, missing=True) for code in missing),
        *told("concept", concept),
        *_derivation(entry),
        _format(entry),
        *_notes(entry),
        ID=f"V.{entry.anchor}",
        name=entry.name,
        intrvl="contin" if entry.type in _NUMERIC else "discrete",
    )
    for name, value in _attributes(entry, file):
        var.set(name, value)
    return var


def _attributes(entry: Entry, file: str) -> Iterator[tuple[str, str]]:
    if file:
        yield "files", file
    if entry.type in ("int", "long"):
        yield "dcml", "0"
    if entry.level:
        yield "nature", entry.level
    if entry.type in _MOMENTS:
        yield "temporal", "Y"
    if entry.type in _PLACES:
        yield "geog", "Y"
    yield "representationType", _representation(entry)


def _representation(entry: Entry) -> str:
    if entry.type in _CODED:
        return "code"
    if entry.type in _NUMERIC:
        return "numeric"
    return "datetime" if entry.type in _MOMENTS else "text"


def _questions(entry: Entry) -> Iterator[etree._Element]:
    """Give the question once in each language; the first carries the identifier."""
    if entry.kind != "question":
        return
    for language in LANGUAGES:
        text, hint = entry.labels.get(language, ""), entry.hints.get(language, "")
        parts = ([element("qstnLit", text)] if text else []) + (
            [element("ivuInstr", hint)] if hint else []
        )
        if parts:
            question = element("qstn", *parts, responseDomainType=_domain(entry))
            question.set(LANG, language)
            if language == LANGUAGES[0]:
                question.set("ID", f"Q.{entry.anchor}")
            yield question


def _domain(entry: Entry) -> str:
    if entry.type == "select":
        return "multiple"
    if entry.type == "rank":
        return "ranking"
    if entry.type in _PLACES:
        return "geographic"
    return _representation(entry)


def _range(entry: Entry) -> Iterator[etree._Element]:
    if entry.bounds is None:
        return
    places = {"min": "least", "max": "most", "minExclusive": "above", "maxExclusive": "below"}
    found = {name: getattr(entry.bounds, place) for name, place in places.items()}
    units = "REAL" if entry.type == "decimal" else "INT"
    yield element(
        "valrng",
        element("range", UNITS=units, **{name: value for name, value in found.items() if value}),
    )


def _texts(entry: Entry) -> Iterator[etree._Element]:
    note = entry.list
    if note is None:
        return
    for language in LANGUAGES:
        name = "list_held" if note.rows is not None else "list_named"
        words = phrase(language, name, note.name, str(note.rows), note.since)
        yield from told("txt", {language: words})


def _category(code: Code, *, missing: bool = False) -> etree._Element:
    found = element("catgry", element("catValu", code.value), *told("labl", code.labels))
    if missing:
        found.set("missing", "Y")
        found.set("missType", code.labels.get("en", ""))
    return found


def _derivation(entry: Entry) -> Iterator[etree._Element]:
    made = entry.calculation
    if made is not None:
        yield element(
            "derivation",
            *told("drvdesc", made.words),
            element("drvcmd", made.source, syntax="XPath 1.0 (ODK XForms)"),
        )


def _format(entry: Entry) -> etree._Element:
    return element(
        "varFormat",
        type="numeric" if entry.type in _NUMERIC else "character",
        category=_MOMENTS.get(entry.type, "other"),
        formatname=entry.type,
    )


def _notes(entry: Entry) -> Iterator[etree._Element]:
    rules: Sequence[tuple[str, Rule | None]] = (
        ("required", entry.required),
        ("constraint", entry.constraint),
        ("warning", entry.warning),
    )
    for name, rule in rules:
        if rule is not None:
            yield from told("notes", _with_message(rule), subject=name)


def _with_message(rule: Rule) -> Texts:
    return {
        language: " ".join(filter(None, (words, rule.message.get(language, ""))))
        for language, words in rule.words.items()
    }
