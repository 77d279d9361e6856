"""Making DDI elements."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from forms.codebook.wording import LANGUAGES
from forms.schema import Texts

NAMESPACE: Final = "ddi:codebook:2_5"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES: Any = {None: NAMESPACE}  # lxml-stubs know no namespace without a prefix
_UNFIT = re.compile(r"[^\w.-]", re.ASCII)


def element(tag: str, *content: etree._Element | str, **attributes: str) -> etree._Element:
    """Give an element with its attributes, its text and its children."""
    made = etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, _PREFIXES)
    for each in content:
        if isinstance(each, str):
            made.text = (made.text or "") + each
        else:
            made.append(each)
    return made


def identifier(*parts: str) -> str:
    """Give an XML name that tells the parts."""
    return _UNFIT.sub("_", ".".join(parts))


def told(tag: str, texts: Texts, **attributes: str) -> Iterator[etree._Element]:
    """Give an element for each language that has a text."""
    for language in LANGUAGES:
        text = texts.get(language, "")
        if text:
            made = element(tag, text, **attributes)
            made.set(LANG, language)
            yield made
