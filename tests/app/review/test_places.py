"""An officer who speaks for an area that is not his: stored, and found."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core.db import reading
from app.projections import rebuild_all
from app.review.places import Places, Word
from sync.envelope import SUBMISSION
from sync.journal import Entry
from sync.receipts import Outcome
from tests.app.fieldwork.test_assignments import assign
from tests.conftest import NOON
from tests.support.office import ELSEWHERE, SUB_SLS, OpenOffice, instance


def send(office: OpenOffice, name: str, user: str = "ppl01", *, at_hours: int = 3) -> None:
    body = office.submission(name, at=NOON - timedelta(hours=at_hours))
    assert office.send(user, body).status_code == 201
    office.settle()


def found(office: OpenOffice) -> dict[str, list[str]]:
    """Give the submissions with the finding, and how grave it is."""
    text = sa.text(
        "SELECT entry.instance_id, finding.severity FROM finding JOIN journal_entry entry "
        "USING (lane, position) WHERE rule = 'assignment' ORDER BY position"
    )
    with reading(office.engine) as session:
        rows = session.execute(text).all()
    return {row.instance_id: row.severity for row in rows}


def test_who_has_work_elsewhere_is_told_of_but_not_refused(office: OpenOffice) -> None:
    send(office, "before any assignment")
    assign(office, "admin", (SUB_SLS, "ppl02"))
    send(office, "of somebody without assignments")
    send(office, "at home", "ppl02", at_hours=0)
    assign(office, "admin", (ELSEWHERE, "ppl01"), decision=2)
    send(office, "strange")
    send(office, "strange too", at_hours=0)
    assign(office, "admin", (SUB_SLS, "ppl01"), decision=3)
    send(office, "mine again", at_hours=0)
    strange = {instance("strange"): "warning", instance("strange too"): "warning"}
    assert found(office) == strange
    rebuild_all(office.engine, "3375", lambda _name, _count: None)
    assert found(office) == strange


def test_who_was_moved_hands_in_what_was_collected_before() -> None:
    told = [(1, "ani"), (3, "budi"), (7, "ani")]
    words = [Word(at, NOON + timedelta(hours=at), officer) for at, officer in told]
    places = Places({SUB_SLS: words}, {"ani": 1, "budi": 2})

    def is_strange(officer: str, position: int, hour: int, code: str = SUB_SLS) -> bool:
        at = NOON + timedelta(hours=hour)
        return places.is_strange(entry(officer, position, at), code)

    assert not is_strange("ani", 2, 1)
    assert not is_strange("ani", 5, 2)  # collected before budi came
    assert is_strange("ani", 5, 4)
    assert is_strange("ani", 5, 0)  # nobody was there yet
    assert is_strange("budi", 5, 2) is False  # his now
    assert is_strange("budi", 8, 8)
    assert not is_strange("budi", 2, 0)  # had nothing to be outside of
    assert not is_strange("citra", 8, 8)
    assert is_strange("ani", 8, 8, ELSEWHERE)


def entry(actor: str, position: int, at: datetime) -> Entry:
    return Entry(
        lane="3375",
        position=position,
        kind=SUBMISSION,
        outcome=Outcome.STORED,
        instance_id=f"uuid:{position}",
        form_id="se2026_l",
        form_version="1",
        actor=actor,
        device="",
        door="test",
        captured_at=at,
        received_at=NOON,
        digest="",
        body=b"",
    )
