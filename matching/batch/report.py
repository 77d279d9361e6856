"""What a run tells about itself: counts of everything taken in, left out, and found."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

from matching.batch.pairs import Cut


@dataclass(slots=True)
class Report:
    """Counts of one run; `seconds` by stage, in their order."""

    records: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()
    unknown_sources: int = 0
    unusable: dict[str, int] = field(default_factory=dict)  # by column: written, but says nothing
    nameless: int = 0
    hub_phones: int = 0
    dense_sls: int = 0
    shared_points: int = 0
    cut_keys: list[Cut] = field(default_factory=list)
    keyless: int = 0  # records that share no key with another
    pairs: int = 0
    scored: int = 0  # of these, kept
    chunks: int = 0
    resumed: bool = False
    units: int = 0
    groups: dict[int, int] = field(default_factory=dict)  # by size
    automatic: int = 0
    questions: int = 0
    answers: int = 0
    answers_unknown: int = 0  # about records that are not in the file
    answers_contradicting: list[tuple[str, str]] = field(default_factory=list)
    answers_overruled: list[tuple[str, str]] = field(default_factory=list)
    model: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Take the time of a stage."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(perf_counter() - start, 3)

    def count_groups(self, sizes: list[int]) -> None:
        """Tell the groups that were found."""
        self.units = len(sizes)
        self.groups = dict(sorted(Counter(sizes).items()))

    def as_object(self) -> dict[str, Any]:
        """Give the report as one JSON object."""
        return asdict(self)
