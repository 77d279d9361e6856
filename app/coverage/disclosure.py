"""What a government viewer is told: every page withholds the same cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.coverage.elimination import Cell
from app.coverage.rules import CELLS, Level, withheld
from app.coverage.schemas import CoverageRow, summed


@dataclass(frozen=True, slots=True)
class Told:
    """The lines of one area and of all below it, by code, with the cells to withhold."""

    lines: Mapping[str, CoverageRow]
    hidden: frozenset[Cell]

    def line(self, code: str) -> CoverageRow:
        """Give the line of one area; raises KeyError for one that is not there."""
        unsaid = {name: None for name in CELLS if (code, name) in self.hidden}
        return self.lines[code].model_copy(update=unsaid)

    def lines_under(self, code: str, level: Level) -> tuple[CoverageRow, ...]:
        """Give the lines of a level within an area, records without an area last."""
        known = sorted(
            each
            for each, row in self.lines.items()
            if each.startswith(code) and len(each) == level.digits and not row.without_area
        )
        rest = _rest(code, level)
        return tuple(self.line(each) for each in [*known, *([rest] if rest in self.lines else [])])


def told(base: str, listed: Mapping[Level, Sequence[CoverageRow]]) -> Told:
    """Decide what is withheld of `base`, whose lines `listed` holds for its own level and below."""
    lines: dict[str, CoverageRow] = {}
    for level, rows in listed.items():
        lines |= {_rest(base, level) if row.without_area else row.area_code: row for row in rows}
    lines |= dict(_leftovers(lines))
    counts = {code: {name: getattr(row, name) for name in CELLS} for code, row in lines.items()}
    return Told(lines, withheld(counts, _families(base, lines)))


def _rest(code: str, level: Level) -> str:
    """Give the key of the records within an area that name no area of a level."""
    return f"{code}~{level.digits}"


def _leftovers(lines: Mapping[str, CoverageRow]) -> Iterable[tuple[str, CoverageRow]]:
    """Give what each kecamatan holds beyond its kelurahan."""
    for code in _of_length(lines, Level.KECAMATAN):
        within = [lines[each] for each in _parts(lines, code)]
        row = lines[code]
        beyond = {name: getattr(row, name) - getattr(summed(within), name) for name in CELLS}
        if any(beyond.values()):
            yield (
                _rest(code, Level.KELURAHAN),
                CoverageRow(area_code=code, name="", without_area=True, **beyond),
            )


def _families(base: str, lines: Mapping[str, CoverageRow]) -> list[list[str]]:
    """Give every area followed by the areas that sum to it."""
    kecamatan = _of_length(lines, Level.KECAMATAN)
    kelurahan = _of_length(lines, Level.KELURAHAN)
    no_kecamatan, no_kelurahan = _rest(base, Level.KECAMATAN), _rest(base, Level.KELURAHAN)
    leftovers = [_rest(code, Level.KELURAHAN) for code in kecamatan]
    sums = [
        [base, *kecamatan, no_kecamatan],
        [base, *kelurahan, no_kelurahan],
        [no_kelurahan, no_kecamatan, *leftovers],
        *([code, *_parts(lines, code), _rest(code, Level.KELURAHAN)] for code in kecamatan),
    ]
    present = [list(dict.fromkeys(each for each in family if each in lines)) for family in sums]
    return [family for family in present if len(family) > 1]


def _of_length(lines: Iterable[str], level: Level) -> list[str]:
    return [code for code in lines if len(code) == level.digits and "~" not in code]


def _parts(lines: Iterable[str], code: str) -> list[str]:
    return [each for each in _of_length(lines, Level.KELURAHAN) if each.startswith(code)]
