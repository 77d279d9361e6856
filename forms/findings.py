"""What a validator answers: findings, and the values as recalculated."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one answer breaks.

    path: with positions in repeats, /data/visit[2]/result
    rule: required, constraint, type, choice, relevance, calculation, repeat, unknown or warning
    severity: error or warning
    message: for people; never quotes the answer
    """

    path: str
    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every finding, and the recalculated value of every relevant leaf by path."""

    findings: tuple[Finding, ...]
    values: Mapping[str, str]

    @property
    def valid(self) -> bool:
        """Whether no finding is an error; warnings do not count."""
        return all(finding.severity != "error" for finding in self.findings)
