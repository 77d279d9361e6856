"""The rules of the linter as a table for the documentation."""

import re

from forms.lint.linter import catalogue

_WORD = re.compile(r"\{\{+|\}\}+|\{(\w+)\}")


def rules_table() -> str:
    """Markdown: code, severity, what is wrong and what to do, with `…` for what a form fills in."""
    lines = ["| code | severity | what | what to do |", "|---|---|---|---|"]
    for code, rule in catalogue().items():
        what, todo = (_plain(texts["en"]) for texts in (rule.message, rule.advice))
        lines.append(f"| {code} | {rule.severity} | {what} | {todo} |")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Put `…` for words, and single brackets for doubled ones."""
    return _WORD.sub(lambda found: "…" if found[1] else found[0][0], text).replace("|", r"\|")
