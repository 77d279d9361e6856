"""Labels, hints and messages of a form, by language."""

import ast
import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from forms.safexml import local_name
from forms.schema import Texts
from forms.xpath.functions.choices import BLANK

_CODE = re.compile(r".*\(\s*([A-Za-z][\w-]*)\s*\)\s*")
_REFERENCE = re.compile(r"\s*jr:itext\(\s*['\"](.*)['\"]\s*\)\s*", re.DOTALL)
NO_TEXTS: Texts = MappingProxyType({})


def language_code(name: str) -> str:
    """'Bahasa Indonesia (id)' → 'id'; a name without a code stays as it is."""
    match = _CODE.fullmatch(name)
    return match[1] if match else name


class Itext:
    """The translations of one form. Languages are known by the code in brackets."""

    def __init__(self, model: etree._Element) -> None:
        self._texts: dict[str, dict[str, str]] = {}
        self.default = ""
        for translation in model.iterfind("{*}itext/{*}translation"):
            code = language_code(translation.get("lang", ""))
            if not self.default or translation.get("default"):
                self.default = code
            self._texts[code] = {
                text.get("id", ""): _plain_value(text) for text in translation.iterfind("{*}text")
            }

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes in the order of the form; ('default',) for a form without translations."""
        return tuple(self._texts) or ("default",)

    def text(self, name: str, language: str) -> str:
        """One text in a language, else in the default one; '' when there is none."""
        for code in (language, self.default):
            found = self._texts.get(code, {}).get(name)
            if found is not None:
                return found
        return ""

    def texts(self, name: str) -> Texts:
        """One text in every language that has it."""
        found = {code: texts[name] for code, texts in self._texts.items() if texts.get(name)}
        return MappingProxyType(found)

    def plain(self, text: str) -> Texts:
        """Return the same text in every language of the form."""
        return MappingProxyType(dict.fromkeys(self.languages, text))

    def message(self, source: str | None) -> Texts:
        """Read a message attribute: `jr:itext('…')`, plain text, or pyxform's text by language."""
        if not source:
            return NO_TEXTS
        reference = _REFERENCE.fullmatch(source)
        if reference:
            return self.texts(reference[1])
        if source.startswith("{"):
            by_language = _by_language(source)
            if by_language:
                return MappingProxyType(by_language)
        return self.plain(" ".join(source.split()))

    def label(self, element: etree._Element | None) -> Texts:
        """Read a `<label>` or `<hint>`: by reference, or as written."""
        if element is None:
            return NO_TEXTS
        reference = element.get("ref")
        if reference:
            return self.message(reference)
        text = _rendered(element)
        return self.plain(text) if text else NO_TEXTS


def _by_language(source: str) -> Mapping[str, str]:
    """Pyxform writes a translated bind attribute of ours as a Python dictionary."""
    try:
        found = ast.literal_eval(source)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {language_code(str(name)): str(text) for name, text in found.items() if text}


def _plain_value(text: etree._Element) -> str:
    """Return the written form of a text, else its long or short one; media are passed over."""
    forms = {value.get("form"): value for value in text.iterfind("{*}value")}
    for form in (None, "", "long", "short"):
        if form in forms:
            rendered = _rendered(forms[form])
            return "" if rendered == "-" else rendered  # pyxform's mark for a missing translation
    return ""


def _rendered(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts.append(BLANK if local_name(child) == "output" else _rendered(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())
