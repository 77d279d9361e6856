"""Submission XML → who sent which form about what, and the answers as a tree."""

from dataclasses import dataclass

from lxml import etree

from forms.errors import UnreadableXml
from forms.safexml import parse_xml

MAX_NODES = 100_000
_SHORTEST = len(b"<a/>")  # bytes of an element; fewer cannot hold too many

_TOO_MANY = etree.XPath(f"count(//*) > {MAX_NODES}")


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission as read: `root` is the element that carries the form's id.

    `instance_id` and `deprecated_id` are None where the meta block does not give them.
    """

    form_id: str
    version: str
    instance_id: str | None
    deprecated_id: str | None
    root: etree._Element


def read_submission(xml: bytes, *, named: bool = True) -> Submission:
    """Read a submission. Raises UnreadableXml, with what to do; nothing is judged here.

    With `named` its root element has to name its form, as it does unless the form itself has no id.
    """
    root = parse_xml(xml)
    form_id = root.get("id", "").strip()
    if named and not form_id:
        raise UnreadableXml(
            "The root element names no form: send the instance with its id and version attributes"
        )
    if len(xml) > _SHORTEST * MAX_NODES and _TOO_MANY(root):
        raise UnreadableXml(f"More than {MAX_NODES} nodes: no form of ours asks as much")
    meta = next(root.iterchildren("{*}meta"), None)
    return Submission(
        form_id,
        root.get("version", "").strip(),
        _meta(meta, "instanceID"),
        _meta(meta, "deprecatedID"),
        root,
    )


def _meta(meta: etree._Element | None, name: str) -> str | None:
    found = None if meta is None else next(meta.iterchildren(f"{{*}}{name}"), None)
    return None if found is None else (found.text or "").strip() or None
