"""The codebook of a release: that of the questionnaire, with files, columns and missing codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from app.export.rules import (
    NO_ANSWER,
    NOT_ASKED,
    NOT_VALID,
    WITHHELD,
    has_labels,
    inert,
    is_released,
)
from forms.codebook.book import Code, Codebook, DataFile, Entry, ListNote, Place, codebook
from forms.dictionary import Variable, variables
from forms.lists import Lists
from forms.schema import Node, Questionnaire, Texts

COLUMNS = (
    "variable", "file", "columns", "kind", "type", "label_id", "label_en", "codes", "universe_id",
    "universe_en", "constraint_id", "constraint_en", "calculation",
)  # fmt: skip
_NO_ROWS: Mapping[str, int] = MappingProxyType({})


def _both(indonesian: str, english: str) -> Texts:
    return MappingProxyType({"id": indonesian, "en": english})


MISSING = (
    Code(NOT_ASKED, _both("Tidak ditanyakan", "Not asked")),
    Code(NO_ANSWER, _both("Ditanyakan, tidak dijawab", "Asked, not answered")),
    Code(NOT_VALID, _both("Isian tidak sah", "Answer not valid")),
)
DOCUMENT = Code("document_id", _both("Nomor dokumen", "Number of the document"))
NUMBER = Code("number", _both("Nomor urut dalam dokumen", "Number within the document"))
KELURAHAN = Code(
    "kelurahan", _both("Kode BPS kelurahan (10 angka)", "BPS code of the kelurahan (10 digits)")
)
_IDENTIFIES = _both(
    "Tidak dirilis: mengenali usaha atau orang.", "Not released: it identifies a firm or a person."
)
_OPEN = _both(
    "Tidak dirilis: isian bebas, gambar, atau koordinat.",
    "Not released: free text, an image or coordinates.",
)
_AS_KEY = _both(
    "Dirilis sebagai kolom kunci, diambil dari sub-SLS dokumen.",
    "Released as a key column, taken from the document's sub-SLS.",
)
_DEVICE = _both("Tidak dirilis: catatan perangkat.", "Not released: noted by the device.")


def codebook_of(
    form: Questionnaire, lists: Iterable[ListNote] = (), rows: Mapping[str, int] = _NO_ROWS
) -> Codebook:
    """Give the codebook of a questionnaire as it is released; `rows` counts those of its files."""
    known = {variable.path: variable for variable in variables(form)}

    def placing(node: Node) -> Place:
        return _place(form, known[node.path])

    return codebook(
        form, lists=lists, placing=placing, missing=MISSING, files=list(_files(form, rows))
    )


def stem_of(form_id: str, version: str, repeat: str | None = None) -> str:
    """Give the name of a data file, without its ending."""
    stem = f"{form_id}-{version}"
    return f"{stem}-{repeat.rpartition('/')[2]}" if repeat else stem


def held_lists(form: Questionnaire, lists: Lists) -> Iterator[ListNote]:
    """Tell of the lists of a form that are held, without the day since when."""
    for name in form.instances.values():
        table = lists.table(name) if name else None
        if name and table is not None:
            yield ListNote(name, len(table.rows))


def _place(form: Questionnaire, variable: Variable) -> Place:
    if not is_released(variable):
        return Place(withheld=_why(variable))
    words = (f"{variable.name}_label",) if has_labels(variable) else ()
    stem = stem_of(form.form_id, form.version, variable.repeat)
    return Place(f"{stem}.csv", (variable.name, *words))


def _why(variable: Variable) -> Texts:
    if variable.kind == "meta":
        return _DEVICE
    if variable.name == KELURAHAN.value:
        return _AS_KEY
    return _IDENTIFIES if variable.name in WITHHELD else _OPEN


def _files(form: Questionnaire, rows: Mapping[str, int]) -> Iterator[DataFile]:
    repeats = sorted({each.repeat for each in variables(form) if each.repeat and is_released(each)})
    for repeat in (None, *repeats):
        stem = stem_of(form.form_id, form.version, repeat)
        labels = form.nodes[repeat].labels if repeat else {}
        told = {code: form.text(labels, code) or form.title for code in ("id", "en")}
        keys = (DOCUMENT, NUMBER if repeat else KELURAHAN)
        yield DataFile(f"{stem}.csv", told, repeat, rows.get(stem), keys)


def table(book: Codebook) -> Iterator[Sequence[str]]:
    """Give the codebook as rows for people who read it in a spreadsheet."""
    yield COLUMNS
    for key in (DOCUMENT, NUMBER, KELURAHAN):
        yield _row(key, "key")
    for each in book.entries:
        if each.place is not None and each.place.columns:
            yield tuple(map(inert, _cells(each, each.place)))
    for code in book.missing:
        yield _row(code, "missing")


def _row(code: Code, kind: str) -> tuple[str, ...]:
    told = {"variable": code.value, "kind": kind}
    told |= {"label_id": code.labels["id"], "label_en": code.labels["en"]}
    return tuple(told.get(column, "") for column in COLUMNS)


def _cells(each: Entry, place: Place) -> tuple[str, ...]:
    codes = " | ".join(f"{code.value} = {code.labels['id']}" for code in each.codes)
    rule = each.constraint.words if each.constraint else {}
    return (
        each.name,
        place.file,
        " ".join(place.columns),
        each.kind,
        each.type,
        each.labels["id"],
        each.labels["en"],
        codes or (f"list: {each.list.name}" if each.list else ""),
        each.universe.words["id"],
        each.universe.words["en"],
        rule.get("id", ""),
        rule.get("en", ""),
        each.calculation.formula if each.calculation else "",
    )
