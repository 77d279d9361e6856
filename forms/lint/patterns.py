"""Rules about regular expressions, which JavaRosa holds against the whole answer."""

import re
from collections.abc import Iterator

from forms.lint.form import Form, Question
from forms.lint.remark import Remark, rule
from forms.lint.trees import all_rules, calls, is_self, literal, target
from forms.xpath.pattern import Pattern, PatternError
from forms.xpath.syntax import Call

_PLAIN = re.compile(r"[\w ,;:'\"-]+")
_INTEGER_EXAMPLES = ("0", "7", "10", "123", "9999", "12345", "1234567", "-1", "2147483647", "20")

NO_PATTERN = rule(
    "R01", "error",
    id="pola '{pattern}' tidak dapat dibaca.",
    en="the pattern '{pattern}' cannot be read.",
    do_id="Perbaiki polanya; garis miring terbalik ditulis satu kali.",
    do_en="Correct the pattern; a backslash is written once.",
)  # fmt: skip
PLAIN_TEXT = rule(
    "R02", "warning",
    id="pola '{pattern}' adalah teks biasa, dan regex() harus cocok dengan seluruh jawaban.",
    en="the pattern '{pattern}' is plain text, and regex() matches the whole answer.",
    do_id="Tulis contains() untuk mencari, atau = untuk menyamakan.",
    do_en="Please either write contains() to search, or = to compare.",
)  # fmt: skip
NO_INTEGER_FITS = rule(
    "R03", "error",
    id="tidak ada bilangan bulat yang cocok dengan pola '{pattern}'.",
    en="no integer matches the pattern '{pattern}'.",
    do_id="Jadikan {name} teks, atau bandingkan nilainya.",
    do_en="Please either make {name} text, or compare its value.",
)  # fmt: skip


def patterns(form: Form) -> Iterator[Remark]:
    """Find patterns that cannot be read, that search for nothing, or that nothing fits."""
    for question, each in all_rules(form):
        path = question.path if question else ""
        for call in calls(each.tree, "regex"):
            pattern = literal(call.arguments[1]) if len(call.arguments) > 1 else None
            if pattern is None:
                continue
            fits = _compiled(pattern)
            if fits is None:
                yield NO_PATTERN.about(each.place, path, pattern=pattern)
            elif _PLAIN.fullmatch(pattern):
                yield PLAIN_TEXT.about(each.place, path, pattern=pattern)
            else:
                found = _subject(form, question, call)
                if found and found.type == "int" and not any(map(fits.matches, _integers())):
                    yield NO_INTEGER_FITS.about(each.place, path, pattern=pattern, name=found.name)


def _compiled(pattern: str) -> Pattern | None:
    try:
        return Pattern(pattern)
    except PatternError:
        return None


def _subject(form: Form, question: Question | None, call: Call) -> Question | None:
    if question is None:
        return None
    if is_self(call.arguments[0]):
        return question
    return target(form, question, call.arguments[0])


def _integers() -> Iterator[str]:
    """Give integers of every length and first digit, one of which a fair pattern would fit."""
    yield from _INTEGER_EXAMPLES
    for length in range(1, 11):
        for first in "123456789":
            yield first + "0" * (length - 1)
            yield first * length
