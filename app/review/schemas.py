"""What review shows of documents."""

from dataclasses import dataclass
from datetime import datetime

from app.review.models import Status


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A line in the list of documents."""

    lane: str
    document_id: str
    business_name: str
    area_code: str
    status: Status
    presence: str
    error_count: int
    warning_count: int
    rival_count: int
    version_count: int
    received_at: datetime
    current_position: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents, and the cursor that continues behind them."""

    rows: tuple[DocumentRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about an answer."""

    path: str
    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer in words, and what was found about it.

    `file` is set where the answer names one: its sha256, empty where no part brought it yet.
    """

    path: str
    label: str
    value: str
    remarks: tuple[Remark, ...]
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one group of the questionnaire, in its order."""

    label: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One submission of the document."""

    position: int
    instance_id: str
    is_rival: bool
    is_current: bool
    is_checked: bool
    error_count: int
    warning_count: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What a supervisor said."""

    position: int
    version_position: int
    verdict: str
    note: str
    decided_at: datetime
    is_effective: bool


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """A document as a supervisor reads it."""

    lane: str
    document_id: str
    form_id: str
    form_version: str
    unit_id: str
    area_code: str
    status: Status
    current_position: int
    received_at: datetime
    sections: tuple[Section, ...]
    remarks: tuple[Remark, ...]  # about the submission as a whole, or about no shown answer
    versions: tuple[VersionRow, ...]
    decisions: tuple[DecisionRow, ...]
    may_decide: bool
