"""The files of a definition as rows of a hidden sheet, so that a workbook gives them back.

Sheet `_files`: file, line, text, how. `how` says how the text became the cell: `lf` and `crlf` a
line with its end, `end` a last line without one, `json` a part of a line in escapes, `base64` a
part of a file that is no text.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping

FILES = "_files"
HEADER = ("file", "line", "text", "how")

_LONGEST = 30_000  # Excel holds 32,767 characters in a cell
_ESCAPED = _LONGEST // 12  # an escape takes up to 12 characters


def pack(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str, str]]:
    """Rows of the sheet for these files."""
    for name, body in files.items():
        rows = _text_rows(body) or _binary_rows(body)
        for number, (text, how) in enumerate(rows, start=1):
            yield name, str(number), text, how


def unpack(rows: Iterable[Mapping[str, str]]) -> dict[str, bytes]:
    """Files from the rows of the sheet, in whatever order these come. Raises ValueError."""
    by_file: dict[str, dict[int, tuple[str, str]]] = {}
    for row in rows:
        lines = by_file.setdefault(row["file"], {})
        lines[int(row["line"])] = (row.get("text", ""), row["how"])
    return {
        name: b"".join(_bytes(*lines[number]) for number in sorted(lines))
        for name, lines in by_file.items()
    }


def _text_rows(body: bytes) -> list[tuple[str, str]]:
    """Lines of a text; none where it is not text, or empty."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return []
    *lines, last = text.split("\n")
    found = [row for line in lines for row in _line_rows(line + "\n")]
    return found + ([*_line_rows(last)] if last else [])


def _line_rows(line: str) -> Iterator[tuple[str, str]]:
    how = "end"
    for ending, name in (("\r\n", "crlf"), ("\n", "lf")):
        if line.endswith(ending):
            plain, how = line.removesuffix(ending), name
            break
    else:
        plain = line
    if _is_plain(plain):
        yield plain, how
        return
    for start in range(0, len(line), _ESCAPED):
        yield json.dumps(line[start : start + _ESCAPED]), "json"


def _is_plain(text: str) -> bool:
    """Whether a cell gives the text back as it is."""
    return len(text) < _LONGEST and text == text.strip() and text.isprintable() and "_x" not in text


def _binary_rows(body: bytes) -> list[tuple[str, str]]:
    size = _LONGEST // 4 * 3
    return [
        (base64.b64encode(body[start : start + size]).decode("ascii"), "base64")
        for start in range(0, max(len(body), 1), size)
    ]


_ENDINGS = {"lf": "\n", "crlf": "\r\n", "end": ""}


def _bytes(text: str, how: str) -> bytes:
    if how == "base64":
        return base64.b64decode(text, validate=True)
    if how == "json":
        return str(json.loads(text)).encode("utf-8")
    return (text + _ENDINGS[how]).encode("utf-8")
