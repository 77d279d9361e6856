"""A codebook as plain data, ready for JSON."""

from typing import Any

from forms.codebook.book import Block, Code, Codebook, DataFile, Entry, ListNote, Place, Rule
from forms.codebook.wording import LANGUAGES
from forms.schema import Texts

FORMAT = 1


def as_document(book: Codebook) -> dict[str, Any]:
    """Give the whole codebook."""
    return {
        "format": FORMAT,
        "form_id": book.form_id,
        "version": book.version,
        "title": book.title,
        "languages": list(LANGUAGES),
        "blocks": [_block(each) for each in book.blocks],
        "variables": [entry(each) for each in book.entries],
        "lists": [_list(each) for each in book.lists],
        "missing": [_code(each) for each in book.missing],
        "files": [_file(each) for each in book.files],
    }


def entry(each: Entry) -> dict[str, Any]:
    """Give one variable."""
    return {
        "variable": each.name,
        "path": each.path,
        "block": each.block,
        "repeat": each.repeat.rpartition("/")[2] if each.repeat else None,
        "kind": each.kind,
        "type": each.type,
        "level": each.level or None,
        **_texts("label", each.labels),
        **_texts("instruction", each.hints),
        "codes": [_code(code) for code in each.codes],
        "list": each.list.name if each.list else None,
        "filter": each.filter,
        "universe": _rule(each.universe),
        "required": _rule(each.required),
        "constraint": _rule(each.constraint),
        "warning": _rule(each.warning),
        "calculation": _rule(each.calculation),
        "range": _bounds(each),
        "release": _place(each.place),
    }


def _block(each: Block) -> dict[str, Any]:
    return {
        "path": each.path,
        "name": each.name,
        "repeats": each.repeats,
        **_texts("label", each.labels),
        "universe": _rule(each.universe),
        "count": _rule(each.count),
        "variables": [one.name for one in each.entries],
    }


def _rule(rule: Rule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    told = {"source": rule.source, "formula": rule.formula, **dict(rule.words)}
    return {**told, "message": dict(rule.message)} if any(rule.message.values()) else told


def _code(code: Code) -> dict[str, str]:
    return {"value": code.value, **dict(code.labels)}


def _list(note: ListNote) -> dict[str, Any]:
    return {
        "name": note.name,
        "rows": note.rows,
        "since": note.since or None,
        "sha256": note.sha256 or None,
    }


def _file(file: DataFile) -> dict[str, Any]:
    return {
        "name": file.name,
        **_texts("label", file.labels),
        "repeat": file.repeat,
        "rows": file.rows,
        "keys": [_code(key) for key in file.keys],
    }


def _bounds(each: Entry) -> dict[str, str] | None:
    if each.bounds is None:
        return None
    names = ("least", "most", "above", "below")
    return {name: value for name in names if (value := getattr(each.bounds, name))}


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    if place.withheld:
        return {"withheld": dict(place.withheld)}
    return {"file": place.file, "columns": list(place.columns)}


def _texts(name: str, texts: Texts) -> dict[str, str]:
    return {f"{name}_{language}": texts.get(language, "") for language in LANGUAGES}
