"""Chance from a seed, and the tables of words beside this module."""

import csv
import io
from functools import cache
from importlib.resources import files
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def chance(*parts: object) -> Random:
    """Give the dice of a named matter: equal parts, equal throws, on any machine."""
    name = "\x1f".join(map(str, parts))
    return Random(name)  # noqa: S311 - invents businesses, guards nothing


@cache
def words(name: str) -> "Sequence[Mapping[str, str]]":
    """Give the rows of a table of this package, in its order."""
    text = (files("app.demo") / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(io.StringIO(text), strict=True))


@cache
def column(name: str, heading: str) -> "Sequence[str]":
    """Give the filled cells of one column of a table."""
    return tuple(row[heading] for row in words(name) if row[heading])
