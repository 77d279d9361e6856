"""What the labelling page says of answers and models."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from app.auth.repository import by_ids
from app.dedup import label_training
from app.dedup.label_rules import Answer
from app.dedup.models import MatchModel
from app.dedup.references import matcher_of, own_model
from app.dedup.service import is_account
from app.web.language import msg
from matching.model import Model, ModelError

ANSWERS: Final[Mapping[str, str]] = {
    Answer.SAME: msg("Usaha yang sama"),
    Answer.DIFFERENT: msg("Usaha berbeda"),
    Answer.UNSURE: msg("Tidak dapat ditentukan"),
}

_BY_CHANCE: Final = 2.0  # standard errors of what differs between two models


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model as the page tells of it; figures are absent where it was not made."""

    model_id: UUID | None  # None: the shipped one
    version: str
    is_shipped: bool
    is_in_force: bool
    is_waited_for: bool
    is_too_little: bool  # it could not be made of so few labels
    trouble: str
    fits: bool  # it weighs what this version of the software compares
    at: datetime | None
    who: str
    labels: Mapping[str, Any]
    evaluation: Mapping[str, Any]
    automatic: float | None = None
    clerical: float | None = None

    @property
    def is_worse(self) -> bool:
        """Tell whether the shipped model meets the labels better, by more than chance."""
        gained, lost = (int(self.evaluation.get(name, 0)) for name in ("gained", "lost"))
        return lost - gained > _BY_CHANCE * math.sqrt(lost + gained)


@dataclass(frozen=True, slots=True)
class ModelsView:
    """The model in force, and those that were asked for, newest first."""

    in_force: ModelView
    own: Sequence[ModelView]
    misfit: bool  # one was put in force that no longer fits: the shipped one serves

    @property
    def is_waited_for(self) -> bool:
        """Tell whether the worker is still to make one."""
        return any(each.is_waited_for for each in self.own)


def models_of(session: Session, lane: str) -> ModelsView:
    """Gather the models of a regency."""
    rows = label_training.models(session, lane)
    people = by_ids(session, {UUID(row.asked_by) for row in rows if is_account(row.asked_by)})
    names = {str(each): known.display_name for each, known in people.items()}
    own = [_own(row, names) for row in rows]
    used = next((each for each in own if each.is_in_force), None)
    serving = matcher_of(session, lane).model
    return ModelsView(
        in_force=used if used is not None and used.fits else _shipped(serving),
        own=own,
        misfit=used is not None and not used.fits,
    )


def _shipped(model: Model) -> ModelView:
    return ModelView(
        model_id=None,
        version=model.version,
        is_shipped=True,
        is_in_force=True,
        is_waited_for=False,
        is_too_little=False,
        trouble="",
        fits=True,
        at=None,
        who="",
        labels=model.labels,
        evaluation=model.evaluation,
        automatic=model.thresholds.automatic,
        clerical=model.thresholds.clerical,
    )


def _own(row: MatchModel, names: Mapping[str, str]) -> ModelView:
    model = _read(row.content)
    return ModelView(
        model_id=row.model_id,
        version=model.version if model else row.version,
        is_shipped=False,
        is_in_force=row.in_force_since is not None,
        is_waited_for=row.made_at is None,
        is_too_little=row.trouble == label_training.TOO_FEW,
        trouble=row.trouble,
        fits=model is not None,
        at=row.made_at or row.asked_at,
        who=names.get(row.asked_by, row.asked_by),
        labels=model.labels if model else {},
        evaluation=model.evaluation if model else {},
        automatic=model.thresholds.automatic if model else None,
        clerical=model.thresholds.clerical if model else None,
    )


def _read(content: str) -> Model | None:
    try:
        return own_model(content) if content else None
    except ModelError:
        return None
