"""Where fuzzing starts: our own questionnaires, their rules, submissions, and odd things."""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from forms.compile import compile_definition, definition, definitions
from forms.workbook_write import write_folder
from forms.xpath.functions import FUNCTIONS
from tests.fuzz.targets import CRASHES, KBLI, answered, form_bytes

_TABLES = """## survey

| type | name | label | relevant | constraint | calculation |
|---|---|---|---|---|---|
| begin group | g | G | | | |
| select_one yn | a | A | | | |
| integer | n | N | `${a} = '1'` | `. >= 0` | |
| end group | | | | | |
| begin repeat | r | R | `${n} > 0` | | |
| text | t | T | | `regex(., '[a-z]+')` | |
| calculate | c | | | | `count(${r})` |
| end repeat | | | | | |

## choices

| list_name | name | label |
|---|---|---|
| yn | 1 | Ya |
| yn | 2 | Tidak |

## settings

| form_id | version | form_title | default_language |
|---|---|---|---|
| coba | 1 | Coba | Bahasa Indonesia (id) |
"""
_RULE = re.compile(r"`([^`\n]+)`")
_REFERENCE = re.compile(r"\$\{[^}]+\}")
_PATTERNS = (
    "[0-9]{1,4}", "08[0-9]{8,11}", "(a+)+b", "(?=.*[0-9])[a-z0-9]{4,}", r"[^@ ]+@[^@ ]+[.]\w{2,}",
    "(10|11|21|56)[0-9]{3}|2023[0-9]", r"\p{L}+", "((a|ab)(c|bcd))*", "a{2,}{3}", "[[:alpha:]]",
)  # fmt: skip


def seeds(target: str) -> Iterator[bytes]:
    """Give the first inputs of a target; those that once broke it come last."""
    yield from _SEEDS[target]()
    yield from (path.read_bytes() for path in sorted((CRASHES / target).glob("*")))


def _rules() -> Iterator[bytes]:
    for name in definitions():
        for path in sorted(definition(name).rglob("*.md")):
            for rule in _RULE.findall(path.read_text()):
                yield _REFERENCE.sub("../n", rule.replace(r"\|", "|")).encode()
    for name, function in FUNCTIONS.items():
        yield f"{name}({', '.join(['../n'] * max(function.least, 1))})".encode()
    yield b"instance('kbli')/root/item[name = current()/../k and position() = 1]/label"
    yield b"/data/visit[position() = 2]/paid | ../paid * -1 div (2 mod 3)"


def _forms() -> Iterator[bytes]:
    yield form_bytes()
    for name in definitions():
        yield compile_definition(definition(name)).xform


def _submissions() -> Iterator[bytes]:
    yield answered()
    yield b"<data id='test'><visit/><visit><paid>x</paid></visit><odd a='1'/></data>"
    yield b"<data id='test' version='1'><n>&#49;</n><!-- no --><spot>91 181</spot></data>"


def _decisions() -> Iterator[bytes]:
    for step in (1, 3, 7, 11, 29, 83):
        yield bytes((number * step + 7) % 256 for number in range(200))
    yield b"\x06" * 60
    yield b"\x07" * 60


def _markdown() -> Iterator[bytes]:
    yield _TABLES.encode()
    yield b"| survey |\n| | type | name | label |\n| | text | a | A |\n"


def _workbooks() -> Iterator[bytes]:
    yield from (write_folder(definition(name)) for name in definitions()[:1])


def _expressions() -> Iterator[bytes]:
    for pattern in _PATTERNS:
        yield f"{pattern}\n0812345678 aab".encode()


def _lists() -> Iterator[bytes]:
    yield KBLI
    yield b'\xef\xbb\xbfname,label\r\n1,"a ""b"", c"\r\n\r\n2,d\r\n'


def _messages() -> Iterator[bytes]:
    yield answered()
    item = {"xml": "PGRhdGE+", "sha256": "0" * 64, "attachments": [{"name": "a", "size": 1}]}
    push = {"device": "d", "sent_at": "2026-06-15T05:00:00Z", "envelopes": [item]}
    yield json.dumps(push).encode()
    yield gzip.compress(json.dumps(push).encode(), mtime=0)
    yield json.dumps({"epoch": 1, "results": [{"outcome": "stored", "position": 1}]}).encode()
    yield json.dumps({"changes": [], "next_cursor": "0", "has_more": False}).encode()


_SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "xpath": _rules,
    "form": _forms,
    "submission": _submissions,
    "made_expression": _decisions,
    "made_form": _decisions,
    "made_submission": _decisions,
    "tables": _markdown,
    "workbook": _workbooks,
    "pattern": _expressions,
    "listing": _lists,
    "codecs": _messages,
}

_WORDS: Mapping[str, str] = {
    "xpath": "( ) [ ] / // .. . @ :: | $ , + - * = != < <= > >= and or div mod '' \"\" 0 1e999 "
    "../n ../visit /data/visit position() last() current() instance('kbli')/root/item",
    "form": "<bind nodeset= relevant= calculate= constraint= <instance <itemset <repeat <group "
    "jr:count= jr:template= <translation lang= <setvalue event= ref= type= <label <item> <value>",
    "submission": "<visit> </visit> <n> </n> <paid> <ok> <many> <spot> <meta> <instanceID> id= "
    "2026-06-15 NaN -1 1e400 <!DOCTYPE &amp; &#0; xmlns= <visit/>",
    "tables": "| |---| `${a} `${r}` begin group end group begin repeat end repeat select_one yn "
    "select_multiple calculate integer \\| ## survey ## choices ## settings list_name",
    "pattern": "( ) [ ] { } * + ? | ^ $ \\d \\w \\s \\b . - , (?= (?! (?: {1,2} {999}",
    "codecs": '{ } [ ] " : , null true "xml" "sha256" "device" "envelopes" "results" <data id=',
}


def dictionary(target: str) -> str:
    """Give the words of a target's language, as libFuzzer reads them."""
    words = _WORDS.get(target, "name label 1 PK").split()
    if target == "xpath":
        words += [f"{name}(" for name in FUNCTIONS]
    return "".join(
        f'"{word.encode("unicode_escape").decode().replace(chr(34), chr(92) + chr(34))}"\n'
        for word in words
    )


def write_corpus(target: str, folder: Path) -> None:
    """Write the first inputs of a target into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(seeds(target)):
        (folder / f"seed-{number:04}").write_bytes(body)
