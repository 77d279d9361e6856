"""Which part of the country somebody may see: an argument of every query on scoped data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Scope:
    """Area codes with everything below each; the empty code covers the nation."""

    areas: tuple[str, ...]

    @classmethod
    def of(cls, codes: Iterable[str]) -> "Scope":
        """Give the scope of these codes, without those that lie within another."""
        wanted = sorted(set(codes), key=lambda code: (len(code), code))
        kept: list[str] = []
        for code in wanted:
            if not any(code.startswith(wider) for wider in kept):
                kept.append(code)
        return cls(tuple(kept))

    def includes(self, code: str) -> bool:
        """Tell whether an area lies within the scope, whole."""
        return any(code.startswith(area) for area in self.areas)

    def touches(self, code: str) -> bool:
        """Tell whether an area lies within the scope or holds a part of it."""
        return self.includes(code) or any(area.startswith(code) for area in self.areas)

    def covers(self, column: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - mapped attribute
        """Give the condition that a column of area codes lies within the scope."""
        return sa.or_(sa.false(), *(column.like(f"{area}%") for area in self.areas))

    def lies_in(self, column: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - mapped attribute
        """Give the condition that some of the scope lies within the area of a column."""
        return sa.or_(sa.false(), *(sa.literal(area).like(column + "%") for area in self.areas))

    def lanes(self) -> tuple[str, ...]:
        """Give the regencies that the scope lies in; wider scopes name none."""
        return tuple(sorted({area[:4] for area in self.areas if len(area) >= 4}))  # noqa: PLR2004


NATION = Scope(("",))
