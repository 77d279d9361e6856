"""Warning messages in several languages.

A bind attribute of our own cannot be translated in an XLSForm: pyxform would write its texts as one
Python dictionary. So the texts travel through the conversion in the place of a message that pyxform
does translate, `jr:noAppErrorString`, and take their own name afterwards:
`se:warningMsg="jr:itext('/data/x:se_warningMsg')"`, with the texts among the form's translations.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from forms.columns import split_language
from forms.safexml import parse_xml
from forms.tables import Row

if TYPE_CHECKING:
    from forms.source import Source

MESSAGE = "bind::se:warningMsg"
NAMESPACE = "https://se2026.bps.go.id/ns/xforms/warning"

_CARRIER = "no_app_error_string"
_ATTRIBUTE = "{http://openrosa.org/javarosa}noAppErrorString"
_OLD, _NEW = ":jr:noAppErrorString", ":se_warningMsg"


_BOUND = re.compile(r"([\w-]+)=")
_PREFIX = re.compile(r"(?:bind|control|body|instance)::([\w-]+):[\w-]+(?:::.*)?")
_STANDARD = frozenset(["jr", "odk", "orx", "ev", "xsd", "h", "entities"])


def require_prefixes(source: "Source") -> None:
    """Refuse a bind column whose prefix the settings do not bind. Raises DefinitionError."""
    bound = {*_STANDARD, *_BOUND.findall(source.settings.get("namespaces", ""))}
    for row in source.rows("survey"):
        for column, place in row.places.items():
            found = _PREFIX.fullmatch(column)
            if found and found[1] not in bound:
                binding = f'{found[1]}="{NAMESPACE}"'
                raise place.error(
                    f"the prefix “{found[1]}” is not bound.",
                    f"Add {binding} to the setting “namespaces”.",
                    indonesian=f"awalan “{found[1]}” belum didaftarkan. "
                    f"Tambahkan {binding} pada pengaturan “namespaces”.",
                )


def with_carriers(source: "Source") -> Mapping[str, tuple[Row, ...]]:
    """Sheets as pyxform takes them: translated warning messages under the carrier's name.

    Raises DefinitionError where a form needs the carrier for itself.
    """
    if not _translates(source):
        return source.sheets
    return {**source.sheets, "survey": tuple(map(_carried, source.rows("survey")))}


def rename_carriers(xform: bytes, source: "Source") -> bytes:
    """Give the carried messages their own name in the XForm."""
    if not _translates(source):
        return xform
    root = parse_xml(xform)
    for bind in root.iter("{*}bind"):
        reference = bind.get(_ATTRIBUTE)
        if reference is not None:
            del bind.attrib[_ATTRIBUTE]
            bind.set(f"{{{NAMESPACE}}}warningMsg", reference.replace(_OLD, _NEW))
    for text in root.iter("{*}text"):
        name = text.get("id", "")
        if name.endswith(_OLD):
            text.set("id", name.removesuffix(_OLD) + _NEW)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _translates(source: "Source") -> bool:
    return any(_is_translated(column) for row in source.rows("survey") for column in row.cells)


def _is_translated(column: str) -> bool:
    base, language = split_language(column)
    return base == MESSAGE and bool(language)


def _carried(row: Row) -> Row:
    carried = Row(row.place)
    for column, value in row.cells.items():
        base, language = split_language(column)
        place = row.places[column]
        if base == _CARRIER:
            raise place.error(
                "a form with translated warnings cannot use this column.",
                "Please either remove it, or write its warnings in one language.",
                indonesian="kolom ini tidak dapat dipakai bersama peringatan dua bahasa. "
                "Hapus kolom ini, atau tulis peringatan dalam satu bahasa.",
            )
        translated = base == MESSAGE and language
        carried.put(f"{_CARRIER}::{language}" if translated else column, value, place)
    return carried
