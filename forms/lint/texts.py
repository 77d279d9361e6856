"""Rules about what people read: translations and messages."""

from collections.abc import Iterator, Mapping

from forms.lint.form import Form, Question
from forms.lint.remark import Remark, rule

_MESSAGES = {"constraint": "constraint_message", "bind::se:warning": "bind::se:warningMsg"}
_WORDS_ALIKE = 4  # so many words are hardly the same in two languages

UNTRANSLATED = rule(
    "T01", "warning",
    id="{column} dari {name} tidak ada dalam bahasa {language}.",
    en="{column} of {name} is missing in {language}.",
    do_id="Isi kolom {column}::{language}.",
    do_en="Fill the column {column}::{language}.",
)  # fmt: skip
CONSTRAINT_SILENT = rule(
    "T02", "warning",
    id="batasan {name} tidak menjelaskan apa yang salah.",
    en="the constraint of {name} does not say what is wrong.",
    do_id="Isi constraint_message dengan apa yang harus ditulis petugas.",
    do_en="Fill constraint_message with what the enumerator should write.",
)  # fmt: skip
WARNING_SILENT = rule(
    "T03", "warning",
    id="peringatan {name} tidak menjelaskan apa yang janggal.",
    en="the warning of {name} does not say what is unusual.",
    do_id="Isi bind::se:warningMsg dalam setiap bahasa.",
    do_en="Fill bind::se:warningMsg in every language.",
)  # fmt: skip
MESSAGE_ALONE = rule(
    "T04", "warning",
    id="{column} dari {name} tidak pernah tampil: aturannya tidak ada.",
    en="{column} of {name} is never shown: there is no rule for it.",
    do_id="Tulis aturannya pada kolom {rule}, atau hapus pesannya.",
    do_en="Please either write the rule in {rule}, or remove the message.",
)  # fmt: skip
SAME_IN_BOTH = rule(
    "T05", "advice",
    id="{column} dari {name} sama persis dalam dua bahasa.",
    en="{column} of {name} is the same in two languages.",
    do_id="Terjemahkan, atau biarkan bila memang sama.",
    do_en="Please either translate it, or leave it where it is meant so.",
)  # fmt: skip


def translations(form: Form) -> Iterator[Remark]:
    """Find texts that some language of the form lacks, or that were only copied."""
    for question in form.questions:
        for column, texts in question.texts.items():
            for language in _missing(form, texts):
                place = question.place(*(f"{column}::{each}" for each in texts if each))
                yield UNTRANSLATED.about(
                    place, question.path, name=question.name, column=column, language=language
                )
            if _copied(texts):
                place = question.place(*(f"{column}::{each}" for each in texts))
                yield SAME_IN_BOTH.about(place, question.path, name=question.name, column=column)
    for each in form.lists.values():
        for code, labels in each.labels.items():
            for language in _missing(form, labels):
                yield UNTRANSLATED.about(
                    each.place(code), name=f"{each.name} {code}", column="label", language=language
                )


def messages(form: Form) -> Iterator[Remark]:
    """Find rules without a message, and messages without a rule."""
    for question in form.questions:
        if question.kind == "calculation":
            continue
        yield from _silent(question)
        for column, message in (*_MESSAGES.items(), ("required", "required_message")):
            if message in question.texts and column not in question.rules:
                if _is_there(question, column):
                    continue  # written, but the compiler names it as no expression
                place = question.place(message, *_languages(question, message))
                yield MESSAGE_ALONE.about(
                    place, question.path, name=question.name, column=message, rule=column
                )


def _silent(question: Question) -> Iterator[Remark]:
    for column, silence in (
        ("constraint", CONSTRAINT_SILENT),
        ("bind::se:warning", WARNING_SILENT),
    ):
        each = question.rules.get(column)
        if each is not None and _MESSAGES[column] not in question.texts:
            yield silence.about(each.place, question.path, name=question.name)


def _missing(form: Form, texts: Mapping[str, str]) -> Iterator[str]:
    if len(form.languages) < 2 or set(texts) <= {""}:  # noqa: PLR2004 - nothing to translate into
        return
    for language in form.languages:
        if not texts.get(language) and not texts.get(""):
            yield language


def _copied(texts: Mapping[str, str]) -> bool:
    found = list(texts.values())
    return len(found) > 1 and len(set(found)) == 1 and len(found[0].split()) >= _WORDS_ALIKE


def _languages(question: Question, column: str) -> list[str]:
    return [f"{column}::{language}" for language in question.texts[column]]


def _is_there(question: Question, column: str) -> bool:
    return question.row is not None and column in question.row.cells
