"""Questionnaires and lists in the feed that is common to all lanes."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import writing
from app.core.outbox import take
from app.intake.feed import COMMON, Change, publish
from app.questionnaires.offers import QUESTIONNAIRES_TOUCHED, offers


def advance_offers(engine: sa.Engine) -> int:
    """Tell devices what is offered where somebody noted a change; give how many forms changed."""
    with writing(engine) as session:
        changed = take(session, QUESTIONNAIRES_TOUCHED, COMMON)
        if changed:
            publish_offers(session)
        return len(changed)


def publish_offers(session: Session) -> None:
    """Bring the feed in step with what is published; nothing travels that devices know."""
    publish(session, COMMON, [Change(kind, key, "", told) for kind, key, told in offers(session)])
