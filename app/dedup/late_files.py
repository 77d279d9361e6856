"""Files that came after their submission: form clients send a large one in parts."""

import json
from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import Session

from app.core.rows import among
from app.intake.journal import ENTRY, entry_of
from app.intake.service import ATTACHMENT
from sync.envelope import Attachment
from sync.journal import Entry


def files_of(
    session: Session, lane: str, entries: Mapping[int, Entry]
) -> dict[int, tuple[Attachment, ...]]:
    """Give the files of submissions by position, those that came later behind the others.

    A later part repeats the submission, so that its device and moment of capture are the same: by
    these it is found, and by the instance that it names it is known.
    """
    if not entries:
        return {}
    late = defaultdict[str, list[Attachment]](list)
    moments = {each.captured_at for each in entries.values()}
    wanted = (
        sa.select(ENTRY)
        .where(
            ENTRY.c.lane == lane,
            ENTRY.c.kind == ATTACHMENT,
            ENTRY.c.device == among({each.device for each in entries.values()}),
            sa.or_(
                ENTRY.c.captured_at.in_(moments - {None}),
                sa.literal(None in moments) & ENTRY.c.captured_at.is_(None),
            ),
        )
        .order_by(ENTRY.c.position)
    )
    for row in session.execute(wanted).mappings():
        part = entry_of(row)
        late[str(json.loads(part.body)["instance_id"])] += part.attachments
    return {
        position: tuple(dict.fromkeys((*entry.attachments, *late.get(entry.instance_id, ()))))
        for position, entry in entries.items()
    }
