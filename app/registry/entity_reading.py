"""Entries to what they say of entities: submissions, the prelist, decisions of the office; pure."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from lxml import etree

from app.questionnaires.answers import told_in
from app.registry.entity_rules import ENTITY, LABEL, USAHA, Said
from app.registry.fold import PRELIST, is_unit_id, prelisted
from forms.safexml import local_name
from forms.schema import EntityDeclaration, Questionnaire
from sync.envelope import SUBMISSION
from sync.journal import Entry
from sync.receipts import Outcome

LONGEST = 2000  # characters of a field; the journal keeps the whole
_NUMBER = re.compile(r"[0-9]{1,18}")
_YES = frozenset({"1", "true", "true()"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

FormOf = Callable[[Entry], Questionnaire | None]


def said_by(entry: Entry, form_of: FormOf) -> Iterator[Said]:
    """Give what an entry says of entities, in document order; rival versions never speak."""
    if entry.kind == PRELIST:
        yield from _of_prelist(entry)
    elif entry.kind == ENTITY:
        yield from _of_office(entry)
    elif entry.kind == SUBMISSION and entry.outcome is not Outcome.RIVAL:
        yield from _of_submission(entry, form_of)


def _of_prelist(entry: Entry) -> Iterator[Said]:
    told = prelisted(entry)
    if told is None:
        return
    name = told.business_name or told.owner_name
    fields = {
        LABEL: " - ".join(filter(None, (name, told.address))),
        "idsubsls": told.idsubsls,
        "kbli": told.kbli,
        "business_name": told.business_name,
        "owner_name": told.owner_name,
    }
    yield _said(entry, 0, USAHA, told.unit_id, creates=True, updates=True, fields=fields)


def _of_office(entry: Entry) -> Iterator[Said]:
    told = json.loads(entry.body)
    yield _said(
        entry,
        0,
        told["dataset"],
        told["entity_id"],
        updates=True,
        deletes=told["deleted"],
        base=told["number"],
        fields=told["fields"],
        forces=told.get("forces", ()),
    )


def _of_submission(entry: Entry, form_of: FormOf) -> Iterator[Said]:
    if b"entity" not in entry.body and b"\0" not in entry.body:  # UTF-16 writes it otherwise
        return
    told = told_in(entry.body)
    if told is None:
        return
    root = told.submission.root
    found = list(_entities(root))
    form = form_of(entry) if found else None
    declared = {} if form is None else {each.path: each for each in form.entities}
    for ordinal, node in enumerate(found):
        said = _spoken(entry, ordinal, node, declared.get(_path(node)))
        if said is not None:
            yield said


def _spoken(
    entry: Entry, ordinal: int, node: etree._Element, declared: EntityDeclaration | None
) -> Said | None:
    """Read one `<entity>`; None where it names nothing, or neither creates nor updates."""
    told = {str(name).rpartition("}")[2]: str(text).strip() for name, text in node.attrib.items()}
    creates, updates = told.get("create") in _YES, told.get("update") in _YES
    entity_id, dataset = told.get("id", ""), told.get("dataset", "")
    if not (creates or updates) or not is_unit_id(entity_id) or not is_unit_id(dataset):
        return None
    fields = {} if declared is None else dict(_fields(node, declared))
    label = next((_text(child) for child in node if local_name(child) == LABEL), "")
    return _said(
        entry,
        ordinal,
        dataset,
        entity_id,
        creates=creates,
        updates=updates,
        base=_number(told.get("baseVersion")),
        trunk=_number(told.get("trunkVersion")),
        branch=told.get("branchId", ""),
        fields={**fields, LABEL: label} if label else fields,
    )


def _fields(node: etree._Element, declared: EntityDeclaration) -> Iterator[tuple[str, str]]:
    """Give the properties whose questions were asked, of the entity's own repeat instance."""
    owner = next(islice(node.iterancestors(), 1, None))  # of the meta block
    top = declared.path.removesuffix("/meta/entity")
    for name, path in declared.saves.items():
        found = _below(owner, path.removeprefix(f"{top}/").split("/"))
        if found is not None:
            yield name, _text(found)


def _below(node: etree._Element, names: list[str]) -> etree._Element | None:
    for name in names:
        found = next((child for child in node if local_name(child) == name), None)
        if found is None:
            return None
        node = found
    return node


def _entities(root: etree._Element) -> Iterator[etree._Element]:
    for meta in root.iter("{*}meta"):
        yield from (child for child in meta if local_name(child) == "entity")


def _path(node: etree._Element) -> str:
    above = [local_name(each) for each in node.iterancestors()]
    return "/" + "/".join([*reversed(above), "entity"])


def _said(
    entry: Entry,
    ordinal: int,
    dataset: str,
    entity_id: str,
    *,
    fields: Mapping[str, str],
    **told: Any,  # noqa: ANN401 - the rest of Said's fields
) -> Said:
    return Said(
        lane=entry.lane,
        position=entry.position,
        ordinal=ordinal,
        dataset=dataset,
        entity_id=entity_id,
        origin=entry.kind,
        instance_id=entry.instance_id,
        replaces=entry.prior_instance_id if entry.kind == SUBMISSION else None,
        fields=fields,
        **told,
    )


def _text(node: etree._Element) -> str:
    return _UNSTORABLE.sub(" ", node.text or "").strip()[:LONGEST]


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None
