"""OpenRosa 1.0: a form client's submission to an envelope, and the documents it asks for.

Reads with lxml itself, because sync must stand without the form engine: no entities, no network,
no DTD, bounded size and depth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import local
from typing import Final

from lxml import etree

from sync.envelope import MAX_IDENTIFIER, Attachment, Envelope, is_identifier, read_time
from sync.errors import Unreadable

#: A large questionnaire with many repeats stays below 1 MB; each element costs about 100 bytes
#: of memory however short it is written, so that the limit bounds memory as well.
MAX_SUBMISSION_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 200

_FILLED_IN: Final = ("{*}start", "{*}end", "{*}deviceid")
OPENROSA: Final = "http://openrosa.org/xforms"
_FORM_LIST: Final = "http://openrosa.org/xforms/xformsList"
_MANIFEST: Final = "http://openrosa.org/xforms/xformsManifest"
_RESPONSE: Final = "http://openrosa.org/http/response"
_PLAIN: Final = {"UTF-8", "utf-8"}  # where every level but a last empty one has its own `</`
_FEW: Final = 10  # levels
_DEEP: Final = etree.XPath(f"boolean({'/*' * (_FEW + 1)})")
_TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormListing:
    """A form that a client may download; `digest` is the md5 of the form in hexadecimal."""

    form_id: str
    name: str
    version: str
    digest: str
    download_url: str
    manifest_url: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaListing:
    """A file that a form needs; `digest` is its md5 in hexadecimal.

    With `integrity_url` it is an entity list: the client asks there what was deleted.
    """

    filename: str
    digest: str
    download_url: str
    integrity_url: str | None = None


def read_envelope(
    body: bytes,
    *,
    device: str = "",
    attachments: Sequence[Attachment] = (),
    max_bytes: int = MAX_SUBMISSION_BYTES,
) -> Envelope:
    """Read the bytes of an `xml_submission_file` as an envelope that keeps them as they are.

    Raises Unreadable (too_large, not_xml, has_doctype, too_deep, not_a_submission,
    no_instance_id, bad_identifier). Where `device` is empty the submission's own `deviceid` is
    taken.
    """
    root = _parse(body, max_bytes)
    meta = _meta(root)
    form_id = _form_id(root)
    told = {**meta, **_clocks(root)}
    return Envelope(
        instance_id=_instance_id(root, meta),
        form_id=form_id,
        form_version=_clean(root.get("version") or ""),
        body=body,
        device=_clean(device) or _clean(_first(told, "deviceid", "deviceID")),
        captured_at=read_time(_first(told, "end", "timeEnd"))
        or read_time(_first(told, "start", "timeStart")),
        prior_instance_id=_prior(meta),
        attachments=tuple(attachments),
    )


def form_list(forms: Iterable[FormListing]) -> bytes:
    """Write the answer to GET formList."""
    root = _document(_FORM_LIST, "xforms")
    for form in forms:
        told = {
            "formID": form.form_id,
            "name": form.name,
            "version": form.version,
            "hash": f"md5:{form.digest}",
            "descriptionText": form.description,
            "downloadUrl": form.download_url,
            "manifestUrl": form.manifest_url,
        }
        _fill(etree.SubElement(root, f"{{{_FORM_LIST}}}xform"), _FORM_LIST, told)
    return _bytes(root)


def manifest(files: Iterable[MediaListing]) -> bytes:
    """Write the answer to GET manifest: the files that a form needs."""
    root = _document(_MANIFEST, "manifest")
    for each in files:
        node = etree.SubElement(root, f"{{{_MANIFEST}}}mediaFile")
        if each.integrity_url:
            node.set("type", "entityList")
        told = {
            "filename": each.filename,
            "hash": f"md5:{each.digest}",
            "downloadUrl": each.download_url,
            "integrityUrl": each.integrity_url,
        }
        _fill(node, _MANIFEST, told)
    return _bytes(root)


def submission_response(message: str, *, nature: str = "submit_success") -> bytes:
    """Write the answer to POST submission; `nature` tells a machine what became of it."""
    root = _document(_RESPONSE, "OpenRosaResponse")
    node = etree.SubElement(root, f"{{{_RESPONSE}}}message", nature=nature)
    node.text = _printable(message)
    return _bytes(root)


def integrity(deleted: Mapping[str, bool]) -> bytes:
    """Write the answer to GET integrity: for each entity id, whether it was deleted."""
    root = etree.Element("data")
    entities = etree.SubElement(root, "entities")
    for entity_id, gone in deleted.items():
        node = etree.SubElement(entities, "entity", id=_printable(entity_id))
        etree.SubElement(node, "deleted").text = "true" if gone else "false"
    return _bytes(root)


class _Own(local):
    """What each thread has for itself: a parser, as making one costs a fifth of its work."""

    def __init__(self) -> None:
        self.parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )


_own = _Own()


def _parse(body: bytes, max_bytes: int) -> etree._Element:
    if len(body) > max_bytes:
        raise Unreadable("too_large")
    parser = _own.parser
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise Unreadable(_why_not(parser)) from None
    about = root.getroottree().docinfo
    if about.internalDTD is not None:
        raise Unreadable("has_doctype")
    if about.encoding not in _PLAIN or b"\0" in body or body.count(b"</") >= MAX_DEPTH:
        _bound_depth(root)
    return root


def _why_not(parser: etree.XMLParser) -> str:
    """Tell a document that is merely nested beyond the parser's own limit from a broken one."""
    kinds = {entry.type_name for entry in parser.error_log}
    entities = {"ERR_ENTITY_LOOP", "ERR_ENTITY_BOUNDARY", "ERR_RESOURCE_LIMIT"}
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        return "too_deep"
    return "has_doctype" if kinds & entities else "not_xml"


