"""What the journal says of labels, as rows: whole lanes, on nobody's behalf, hence no scope."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session

from app.core.db import table_of
from app.core.rows import upsert
from app.dedup import label_rules as rules
from app.dedup.models import LabelRound, MatchLabel
from sync.journal import Entry
from sync.receipts import Outcome

LABEL = table_of(MatchLabel)
ROUND = table_of(LabelRound)
_SILENT: dict[str, Any] = {
    "withdraws": "",
    "round": "",
    "answer": "",
    "bits": None,
    "levels": [],
    "model": "",
    "stratum": "",
    "weight": 1.0,
    "left_record": {},
    "right_record": {},
}


def take_in(session: Session, entries: Iterable[Entry]) -> None:
    """Write what entries of labelling say; the same entry again changes nothing."""
    ours = [
        each for each in entries if each.kind == rules.LABEL and each.outcome is not Outcome.RIVAL
    ]
    said = [(each, json.loads(each.body)) for each in ours]
    rounds = [_round(*each) for each in said if each[1]["what"] == rules.Entry.ROUND]
    labels = [_label(*each) for each in said if each[1]["what"] != rules.Entry.ROUND]
    upsert(session, ROUND, rounds)
    upsert(session, LABEL, labels)


def _round(entry: Entry, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "lane": entry.lane,
        "position": entry.position,
        "round_id": entry.instance_id,
        "actor": entry.actor,
        "seed": said["seed"],
        "model": said["model"],
        "pairs": said["pairs"],
        "begun_at": entry.received_at,
    }


def _label(entry: Entry, told: dict[str, Any]) -> dict[str, Any]:
    said = _SILENT | told
    return {
        "lane": entry.lane,
        "position": entry.position,
        "label_id": entry.instance_id,
        "what": said["what"],
        "withdraws": said["withdraws"],
        "round_id": said["round"],
        "left_id": said["left"],
        "right_id": said["right"],
        "left_area": said["left_area"],
        "right_area": said["right_area"],
        "answer": said["answer"],
        "bits": said["bits"],
        "levels": said["levels"],
        "model": said["model"],
        "stratum": said["stratum"],
        "weight": said["weight"],
        "left_record": said["left_record"],
        "right_record": said["right_record"],
        "actor": entry.actor,
        "role": said["role"],
        "labelled_at": entry.received_at,
    }


def standing(lane: str) -> sa.Subquery:
    """Give the labels of a lane that stand: of each pair the last that nobody took back."""
    back = LABEL.alias("back")
    withdrawn = sa.exists().where(
        back.c.lane == LABEL.c.lane,
        back.c.withdraws == LABEL.c.label_id,
        back.c.position > LABEL.c.position,
    )
    return (
        sa.select(LABEL)
        .where(LABEL.c.lane == lane, LABEL.c.what == rules.Entry.ANSWER, ~withdrawn)
        .ext(distinct_on(LABEL.c.left_id, LABEL.c.right_id))
        .order_by(LABEL.c.left_id, LABEL.c.right_id, LABEL.c.position.desc())
        .subquery("stands")
    )


def labels_of(session: Session, lane: str) -> Sequence[sa.RowMapping]:
    """Give every label of a lane that stands, in the order of the pairs."""
    found = standing(lane)
    wanted = sa.select(found).order_by(found.c.left_id, found.c.right_id)
    return session.execute(wanted).mappings().all()


def levels_of(session: Session, lane: str) -> list[list[int]]:
    """Give the levels of every pair of a lane that has a label, as far as they are known."""
    found = standing(lane)
    return list(session.execute(sa.select(found.c.levels)).scalars())
