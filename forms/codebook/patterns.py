"""Regular expressions of a questionnaire in words, where they say something simple."""

import re

from forms.codebook.wording import listed, phrase, quoted

_PIECE = re.compile(
    r"(?P<text>[A-Za-z0-9 ]+(?![{?*+]))"
    r"|\((?P<either>[A-Za-z0-9 ]+(?:\|[A-Za-z0-9 ]+)+)\)(?![{?*+])"
    r"|(?P<set>\[0-9\]|\\d|\[A-Za-z\]|\[A-Z\]|\[a-z\])(?P<times>\{\d+(?:,\d*)?\}|\+)?(?![{?*+])"
    r"|\[(?P<digits>[0-9]+|[0-9]-[0-9])\](?![{?*+])"
)
_DIGITS = frozenset(["[0-9]", r"\d"])


def pattern_words(language: str, pattern: str) -> str:
    """Put a pattern into words: “08 lalu 8 sampai 11 angka”; as code where it has none."""
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if match is None:
            return f"`{pattern}`"
        pieces.append(_piece(language, match))
        position = match.end()
    return f" {phrase(language, 'then')} ".join(pieces)


def _piece(language: str, match: re.Match[str]) -> str:
    if match["text"] is not None:
        return quoted(match["text"])
    if match["either"] is not None:
        return listed(language, [quoted(each) for each in match["either"].split("|")], "or")
    if match["digits"] is not None:
        least, dash, most = match["digits"].partition("-")
        which = phrase(language, "through", least, most) if dash else ", ".join(match["digits"])
        return phrase(language, "digit_of", which)
    kind = "digit" if match["set"] in _DIGITS else "letter"
    if match["times"] is None:
        return phrase(language, kind)
    return phrase(language, f"{kind}s", _times(language, match["times"]))


def _times(language: str, written: str) -> str:
    if written == "+":
        return phrase(language, "or_more", "1")
    least, comma, most = written[1:-1].partition(",")
    if not comma:
        return least
    if not most:
        return phrase(language, "or_more", least)
    return phrase(language, "from_to", least, most)
