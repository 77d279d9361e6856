"""Regular expressions for `regex()`: full match."""

import re


class PatternError(Exception):
    """The pattern is not supported; the message says why."""


class Pattern:
    """A compiled pattern."""

    def __init__(self, source: str) -> None:
        try:
            self._compiled = re.compile(source)
        except re.error as error:
            raise PatternError(str(error)) from None

    def matches(self, text: str) -> bool:
        """Whether the whole text matches."""
        return self._compiled.fullmatch(text) is not None
