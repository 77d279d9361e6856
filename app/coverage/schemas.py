"""One line of coverage, as pages, JSON and commands show it."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, computed_field

from app.coverage.rules import CELLS, COUNTS


class CoverageRow(BaseModel):
    """The counts of one area and everything below it; None: withheld from this viewer.

    prelist = not_visited + not_found + found + closed + duplicate + non_response, and
    target = prelist + new: every unit stands in exactly one class.
    """

    model_config = ConfigDict(frozen=True)

    area_code: str
    name: str
    without_area: bool = False  # records that name no area of this level
    prelist: int | None = 0
    new: int | None = 0
    not_visited: int | None = 0
    not_found: int | None = 0
    found: int | None = 0
    closed: int | None = 0
    duplicate: int | None = 0
    non_response: int | None = 0
    submitted: int | None = 0
    approved: int | None = 0
    rejected: int | None = 0
    with_errors: int | None = 0
    target: int | None = 0
    visited: int | None = 0
    expected_load: int | None = None
    leaves: int = 0
    leaves_done: int = 0

    @computed_field(description="share of the prelist that was found, 0 to 1")  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def found_of_prelist(self) -> float | None:
        """Give found / prelist; None where withheld or nothing is on the prelist."""
        return _share(self.found, self.prelist)

    @computed_field(description="share of the target that was visited, 0 to 1")  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def share_visited(self) -> float | None:
        """Give visited / target; None where withheld or there is no target."""
        return _share(self.visited, self.target)

    @computed_field(description="share of the target whose document is approved, 0 to 1")  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def share_approved(self) -> float | None:
        """Give approved / target; None where withheld or there is no target."""
        return _share(self.approved, self.target)

    @computed_field(description="Selesai: every sub-SLS in it is finished")  # type: ignore[prop-decorator]  # mypy knows no decorated property
    @property
    def done(self) -> bool:
        """Tell whether every leaf area is finished."""
        return self.leaves > 0 and self.leaves == self.leaves_done

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to count."""
        return not any(getattr(self, name) for name in COUNTS)


class AreaName(BaseModel):
    """An area and what it is called."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


class Coverage(BaseModel):
    """Coverage of one area: its own line, and one for each area of a level below."""

    model_config = ConfigDict(frozen=True)

    path: tuple[AreaName, ...]  # from the widest area that the viewer may see to this one
    total: CoverageRow
    rows: tuple[CoverageRow, ...]


def _share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def summed(rows: Iterable[CoverageRow]) -> CoverageRow:
    """Give one line with the sums of these lines; none of their cells may be withheld."""
    lines = list(rows)
    loads = [row.expected_load for row in lines if row.expected_load is not None]
    names = (*CELLS, "leaves", "leaves_done")
    return CoverageRow(
        area_code="",
        name="",
        expected_load=sum(loads) if loads else None,
        **{name: sum(getattr(row, name) for row in lines) for name in names},
    )
