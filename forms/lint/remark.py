"""What the linter says: a remark about one place, made from a rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.places import Place

Told = Mapping[str, str]  # language → text


@dataclass(frozen=True, slots=True)
class Remark:
    """One doubt about a questionnaire.

    code: of the rule, such as X04; it never changes its meaning
    severity: error (the form will not do what it says), warning (probably not meant) or advice
    place: of the cell; None where only an XForm is there, or the fault is an absence
    path: of the node in the XForm, '' where the remark is about no node
    message, advice: what is wrong and what to do, in Indonesian (id) and English (en)
    about: name of the question, list or setting; what an exception names
    """

    code: str
    severity: str
    place: Place | None
    path: str
    message: Told
    advice: Told
    about: str = ""

    def told(self, language: str) -> str:
        """Say it in one line: where, what, what to do."""
        where = self.place.told(language) if self.place else self.path
        text = f"{self.message[language]} {self.advice[language]}"
        return f"{where}: {text}" if where else text


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the linter; its texts hold the words that `about` fills in."""

    code: str
    severity: str
    message: Told
    advice: Told

    def about(self, place: Place | None, path: str = "", /, **words: object) -> Remark:
        """Make the remark about one place or node."""
        return Remark(
            self.code,
            self.severity,
            place,
            path,
            {language: text.format(**words) for language, text in self.message.items()},
            {language: text.format(**words) for language, text in self.advice.items()},
            path.rpartition("/")[2] or str(words.get("list") or words.get("setting") or ""),
        )


def rule(code: str, severity: str, /, **texts: str) -> Rule:
    """Make a rule from its four texts: id and en (what is wrong), do_id and do_en (what to do)."""
    return Rule(
        code,
        severity,
        {"id": texts["id"], "en": texts["en"]},
        {"id": texts["do_id"], "en": texts["do_en"]},
    )
