"""Edit chains: a submission, the ones that replace it, and which of them is current.

The answer depends on the journal up to one position alone, so that a replay gives it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from app.intake.repository import linked_submissions
from sync.receipts import Outcome


@dataclass(frozen=True, slots=True)
class Version:
    """The header of one submission in a chain."""

    position: int
    instance_id: str
    prior_instance_id: str | None
    is_rival: bool
    form_id: str
    form_version: str
    actor: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """All versions of one document, in the order of the journal.

    `document_id` is the instance id of the first version; where that has not arrived yet, the
    oldest one that is named. `current` is the newest version that no other one replaces.
    """

    document_id: str
    versions: tuple[Version, ...]
    current: Version
    named: frozenset[str]  # every instance id of the chain, arrived or not


def chains_of(session: Session, lane: str, instance_ids: Iterable[str], upto: int) -> list[Chain]:
    """Give the whole chains that these instances belong to, each once, by first position."""
    linked = linked_submissions(session, lane, set(instance_ids), upto)
    groups = _grouped([_version(row) for row in linked])
    return sorted((_chain(group) for group in groups), key=lambda chain: chain.versions[0].position)


def _names(version: Version) -> set[str]:
    return {version.instance_id, version.prior_instance_id or version.instance_id}


def _version(row: sa.RowMapping) -> Version:
    return Version(
        position=row["position"],
        instance_id=row["instance_id"],
        prior_instance_id=row["prior_instance_id"],
        is_rival=row["outcome"] == Outcome.RIVAL,
        form_id=row["form_id"],
        form_version=row["form_version"],
        actor=row["actor"],
        received_at=row["received_at"],
    )


def _grouped(versions: Sequence[Version]) -> list[list[Version]]:
    """Part versions into chains: those that share a name, directly or through others."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = leader[above]  # halves the way for the next search
            name = above
        return name

    for version in versions:
        first, *others = sorted(_names(version))
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[str, list[Version]] = {}
    for version in sorted(versions, key=lambda version: version.position):
        groups.setdefault(find(version.instance_id), []).append(version)
    return list(groups.values())


def _chain(versions: Sequence[Version]) -> Chain:
    settled = [version for version in versions if not version.is_rival]
    replaced = {version.prior_instance_id for version in settled}
    tips = [version for version in settled if version.instance_id not in replaced]
    named = frozenset(name for version in versions for name in _names(version))
    return Chain(
        document_id=_oldest(settled or versions),
        versions=tuple(versions),
        current=(tips or settled or versions)[-1],
        named=named,
    )


def _oldest(versions: Sequence[Version]) -> str:
    """Follow the priors from the first version back to the oldest name."""
    prior: Mapping[str, str | None] = {
        each.instance_id: each.prior_instance_id for each in versions
    }
    name, seen = versions[0].instance_id, set[str]()
    while (before := prior.get(name)) and name not in seen:
        seen.add(name)
        name = before
    return name
