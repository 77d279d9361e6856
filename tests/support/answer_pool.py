"""Texts worth trying as answers, mined from the constraints of a form."""

import random
import re
from collections.abc import Iterator
from re import _constants as codes
from re import _parser as patterns  # the only parser of patterns in the library

from lxml import etree

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w'.])\d+(?:\.\d+)?")
_REGEX = re.compile(r"regex\(\s*[^,]+,\s*(?:'([^']*)'|\"([^\"]*)\")")
_EACH = 8
_LONG = "Membuat dan menjual batik tulis bermotif jlamprang di rumah sendiri"
_LENGTH = re.compile(r"string-length\(\.\) >=? (\d+)")
# a total that must be the sum of its parts, or one part of it: a person reckons what is left
_TOTAL = re.compile(r"\. = (?P<whole>.+)")
_PART = re.compile(r"(?:round\()?\. ?\+ (?P<parts>[^=<>]+?)(?: ?, ?\d\))? = (?P<whole>[^=<>]+)")
_SUMMED = re.compile(r"/data/[\w/]+")
_SMALL = ("0", "1", "2", "5", "20")  # what is added up to a total leaves room for the rest
_LIMIT = re.compile(r"\. <=? (?P<limit>/[\w./]+)")


def answer_pool(xform: bytes, seed: int = 0) -> dict[str, list[str]]:
    """Texts by the path of the question: samples of patterns, constants and their neighbours.

    A text that begins with `=` is an expression to evaluate in the question's place.
    """
    chance = random.Random(seed)
    root = etree.fromstring(xform)
    pool: dict[str, list[str]] = {}
    for bind in root.iterfind(".//{*}bind"):
        constraint = bind.get("constraint") or ""
        texts = list(dict.fromkeys(_texts(constraint, chance)))
        if texts:
            pool.setdefault(bind.get("nodeset", ""), []).extend(texts)
        for path in _SUMMED.findall(constraint) if "+" in constraint else ():
            pool.setdefault(path, []).extend(_SMALL * 3)
    return pool


def _texts(constraint: str, chance: random.Random) -> Iterator[str]:
    for one, other in _REGEX.findall(constraint):
        for _ in range(_EACH):
            yield sample(one or other, chance)
    yield from _reckoned(constraint)
    if "today()" in constraint:
        yield from ("=today()", "=today()", "=date(today() - 3)")
    if any(_LENGTH.findall(constraint)):
        yield _LONG
        yield _LONG[:12]
    rest = _REGEX.sub("", constraint)
    for one, other in _QUOTED.findall(rest):
        yield one or other
    for number in _NUMBER.findall(_QUOTED.sub("", rest)):
        value = float(number)
        for near in (value, value - 1, value + 1, value / 2, value / 5, 0.0, 3.0):
            yield str(int(near)) if near == int(near) else str(near)


def _reckoned(constraint: str) -> Iterator[str]:
    """Expressions for what the other answers leave over; often, for they are hard to guess."""
    for condition in " ".join(constraint.split()).split(" and "):
        if total := _TOTAL.fullmatch(condition):
            yield f"={total['whole']}"
        elif part := _PART.fullmatch(condition):
            yield f"=({part['whole']}) - ({part['parts']})"
        elif limit := _LIMIT.fullmatch(condition):
            yield from (f"={limit['limit']}", f"=int({limit['limit']} div 2)")


def sample(pattern: str, chance: random.Random) -> str:
    """Write a text that a pattern accepts, as far as the pattern is simple."""
    try:
        return _written(patterns.parse(pattern), chance)
    except (re.error, NotImplementedError):
        return ""


def _written(tree: object, chance: random.Random) -> str:
    return "".join(_piece(code, detail, chance) for code, detail in tree)  # type: ignore[attr-defined]


def _piece(code: object, detail: object, chance: random.Random) -> str:
    match code, detail:
        case codes.LITERAL, int(point):
            return chr(point)
        case ((codes.ANY | codes.AT), _):
            return chance.choice("abz 19") if code is codes.ANY else ""
        case codes.IN, list(choices):
            return _one_of(choices, chance)
        case codes.BRANCH, (_, list(branches)):
            return _written(chance.choice(branches), chance)
        case ((codes.MAX_REPEAT | codes.MIN_REPEAT), (least, most, tree)):
            times = chance.randint(int(least), min(int(most), int(least) + 3))
            return "".join(_written(tree, chance) for _ in range(times))
    raise NotImplementedError(code)


_CLASSES = {
    codes.CATEGORY_DIGIT: "0123456789",
    codes.CATEGORY_WORD: "abz_9",
    codes.CATEGORY_SPACE: " ",
}


def _one_of(choices: list[tuple[object, object]], chance: random.Random) -> str:
    if choices[0][0] is codes.NEGATE:
        return chance.choice("xyzXYZ")
    code, detail = chance.choice(choices)
    match code, detail:
        case codes.LITERAL, int(point):
            return chr(point)
        case codes.RANGE, (first, last):
            return chr(chance.randint(first, last))
    return chance.choice(_CLASSES.get(detail, "xyzXYZ-"))
