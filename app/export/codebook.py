"""The codebook of a release: what each column means."""

from collections.abc import Iterator, Sequence

from app.export.rules import NO_ANSWER, NOT_ASKED, NOT_VALID, has_labels
from forms.dictionary import Variable
from forms.schema import Questionnaire

KEYS = (
    ("document_id", "Nomor dokumen", "Number of the document"),
    ("number", "Nomor urut dalam dokumen", "Number within the document"),
    ("kelurahan", "Kode BPS kelurahan (10 angka)", "BPS code of the kelurahan (10 digits)"),
)
COLUMNS = ("variable", "kind", "type", "label_id", "label_en", "codes", "universe", "constraint")


def entries(form: Questionnaire, shown: Sequence[Variable]) -> list[dict[str, object]]:
    """Give one entry for each released variable."""
    return [
        {
            "variable": each.name,
            "repeat": each.repeat.rpartition("/")[2] if each.repeat else None,
            "kind": each.kind,
            "type": each.type,
            "label_id": form.text(each.labels, "id"),
            "label_en": form.text(each.labels, "en"),
            "codes": [
                {"value": value, "id": form.text(labels, "id"), "en": form.text(labels, "en")}
                for value, labels in each.codes
            ],
            "list": each.external,
            "universe": each.universe,
            "constraint": each.constraint,
            "has_label_column": has_labels(each),
        }
        for each in shown
    ]


def table(form: Questionnaire, shown: Sequence[Variable]) -> Iterator[Sequence[str]]:
    """Give the codebook as rows for people who read it in a spreadsheet."""
    yield COLUMNS
    for name, indonesian, english in KEYS:
        yield (name, "key", "string", indonesian, english, "", "", "")
    for each in shown:
        codes = " | ".join(f"{value} = {form.text(labels, 'id')}" for value, labels in each.codes)
        yield (
            each.name,
            each.kind,
            each.type,
            form.text(each.labels, "id"),
            form.text(each.labels, "en"),
            codes or (f"list: {each.external}" if each.external else ""),
            each.universe or "all",
            each.constraint,
        )
    yield (NOT_ASKED, "missing", "", "Tidak ditanyakan", "Not asked", "", "", "")
    yield (NO_ANSWER, "missing", "", "Ditanyakan, tidak dijawab", "Asked, not answered", "", "", "")
    yield (NOT_VALID, "missing", "", "Isian tidak sah", "Answer not valid", "", "", "")
