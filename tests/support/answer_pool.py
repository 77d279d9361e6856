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


def answer_pool(xform: bytes, seed: int = 0) -> dict[str, list[str]]:
    """Texts by the path of the question: samples of patterns, constants and their neighbours."""
    chance = random.Random(seed)
    root = etree.fromstring(xform)
    pool: dict[str, list[str]] = {}
    for bind in root.iterfind(".//{*}bind"):
        constraint = bind.get("constraint") or ""
        texts = list(dict.fromkeys(_texts(constraint, chance)))
        if texts:
            pool[bind.get("nodeset", "")] = texts
    return pool


def _texts(constraint: str, chance: random.Random) -> Iterator[str]:
    for one, other in _REGEX.findall(constraint):
        for _ in range(_EACH):
            yield sample(one or other, chance)
    rest = _REGEX.sub("", constraint)
    for one, other in _QUOTED.findall(rest):
        yield one or other
    for number in _NUMBER.findall(_QUOTED.sub("", rest)):
        value = float(number)
        for near in (value, value - 1, value + 1, value / 2):
            yield str(int(near)) if near == int(near) else str(near)


def sample(pattern: str, chance: random.Random) -> str:
    """Write a text that a pattern accepts, as far as the pattern is simple."""
    try:
        return _written(patterns.parse(pattern), chance)
    except (re.error, NotImplementedError):
        return ""


def _written(tree: object, chance: random.Random) -> str:
    return "".join(_piece(code, detail, chance) for code, detail in tree)  # type: ignore[attr-defined]


def _piece(code: object, detail: object, chance: random.Random) -> str:  # noqa: PLR0911 - one a kind
    match code, detail:
        case codes.LITERAL, int(point):
            return chr(point)
        case codes.ANY, _:
            return chance.choice("abz 19")
        case codes.IN, list(choices):
            return _one_of(choices, chance)
        case codes.BRANCH, (_, list(branches)):
            return _written(chance.choice(branches), chance)
        case codes.SUBPATTERN, (*_, tree):
            return _written(tree, chance)
        case ((codes.MAX_REPEAT | codes.MIN_REPEAT), (least, most, tree)):
            times = chance.randint(int(least), min(int(most), int(least) + 3))
            return "".join(_written(tree, chance) for _ in range(times))
        case codes.AT, _:
            return ""
    raise NotImplementedError(code)


def _one_of(choices: list[tuple[object, object]], chance: random.Random) -> str:
    code, detail = chance.choice(choices)
    match code, detail:
        case codes.LITERAL, int(point):
            return chr(point)
        case codes.RANGE, (first, last):
            return chr(chance.randint(first, last))
        case codes.CATEGORY, codes.CATEGORY_DIGIT:
            return chance.choice("0123456789")
        case codes.CATEGORY, codes.CATEGORY_WORD:
            return chance.choice("abz_9")
        case codes.CATEGORY, codes.CATEGORY_SPACE:
            return " "
    return chance.choice("xyzXYZ-")
