"""What the tests of the project's questionnaires read from their XForms."""

from collections.abc import Iterator

from lxml import etree

NS = {
    "x": "http://www.w3.org/2002/xforms",
    "h": "http://www.w3.org/1999/xhtml",
    "jr": "http://openrosa.org/javarosa",
    "odk": "http://www.opendatakit.org/xforms",
    "entities": "http://www.opendatakit.org/xforms/entities",
}
WARNING = "{https://se2026.bps.go.id/ns/xforms/warning}"
JR = "{http://openrosa.org/javarosa}"
INDONESIAN, ENGLISH = "Bahasa Indonesia (id)", "English (en)"
_CONTROLS = ("input", "select1", "select", "upload", "trigger", "group")


def local(element: etree._Element) -> str:
    """Name of an element without its namespace."""
    return etree.QName(element).localname


def instance(form: etree._Element) -> etree._Element:
    """The instance that a device fills in."""
    (root,) = form.xpath("h:head/x:model/x:instance[1]/*", namespaces=NS)
    return root


def leaves(form: etree._Element) -> list[str]:
    """Names of all leaves; a repeat stands twice in an XForm: as template and as first entry."""
    templated = f"{JR}template"
    return [
        local(element)
        for element in instance(form).iter(etree.Element)
        if len(element) == 0 and not any(templated in a.attrib for a in element.iterancestors())
    ]


def controls(form: etree._Element) -> Iterator[etree._Element]:
    """Questions and groups as they are shown."""
    body = form.find("h:body", NS)
    assert body is not None
    return (element for element in body.iter(etree.Element) if local(element) in _CONTROLS)


def translations(form: etree._Element) -> dict[str, dict[str, str]]:
    """Texts by language and key."""
    return {
        translation.get("lang", ""): {
            text.get("id", ""): "".join(text.itertext()).strip() for text in translation
        }
        for translation in form.iterfind(".//x:itext/x:translation", NS)
    }


def key_of(reference: str | None) -> str:
    """Key of a text: `jr:itext('/data/x:label')` → `/data/x:label`."""
    return (reference or "").removeprefix("jr:itext('").removesuffix("')")


def codes(form: etree._Element, name: str) -> list[str]:
    """Codes of a list that is written in the form."""
    path = f".//x:instance[@id='{name}']/x:root/x:item/x:name/text()"
    return [str(code) for code in form.xpath(path, namespaces=NS)]


def bind(form: etree._Element, path: str) -> etree._Element:
    """The one bind about a node."""
    (found,) = form.xpath(f".//x:bind[@nodeset='{path}']", namespaces=NS)
    return found
