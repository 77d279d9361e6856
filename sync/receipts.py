"""What the server answers for each envelope."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of an envelope; none of these is a refusal."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    RIVAL = "rival"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The promise that the journal holds `digest` at `position` of `lane`.

    A duplicate's receipt tells the position of the entry that was there first. `epoch` changes
    when the database was restored; then receipts of another epoch promise nothing any more.
    Positions up to `backed_up_through` of the lane have left the machine. `signature` is the
    server's, see `sync.signing`; empty where nobody signed.
    """

    instance_id: str
    outcome: Outcome
    lane: str
    position: int
    epoch: int
    digest: str
    backed_up_through: int
    signature: str = ""
