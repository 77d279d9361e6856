"""What a device sent, compared with what the server holds: by buckets first, then by lines.

Most devices lack nothing. So a device tells one digest for each of 256 buckets; only the lines of
buckets that differ travel, and the server answers each with a receipt or with its lack.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sync.envelope import SUBMISSION
from sync.journal import Held


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One envelope in a device's ledger: enough to know it again, nothing of its content."""

    instance_id: str
    digest: str
    kind: str = SUBMISSION


def bucket_of(instance_id: str) -> str:
    """Give the bucket of an instance: the first two hexadecimal digits of its sha256."""
    return sha256(instance_id.encode()).hexdigest()[:2]


def buckets(lines: Iterable[Line]) -> dict[str, str]:
    """Give the digest of every bucket that holds anything.

    It is the sha256 over its lines in order, each `kind`, `instance_id` and `digest` with a unit
    separator between and a line feed behind.
    """
    found: defaultdict[str, set[Line]] = defaultdict(set)
    for line in lines:
        found[bucket_of(line.instance_id)].add(line)
    return {name: _digest(found[name]) for name in sorted(found)}


def differing(device: Mapping[str, str], server: Mapping[str, str]) -> list[str]:
    """Give the buckets of a device whose lines the server has not, or not all, or besides others.

    What only the server holds is no concern of a device that may have lost it.
    """
    return sorted(name for name, digest in device.items() if server.get(name) != digest)


def answering(lines: Iterable[Line], held: Mapping[str, Sequence[Held]]) -> list[Held | None]:
    """Give, for each line, the entry that the server holds of it; None: the device sends it again.

    `held` is what `Journal.find_many` answers for the ledger's instance ids.
    """
    return [_entry(line, held.get(line.instance_id, ())) for line in lines]


def _entry(line: Line, held: Sequence[Held]) -> Held | None:
    alike = (e for e in held if e.kind == line.kind and e.digest == line.digest)
    return next(alike, None)


def _digest(lines: Iterable[Line]) -> str:
    text = "".join(
        f"{line.kind}\x1f{line.instance_id}\x1f{line.digest}\n" for line in sorted(lines)
    )
    return sha256(text.encode()).hexdigest()