def _bound_depth(root: etree._Element) -> None:
    """Refuse what nests too deep; libxml2 looks, and for nearly all the first levels settle it."""
    if _DEEP(root) and _TOO_DEEP(root):
        raise Unreadable("too_deep")


def _meta(root: etree._Element) -> Mapping[str, str]:
    """Give the texts of the meta block, which stands in OpenRosa's, the form's or no namespace."""
    for child in root.iterchildren("{*}meta"):
        if _space(child) in {OPENROSA, "", _space(root)}:
            return {_local(node): (node.text or "").strip() for node in child}
    return {}


def _instance_id(root: etree._Element, meta: Mapping[str, str]) -> str:
    found = meta.get("instanceID") or (root.get("instanceID") or "").strip()
    if not found:
        raise Unreadable("no_instance_id")
    return _identifier(found)


def _form_id(root: etree._Element) -> str:
    """Give the form id: the root's `id`, or its namespace as OpenRosa allows."""
    found = (root.get("id") or "").strip() or _space(root)
    if not found or _local(root) == "html":  # a blank form has html as its root
        raise Unreadable("not_a_submission")
    return _identifier(found)


def _prior(meta: Mapping[str, str]) -> str | None:
    found = meta.get("deprecatedID")
    return _identifier(found) if found else None


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise Unreadable("bad_identifier")
    return text


def _clocks(root: etree._Element) -> Mapping[str, str]:
    """Give what the form filled in by itself, among the root's children."""
    children = (
        (_local(each), (each.text or "").strip()) for each in root.iterchildren(*_FILLED_IN)
    )
    return {name: text for name, text in children if text}


def _first(told: Mapping[str, str], *names: str) -> str:
    return next((told[name] for name in names if told.get(name)), "")


def _clean(text: str) -> str:
    """Drop what neither XML nor a database's text can hold, and what would not fit a column."""
    return _printable(text)[:MAX_IDENTIFIER]


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isprintable())


def _document(space: str, name: str) -> etree._Element:
    nsmap = {None: space}
    return etree.Element(f"{{{space}}}{name}", nsmap=nsmap)  # type: ignore[arg-type] # stubs know no default namespace


def _fill(parent: etree._Element, space: str, told: Mapping[str, str | None]) -> None:
    for name, text in told.items():
        if text is not None:
            etree.SubElement(parent, f"{{{space}}}{name}").text = _printable(text)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _space(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[0].removeprefix("{")
