"""Writing a release: the same documents give the same bytes, on any day and any machine."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Protocol

from app.areas.codes import LENGTHS, Level
from app.export.codebook import codebook_of, held_lists, stem_of, table
from app.export.columns import cells, header, released, rows_of
from app.export.repository import Approved
from app.export.rules import FOUND, inert
from forms.codebook.ddi import as_ddi
from forms.codebook.document import as_document
from forms.dictionary import Variable
from forms.lists import Lists
from forms.schema import Questionnaire

KELURAHAN_DIGITS = LENGTHS[Level.KELURAHAN]
SUMS = "SHA256SUMS"


class _CsvWriter(Protocol):
    def writerow(self, row: Iterable[object], /) -> object: ...


@dataclass(frozen=True, slots=True)
class Microdata:
    """One document as it goes out: its values by path, relevant nodes only."""

    document: Approved
    form: Questionnaire
    lists: Lists
    values: dict[str, str]


@dataclass(slots=True)
class _FormFiles:
    """The open files of one version of a form."""

    shown: list[Variable]
    main: _CsvWriter
    repeats: dict[str, _CsvWriter]


@dataclass(slots=True)
class Writer:
    """Writes into `folder`; `close` finishes codebooks and checksums."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    _forms: dict[tuple[str, str], _FormFiles] = field(default_factory=dict)
    _trees: dict[tuple[str, str], tuple[Questionnaire, Lists]] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)
    _dispositions: _CsvWriter | None = None

    def add(self, one: Microdata) -> None:
        """Write one document: an establishment, or only what became of it or of its record."""
        files = self._files_of(one)
        kelurahan = one.document.area_code[:KELURAHAN_DIGITS]
        if one.document.presence not in FOUND or one.document.merged_into is not None:
            self._disposition(one.document, kelurahan)
            return
        single = [each for each in files.shown if each.repeat is None]
        row = cells(single, one.values, one.lists)
        files.main.writerow([inert(one.document.document_id), kelurahan, *map(inert, row)])
        self._count(_stem(one))
        for repeat, writer in files.repeats.items():
            self._add_repeat(one, files, repeat, writer)

    def close(self, about: dict[str, object]) -> str:
        """Write codebooks, the description and the checksums; give the release's digest."""
        self._open.close()
        for (form_id, version), (tree, lists) in sorted(self._trees.items(), key=_by_name):
            self._codebook(f"{stem_of(form_id, version)}-codebook", tree, lists)
        self._document("release.json", {**about, "rows": dict(sorted(self.rows.items()))})
        return self._sums()

    def _codebook(self, stem: str, form: Questionnaire, lists: Lists) -> None:
        book = codebook_of(form, held_lists(form, lists), self.rows)
        self._document(f"{stem}.json", as_document(book))
        (self.folder / f"{stem}.xml").write_bytes(as_ddi(book))
        with self._text(f"{stem}.csv") as file:
            csv.writer(file).writerows(table(book))

    def _files_of(self, one: Microdata) -> _FormFiles:
        key = (one.document.form_id, one.document.form_version)
        if key not in self._forms:
            shown = released(one.form)
            repeats = sorted({each.repeat for each in shown if each.repeat})
            self._trees[key] = one.form, one.lists
            self._forms[key] = _FormFiles(
                shown,
                self._table(_stem(one), shown, None),
                {repeat: self._table(_stem(one, repeat), shown, repeat) for repeat in repeats},
            )
        return self._forms[key]

    def _add_repeat(
        self, one: Microdata, files: _FormFiles, repeat: str, writer: _CsvWriter
    ) -> None:
        inside = [each for each in files.shown if each.repeat == repeat]
        for number, row in enumerate(rows_of(repeat, one.values), start=1):
            told = cells(inside, one.values, one.lists, row=row)
            writer.writerow([inert(one.document.document_id), number, *map(inert, told)])
            self._count(_stem(one, repeat))

    def _disposition(self, document: Approved, kelurahan: str) -> None:
        if self._dispositions is None:
            self._dispositions = self._csv("dispositions")
            self._dispositions.writerow(["document_id", "kelurahan", "presence", "merged_into"])
        merged_into = document.merged_into or ""
        told = (document.document_id, kelurahan, document.presence, merged_into)
        self._dispositions.writerow(map(inert, told))
        self._count("dispositions")

    def _table(self, stem: str, shown: Sequence[Variable], repeat: str | None) -> _CsvWriter:
        writer = self._csv(stem)
        key = ["document_id", "number"] if repeat else ["document_id", "kelurahan"]
        writer.writerow([*key, *header([each for each in shown if each.repeat == repeat])])
        return writer

    def _csv(self, stem: str) -> _CsvWriter:
        return csv.writer(self._open.enter_context(self._text(f"{stem}.csv")))

    def _text(self, name: str) -> IO[str]:
        return (self.folder / name).open("w", encoding="utf-8", newline="")

    def _document(self, name: str, content: object) -> None:
        with self._text(name) as file:
            json.dump(content, file, ensure_ascii=False, indent=1, sort_keys=True)

    def _count(self, name: str) -> None:
        self.rows[name] = self.rows.get(name, 0) + 1

    def _sums(self) -> str:
        files = sorted(path for path in self.folder.iterdir() if path.name != SUMS)
        lines = [f"{_digest(path)}  {path.name}\n" for path in files]
        (self.folder / SUMS).write_text("".join(lines), encoding="utf-8")
        return _digest(self.folder / SUMS)


Told = Callable[[int], None]


def _stem(one: Microdata, repeat: str | None = None) -> str:
    return stem_of(one.document.form_id, one.document.form_version, repeat)


def _by_name(item: tuple[tuple[str, str], object]) -> tuple[str, str]:
    return item[0]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        counted = sha256()
        while chunk := file.read(1 << 20):
            counted.update(chunk)
    return counted.hexdigest()
