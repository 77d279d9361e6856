"""What a device sent, compared with what the server holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.envelope import SUBMISSION
from sync.journal import Held


@dataclass(frozen=True, slots=True)
class Line:
    """One envelope in a device's ledger: enough to know it again, nothing of its content."""

    instance_id: str
    digest: str
    kind: str = SUBMISSION


def missing(lines: Iterable[Line], held: Mapping[str, Sequence[Held]]) -> tuple[Line, ...]:
    """Give the lines that the server does not hold, in order: these the device sends again.

    `held` is what `Journal.find_many` answers for the ledger's instance ids.
    """
    return tuple(line for line in lines if not _is_held(line, held.get(line.instance_id, ())))


def _is_held(line: Line, held: Sequence[Held]) -> bool:
    return any(entry.kind == line.kind and entry.digest == line.digest for entry in held)
