"""Documents held against other rules: what would change is told, what is stored stays."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.auth.actor import Actor
from app.auth.models import Role
from app.auth.scope import Scope
from app.core.db import make_engine, reading, writing
from app.core.ids import named_id
from app.core.problems import Forbidden, NotFound
from app.questionnaires.repository import newest
from app.questionnaires.service import publish
from app.review import revalidation, revalidation_repository
from app.review.models import Revalidation
from app.review.revalidation import advance_revalidation
from forms.compile import Compiled
from tests.conftest import NOON
from tests.support.office import OpenOffice

NEWER = "2026999901"
LATER = NOON + timedelta(hours=1)


def actor(*areas: str, role: Role = Role.REGENCY_ADMIN) -> Actor:
    return Actor(named_id("account", "admin"), "admin", "Admin", role, Scope.of(areas))


def with_other_rule(office: OpenOffice) -> None:
    """Publish a newer version that asks for owners of at least 99 years."""
    with writing(office.engine) as session:
        form = newest(session, "se2026_l")
        assert form is not None
        stricter = form.xform.replace(b". &gt;= 10 and . &lt;= 99", b". &gt;= 99 and . &lt;= 99")
        assert stricter != form.xform
        made = Compiled(
            form_id=form.form_id,
            version=NEWER,
            title=form.title,
            xform=stricter.replace(form.version.encode(), NEWER.encode()),
            media={},
            warnings=(),
        )
        publish(session, made, actor="test", now=NOON)


def wish(office: OpenOffice, *, by: Actor | None = None, **about: Any) -> UUID:
    asked: dict[str, Any] = {"form_id": "se2026_l", "from_version": "", "against_version": NEWER}
    with writing(office.engine) as session:
        job = Revalidation(
            id=named_id("revalidation", str(about)),
            lane="3375",
            asked_at=LATER,
            asked_by="admin",
            total=0,
            **{**asked, **about},
        )
        revalidation.ask(session, by or actor("3375"), job)
        return job.id


def finish(engine: sa.Engine) -> int:
    return sum(iter(lambda: advance_revalidation(engine, LATER), 0))


def collected(office: OpenOffice, count: int) -> None:
    for number in range(count):
        office.send("ppl01", office.submission(f"doc-{number}", {"owner_age": str(30 + number)}))
    office.settle()


def test_findings_that_would_appear_are_told_and_nothing_is_changed(office: OpenOffice) -> None:
    collected(office, 3)
    with_other_rule(office)
    job_id = wish(office)
    finish(office.engine)
    with reading(office.engine) as session:
        job = revalidation.report_of(session, actor("3375"), job_id)
        assert (job.total, job.done, job.changed, job.trouble) == (3, 3, 3, "")
        assert job.finished_at == LATER
        (line,) = revalidation_repository.summary(session, job_id)
        assert (line.appeared, line.rule, line.documents) == (True, "constraint", 3)
        assert line.question.endswith("/owner_age")
        page = revalidation_repository.changed_documents(session, job_id, "", 2)
        rest = revalidation_repository.changed_documents(session, job_id, page[-1].document_id, 2)
        assert (len(page), len(rest)) == (2, 1)
        assert len(list(revalidation_repository.all_changes(session, job_id))) == 3
    listed = office.client.get("/api/v1/documents", headers=office.bearer("admin")).json()
    assert [row["error_count"] for row in listed["rows"]] == [0, 0, 0]


def test_what_would_disappear_is_told_too(office: OpenOffice) -> None:
    office.send("ppl01", office.submission("old", {"owner_age": "5"}))
    office.settle()
    with writing(office.engine) as session:
        form = newest(session, "se2026_l")
        assert form is not None
        looser = form.xform.replace(b". &gt;= 10 and . &lt;= 99", b". &gt;= 1 and . &lt;= 99")
        made = Compiled(
            form_id=form.form_id,
            version=NEWER,
            title=form.title,
            xform=looser.replace(form.version.encode(), NEWER.encode()),
            media={},
            warnings=(),
        )
        publish(session, made, actor="test", now=NOON)
    job_id = wish(office)
    finish(office.engine)
    with reading(office.engine) as session:
        assert [line.appeared for line in revalidation_repository.summary(session, job_id)] == [
            False
        ]


def test_a_job_goes_on_where_its_worker_died(office: OpenOffice, tmp_path: Path) -> None:
    collected(office, 4)
    with_other_rule(office)
    job_id = wish(office)
    dying = make_engine(office.engine.url.render_as_string(hide_password=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(revalidation, "BATCH", 2)
        assert advance_revalidation(office.engine, LATER) == 2
        with dying.connect() as held:  # another process has taken it and does not answer
            held.execute(sa.text("SELECT 1 FROM revalidation FOR UPDATE"))
            assert advance_revalidation(office.engine, LATER) == 0
            held.invalidate()  # its connection breaks, its lock goes as soon as PostgreSQL sees it
        while not advance_revalidation(office.engine, LATER):
            time.sleep(0.01)
        finish(office.engine)
    dying.dispose()
    with reading(office.engine) as session:
        job = revalidation.report_of(session, actor("3375"), job_id)
        assert (job.done, job.changed) == (4, 4)


def test_a_wish_with_rules_that_are_not_here_is_refused(office: OpenOffice) -> None:
    with pytest.raises(NotFound):
        wish(office, against_version="1999")


def test_rules_that_vanish_end_the_job_with_its_trouble(office: OpenOffice) -> None:
    collected(office, 1)
    with_other_rule(office)
    job_id = wish(office)
    with writing(office.engine) as session:
        session.execute(sa.text("DELETE FROM questionnaire WHERE version = :v"), {"v": NEWER})
    finish(office.engine)
    with reading(office.engine) as session:
        job = revalidation.report_of(session, actor("3375"), job_id)
        assert (job.trouble, job.done) == ("NotFound", 0)


def test_another_regency_neither_asks_nor_reads(office: OpenOffice) -> None:
    collected(office, 1)
    with_other_rule(office)
    with pytest.raises(Forbidden):
        wish(office, by=actor("3376"))
    job_id = wish(office)
    with reading(office.engine) as session, pytest.raises(NotFound):
        revalidation.report_of(session, actor("3376"), job_id)
