"""A submission as a person reads it: questions and answers in words, findings beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from app.review.schemas import Answer, Remark, Section
from forms.errors import FormsError
from forms.instance import read_submission
from forms.lists import Lists
from forms.safexml import local_name
from forms.schema import Node, Questionnaire

_SILENT = frozenset({"meta", "note", "hidden"})


@dataclass(frozen=True, slots=True)
class _Reader:
    """What every answer of one document is told with."""

    form: Questionnaire
    lists: Lists
    language: str
    remarks: dict[str, list[Remark]]
    files: Mapping[str, str]

    def section(self, node: Node, element: etree._Element, path: str, number: int) -> Section:
        title = self._text(node) or (node.name if node.kind == "repeat" else "")
        answers = tuple(self._answers(node, element, path))
        return Section(f"{title} {number}".strip() if number else title, answers)

    def _answers(self, node: Node, element: etree._Element, path: str) -> Iterator[Answer]:
        for child in node.children.values():
            for number, found in _children(element, child):
                here = f"{path}/{child.name}" + (f"[{number}]" if child.kind == "repeat" else "")
                if not child.is_leaf:
                    yield from self._answers(child, found, here)
                elif answer := self._answer(child, found, here):
                    yield answer

    def _answer(self, node: Node, element: etree._Element, path: str) -> Answer | None:
        raw = (element.text or "").strip()
        label = self._text(node)
        about = tuple(self.remarks.pop(path, ())) if label else ()
        if node.kind in _SILENT or not label or not (raw or about):
            return None
        file = self.files.get(raw, "") if raw and node.type == "binary" else None
        return Answer(path, label, self._in_words(node, raw), about, file)

    def _in_words(self, node: Node, raw: str) -> str:
        if node.itemset is None or not raw:
            return raw
        values = raw.split() if node.type in {"select", "rank"} else [raw]
        return "; ".join(self._label_of(node, value) for value in values)

    def _label_of(self, node: Node, value: str) -> str:
        for choice in node.choices:
            if choice.value == value:
                return f"{self.form.text(choice.labels, self.language)} ({value})"
        table = self.lists.table(node.external_list) if node.external_list else None
        rows = table.index("name").get(value, ()) if table else ()
        return f"{rows[0].get('label', '')} ({value})" if rows else value

    def _text(self, node: Node) -> str:
        return self.form.text(node.labels, self.language)


def read_answers(
    form: Questionnaire | None,
    lists: Lists,
    body: bytes,
    remarks: Sequence[Remark],
    *,
    files: Mapping[str, str],
    language: str,
) -> tuple[tuple[Section, ...], tuple[Remark, ...]]:
    """Give the sections that hold an answer or a remark, and the remarks that fit nowhere.

    `files` are those that came with the submission, sha256 by name. Without a known form there are
    no sections: the document says so by a finding.
    """
    if form is None:
        return (), tuple(remarks)
    try:
        root = read_submission(body).root
    except FormsError:
        return (), tuple(remarks)
    by_path: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_path.setdefault(remark.path, []).append(remark)
    reader = _Reader(form, lists, language, by_path, files)
    shown = tuple(section for section in _sections(reader, root) if section.answers)
    return shown, tuple(remark for rest in by_path.values() for remark in rest)


def _sections(reader: _Reader, root: etree._Element) -> Iterator[Section]:
    top = reader.form.root
    for child in top.children.values():
        if child.is_leaf or child.kind == "meta":
            continue
        for number, found in _children(root, child):
            repeated = child.kind == "repeat"
            path = f"{top.path}/{child.name}" + (f"[{number}]" if repeated else "")
            yield reader.section(child, found, path, number if repeated else 0)


def _children(element: etree._Element, node: Node) -> Iterator[tuple[int, etree._Element]]:
    """Give the children of an element that are this node, numbered from 1."""
    named = (each for each in element if local_name(each) == node.name)
    yield from enumerate(named, start=1)
