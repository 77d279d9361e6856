"""Models of an office's own: asked for by a person, made by the worker, put in force by a person.

- `ask`, `advance_training`: labels become a model; it only waits to be looked at
- `put_in_force`, `back_to_shipped`: the model that a regency is matched by from now on; its units
  are scored anew by the worker, behind those of which something was said
- `bring`: a model file that was trained elsewhere
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.auth.models import AuditEntry
from app.auth.repository import add_audit
from app.core.db import reading, writing
from app.core.problems import Invalid, NotFound
from app.dedup import keeper, label_store
from app.dedup.label_rules import Answer
from app.dedup.matcher import shipped_model
from app.dedup.models import MatchModel
from app.dedup.references import MODEL, matcher_of, own_model, tell_outdated
from matching.model import Model, ModelError
from matching.record import Record
from matching.training.examples import Example

if TYPE_CHECKING:
    from matching.reference import Reference

log = structlog.get_logger()

FEWEST: Final = 20  # labels of either answer; `matching.training.office` says why
TOO_FEW: Final = "too few labels"


def ask(session: Session, lane: str, model_id: UUID, who: str, now: datetime) -> None:
    """Ask the worker for a model by the labels of a regency; once while one is waited for."""
    waiting = sa.select(MODEL.c.model_id).where(MODEL.c.lane == lane, _waits())
    if session.execute(waiting.limit(1)).first() is None:
        session.execute(sa.insert(MODEL).values(_row(lane, model_id, who, now)))


def advance_training(engine: sa.Engine, now: datetime) -> int:
    """Make the model that was asked for first; give 1, or 0 where none waits.

    What cannot be made is finished with its trouble, so that it holds up no other.
    """
    with reading(engine) as session:
        found = session.execute(
            sa.select(MODEL).where(_waits()).order_by(MODEL.c.asked_at).limit(1)
        ).mappings().one_or_none()  # fmt: skip
        if found is None:
            return 0
        lane = found["lane"]
        taught = examples(session, lane)
        reference = matcher_of(session, lane).reference
    from matching.training.office import TooFewLabelsError  # SciPy: only where one waits

    told: dict[str, Any] = {"made_at": now, "trouble": ""}
    try:
        made = trained(taught, reference, f"{lane}.{now:%Y%m%d.%H%M}")
        told |= {"version": made.version, "content": json.dumps(made.as_json())}
    except TooFewLabelsError:
        told["trouble"] = TOO_FEW
    except Exception as error:
        log.exception("a model could not be trained", lane=lane)
        told["trouble"] = type(error).__name__
    with writing(engine) as session:
        session.execute(
            sa.update(MODEL).where(MODEL.c.model_id == found["model_id"], _waits()).values(told)
        )
    return 1


def examples(session: Session, lane: str) -> list[Example]:
    """Give the labels of a regency that teach, with both records as they were."""
    return [
        Example(
            Record(record_id=row["left_id"], **row["left_record"]),
            Record(record_id=row["right_id"], **row["right_record"]),
            row["answer"] == Answer.SAME,
            row["weight"],
        )
        for row in label_store.labels_of(session, lane)
        if row["answer"] != Answer.UNSURE
    ]


def trained(taught: Sequence[Example], reference: "Reference", version: str) -> Model:
    """Give the model that examples make of the shipped one. Raises TooFewLabelsError."""
    from matching.training.office import taught_by

    return taught_by(taught, reference, shipped_model(), version)


def models(session: Session, lane: str, most: int = 10) -> list[MatchModel]:
    """Give the models of a regency that were asked for last, newest first, and the one in force."""
    newest = (
        sa.select(MODEL.c.model_id)
        .where(MODEL.c.lane == lane)
        .order_by(MODEL.c.asked_at.desc())
        .limit(most)
    )
    wanted = (
        sa.select(MatchModel)
        .where(MODEL.c.lane == lane)
        .where(MODEL.c.model_id.in_(newest) | MODEL.c.in_force_since.is_not(None))
        .order_by(MODEL.c.asked_at.desc())
    )
    return list(session.execute(wanted).scalars())


def bring(
    session: Session, lane: str, model_id: UUID, content: str, *, who: str, now: datetime
) -> Model:
    """Keep a model file that was trained elsewhere. Raises Invalid where it does not fit."""
    try:
        found = own_model(content)
    except ModelError as problem:
        raise Invalid(f"Model tidak dapat dipakai: {problem}", str(problem)) from problem
    made = {"made_at": now, "version": json.loads(content)["version"], "content": content}
    session.execute(sa.insert(MODEL).values(_row(lane, model_id, who, now) | made))
    return found


def put_in_force(session: Session, lane: str, model_id: UUID, who: str, now: datetime) -> None:
    """Match a regency by this model from now on. Raises NotFound, or Invalid where it cannot be."""
    wanted = sa.select(MODEL).where(MODEL.c.lane == lane, MODEL.c.model_id == model_id)
    row = session.execute(wanted).mappings().one_or_none()
    if row is None or not row["content"]:
        raise NotFound
    try:
        version = own_model(row["content"]).version
    except ModelError as problem:
        raise Invalid(
            "Model ini dilatih untuk versi lain dari perangkat lunak. Latih lagi.",
            "This model was trained for another version of the software. Please train again.",
        ) from problem
    _change(session, lane, model_id, who=who, now=now, version=version)


def back_to_shipped(session: Session, lane: str, who: str, now: datetime) -> None:
    """Match a regency by the shipped model again."""
    _change(session, lane, None, who=who, now=now, version=shipped_model().version)


def _change(
    session: Session, lane: str, model_id: UUID | None, *, who: str, now: datetime, version: str
) -> None:
    keeper.lock(session, lane)
    session.execute(
        sa.update(MODEL)
        .where(MODEL.c.lane == lane, MODEL.c.in_force_since.is_not(None))
        .values(in_force_since=None)
    )
    if model_id is not None:
        session.execute(
            sa.update(MODEL).where(MODEL.c.model_id == model_id).values(in_force_since=now)
        )
    entry = AuditEntry(
        at=now, actor=who, action="model.in_force", subject=lane, detail={"version": version}
    )
    add_audit(session, entry)
    tell_outdated(session, lane)


def _waits() -> sa.ColumnElement[bool]:
    return MODEL.c.made_at.is_(None)


def _row(lane: str, model_id: UUID, who: str, now: datetime) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "lane": lane,
        "asked_at": now,
        "asked_by": who,
        "made_at": None,
        "trouble": "",
        "version": "",
        "content": "",
        "in_force_since": None,
    }
