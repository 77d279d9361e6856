"""The reference and the model of each lane, kept beside the journal, and the matcher of both."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from app.core.db import table_of
from app.core.models import OutboxNote
from app.core.outbox import UNIT_OUTDATED
from app.core.rows import upsert
from app.dedup.matcher import Matcher, plain, shipped_model, unpacked
from app.dedup.models import MatchModel, MatchReference, UnitRecord
from matching.features import Features
from matching.model import Model, ModelError, from_json
from matching.reference import Reference

log = structlog.get_logger()

MODEL = table_of(MatchModel)
REFERENCE = table_of(MatchReference)
NOTE = table_of(OutboxNote)
RECORD = table_of(UnitRecord)
MOST: Final = 16  # matchers that are kept, some megabytes each
_PAGE = 5000
_matchers: dict[tuple[str, str | None, UUID | None], Matcher] = {}  # lane, reference, model


def matcher_of(session: Session, lane: str) -> Matcher:
    """Give what compares the units of a lane: by the model in force there, or the shipped one."""
    version, model_id = session.execute(_IN_FORCE, {"here": lane}).one()
    if version is None and model_id is None:
        return plain()
    name = lane, version, model_id
    found = _matchers.get(name)
    if found is None:
        found = Matcher(_model(session, model_id), _reference(session, lane, version))
        if len(_matchers) >= MOST:
            _matchers.clear()
        _matchers[name] = found
    return found


def _in_force() -> sa.Select[Any]:
    """Give the query for what is in force in a lane, made once: whoever compares asks it first."""
    here = sa.select(sa.bindparam("here", type_=sa.Text).label("lane")).subquery()
    return sa.select(REFERENCE.c.version, MODEL.c.model_id).select_from(
        here.outerjoin(REFERENCE, REFERENCE.c.lane == here.c.lane).outerjoin(
            MODEL, (MODEL.c.lane == here.c.lane) & MODEL.c.in_force_since.is_not(None)
        )
    )


_IN_FORCE: Final = _in_force()


def _reference(session: Session, lane: str, version: str | None) -> Reference:
    if version is None:
        return Reference()
    content = sa.select(REFERENCE.c.content).where(REFERENCE.c.lane == lane)
    return Reference.from_json(session.execute(content).scalar_one())


def _model(session: Session, model_id: UUID | None) -> Model:
    """Give a model of an office's own; the shipped one where there is none, or it does not fit."""
    if model_id is None:
        return shipped_model()
    content = sa.select(MODEL.c.content).where(MODEL.c.model_id == model_id)
    try:
        return own_model(session.execute(content).scalar_one())
    except ModelError as problem:
        log.warning("the model in force no longer fits; the shipped one serves", why=str(problem))
        return shipped_model()


def own_model(content: str) -> Model:
    """Read a model of an office's own. Raises ModelError where its levels are not ours.

    Its version tells its content as well, so that two of one name are never taken for the same.
    """
    try:
        found = from_json(json.loads(content))
    except ValueError as problem:
        raise ModelError(f"The model is not JSON: {problem}.") from problem
    digest = sha256(content.encode()).hexdigest()[:8]
    return replace(found, version=f"{found.version}-{digest}")


def built(session: Session, lane: str) -> Reference:
    """Build the reference of a lane from the records that it has now."""
    from matching.reference_build import build  # polars and pyarrow: the worker's, once a day

    return build(_features(session, lane))


def keep_reference(session: Session, lane: str, made: Reference, now: datetime) -> None:
    """Compare the units of a lane by this reference from now on; say who was compared otherwise.

    The lane is locked. Until `advance_matching` is through, some edges are of the reference before;
    each names the one that it is of.
    """
    row = {"lane": lane, "version": made.version, "content": made.to_json(), "made_at": now}
    upsert(session, REFERENCE, [row])
    tell_outdated(session, lane)


def tell_outdated(session: Session, lane: str) -> None:
    """Leave a note for every unit that was matched otherwise than would be now."""
    matcher = matcher_of(session, lane)
    outdated = sa.select(sa.literal(UNIT_OUTDATED), RECORD.c.lane, RECORD.c.unit_id).where(
        RECORD.c.lane == lane, RECORD.c.normaliser != matcher.version
    )
    columns = ["topic", "lane", "key"]
    session.execute(sa.insert(NOTE).from_select(columns, outdated.order_by(RECORD.c.unit_id)))


def _features(session: Session, lane: str) -> Iterator[Features]:
    wanted = sa.select(RECORD.c.features).where(RECORD.c.lane == lane, ~RECORD.c.is_silent)
    rows = session.execute(
        wanted.order_by(RECORD.c.unit_id), execution_options={"yield_per": _PAGE}
    )
    for (row,) in rows:
        yield unpacked(row)
