"""Submissions by a seed, two verdicts on each, and what differs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tests.support.engines import Verdict
from tests.support.mutations import mutated
from tests.support.oracle import Oracle, OracleError

Kind = Literal["random", "faulty", "mutated"]
KINDS: tuple[Kind, ...] = ("random", "faulty", "mutated")
_NEAR = 1e-9
_BOOLEANS = {"true": "1", "false": "0"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T00:00:00.*)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One point on which an engine and JavaRosa disagree.

    what: the rule, or `value`
    side: `ours` where only ours finds it, `theirs` where only JavaRosa does, `both` for a value
    """

    what: str
    side: str
    path: str
    ours: str = ""
    theirs: str = ""


def submissions(
    oracle: Oracle, form: str, pool: Mapping[str, list[str]], kind: Kind, seeds: range
) -> Iterator[bytes]:
    """Fill a form once a seed: well, with faults, or well and then mutated.

    A seed on which JavaRosa itself breaks down is passed over.
    """
    for seed in seeds:
        try:
            filled = oracle.fill(form, seed, faults=0.12 if kind == "faulty" else 0.0, pool=pool)
        except OracleError:
            continue
        yield mutated(filled, seed) if kind == "mutated" else filled


def compare(ours: Verdict, theirs: Verdict) -> list[Difference]:
    """List what differs, findings first."""
    found = [Difference(rule, "ours", path) for path, rule in ours.findings - theirs.findings]
    found += [Difference(rule, "theirs", path) for path, rule in theirs.findings - ours.findings]
    for path in sorted(ours.values.keys() | theirs.values.keys()):
        one, other = ours.values.get(path), theirs.values.get(path)
        if one is None or other is None or not same(one, other):
            shown = ("(none)" if text is None else text for text in (one, other))
            found.append(Difference("value", "both", path, *shown))
    return sorted(found, key=lambda one: (one.what == "value", one.path, one.what))


def same(one: str, other: str) -> bool:
    """Whether two texts are one value: numbers within 1e-9, booleans in either spelling."""
    one, other = (_BOOLEANS.get(text, text) for text in (one, other))
    if one == other:
        return True
    days = _DAY.fullmatch(one), _DAY.fullmatch(other)
    if days[0] and days[1]:
        return days[0][1] == days[1][1]
    if one.isdecimal() and other.isdecimal():
        return int(one) == int(other)  # long codes are no nearer to each other for being long
    try:
        left, right = float(one), float(other)
    except ValueError:
        return False
    return left == right or abs(left - right) <= _NEAR * min(1e300, max(1.0, abs(left)))


def kindred(path: str) -> str:
    """The path without positions: differences of one kind stand together."""
    return re.sub(r"\[\d+\]", "", path)
