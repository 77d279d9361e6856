"""The words of the trade, as tables that an office may extend.

Each table is a CSV beside this module; every phrase is in ASCII capitals.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def rows_of(table: str) -> tuple[tuple[str, ...], ...]:
    """Give the rows of a table without its heading."""
    text = resources.files(__name__).joinpath(f"{table}.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(text.splitlines())
    return tuple(tuple(row) for row in rows)


@cache
def words_of(table: str) -> Mapping[str, str]:
    """Give the first column of a table → the second."""
    return MappingProxyType({row[0]: row[1] for row in rows_of(table)})
