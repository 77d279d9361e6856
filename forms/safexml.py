"""XML from strangers: no DTD, no entities, no network, bounded in size and depth."""

from functools import cache

from lxml import etree

from forms.errors import UnreadableXml

MAX_BYTES = 16_000_000
MAX_DEPTH = 200


def parse_xml(
    body: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH
) -> etree._Element:
    """Return the root element, without comments and processing instructions.

    Raises UnreadableXml and nothing else; its message never quotes the document.
    """
    if len(body) > max_bytes:
        raise UnreadableXml(f"The document has {len(body)} bytes; at most {max_bytes} are accepted")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise UnreadableXml(
            f"Not well-formed XML at line {line}, column {column}: send UTF-8 XML as the form "
            "client wrote it"
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXml("A document type declaration is not accepted: remove <!DOCTYPE …>")
    if _deeper_than(max_depth)(root):
        raise UnreadableXml(f"Elements nest deeper than {max_depth}: not a form or a submission")
    return root


def local_name(element: etree._Element) -> str:
    """Return the tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


@cache
def _deeper_than(depth: int) -> etree.XPath:
    """Ask libxml2 whether any element has more than `depth` levels; no walk in Python.

    Nearly every document is settled by the first few levels.
    """
    few = min(depth, 10)
    return etree.XPath(f"boolean({'/*' * (few + 1)}) and boolean({'/*' * (depth + 1)})")
