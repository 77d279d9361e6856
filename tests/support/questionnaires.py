"""A form stands in its test as a table: type, name, label and the rules under test."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from pyxform.xls2xform import convert

from forms.findings import Finding, Report
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.validate import validate
from forms.xform import read_xform

NO_LISTS = StaticLists()
Answer = Any


def xform(survey: str, choices: str = "", settings: str = "") -> bytes:
    """Compile Markdown tables, each without its sheet's name; `form_id` defaults to `test`."""
    settings = settings or "| form_id | version |\n| test | 1 |"
    sheets = (("survey", _labelled(survey)), ("choices", choices), ("settings", settings))
    text = "\n".join(_sheet(name, table) for name, table in sheets if table.strip())
    return convert(xlsform=text, file_type=".md", form_name="data", validate=False).xform.encode()


def questionnaire(survey: str, choices: str = "", settings: str = "") -> Questionnaire:
    """Compile Markdown tables into a questionnaire."""
    return read_xform(xform(survey, choices, settings))


def submission(form: Questionnaire, answers: Mapping[str, Answer] | str) -> bytes:
    """A submission with just these nodes: nested mappings for groups, sequences for repeats."""
    inner = answers if isinstance(answers, str) else _elements(answers)
    return (
        f'<data id="{form.form_id}" version="{form.version}">{inner}'
        "<meta><instanceID>uuid:0b5c7a52-0000-4000-8000-000000000001</instanceID></meta></data>"
    ).encode()


def report(
    form: Questionnaire,
    answers: Mapping[str, Answer] | str,
    lists: StaticLists = NO_LISTS,
    language: str = "id",
) -> Report:
    """What the validator says about these answers."""
    return validate(form, read_submission(submission(form, answers)), lists, language=language)


def broken(
    form: Questionnaire, answers: Mapping[str, Answer] | str, lists: StaticLists = NO_LISTS
) -> list[tuple[str, str]]:
    """Rule and path of every finding."""
    return [named(finding) for finding in report(form, answers, lists).findings]


def named(finding: Finding) -> tuple[str, str]:
    """A finding without its severity and message."""
    return finding.rule, finding.path


def listed(**tables: str) -> StaticLists:
    """Lists from CSV text by name."""
    return StaticLists({name: ListTable.from_csv(text.encode()) for name, text in tables.items()})


def _elements(answers: Mapping[str, Answer]) -> str:
    return "".join(
        f"<{name}>{_inner(one)}</{name}>"
        for name, answer in answers.items()
        for one in _all(answer)
    )


def _all(answer: Answer) -> Iterable[str | Mapping[str, Answer]]:
    return (answer,) if isinstance(answer, str | Mapping) else answer


def _inner(answer: str | Mapping[str, Answer]) -> str:
    return escape(answer) if isinstance(answer, str) else _elements(answer)


def _sheet(name: str, table: str) -> str:
    rows = (line.strip() for line in table.strip().splitlines())
    return "\n".join([f"| {name} |", *(f"| {row}" for row in rows if row)])


def _labelled(survey: str) -> str:
    """Give questions a label where the test does not care: pyxform insists on one."""
    lines = [line.strip() for line in survey.strip().splitlines()]
    if not lines or re.search(r"\|\s*label", lines[0]):
        return survey
    return "\n".join([f"{lines[0]} label |", *(f"{line} ? |" for line in lines[1:] if line)])
