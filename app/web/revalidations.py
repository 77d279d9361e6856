"""Pages of revalidation: start it, watch it, read what would change."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.auth.actor import Actor, require
from app.core.db import Tx, View, reading
from app.core.ids import new_id
from app.core.office import Office, office_of
from app.questionnaires.routes import MANAGERS
from app.review import revalidation, revalidation_repository
from app.review.models import Revalidation
from app.web.pages import page

PAGE_LENGTH = 100

router = APIRouter(prefix="/kuesioner/periksa-ulang")

Manager = Annotated[Actor, Depends(require(*MANAGERS))]


@router.post("")
def ask(
    request: Request,
    session: Tx,
    actor: Manager,
    form_id: Annotated[str, Form(max_length=200)],
    *,
    versi: Annotated[str, Form(max_length=200)] = "",
    dari: Annotated[str, Form(max_length=200)] = "",
    draf: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Queue a revalidation and show its page."""
    office = office_of(request)
    wish = Revalidation(
        id=new_id(),
        lane=actor.lane or office.settings.regency,
        form_id=form_id,
        from_version=dari,
        against_version=versi,
        draft_id=draf,
        asked_at=office.clock(),
        asked_by=actor.user_name,
        total=0,
    )
    job = revalidation.ask(session, actor, wish)
    return RedirectResponse(f"/kuesioner/periksa-ulang/{job.id}", status_code=303)


@router.get("/{job_id}")
def show(
    request: Request, session: View, actor: Manager, job_id: UUID, sesudah: str = ""
) -> Response:
    """Show how far it is and what would change."""
    job = revalidation.report_of(session, actor, job_id)
    documents = revalidation_repository.changed_documents(session, job_id, sesudah, PAGE_LENGTH + 1)
    shown = documents[:PAGE_LENGTH]
    return page(
        request,
        "revalidation.html",
        actor,
        job=job,
        summary=revalidation_repository.summary(session, job_id),
        documents=shown,
        after=sesudah,
        next_after=shown[-1].document_id if len(documents) > PAGE_LENGTH else "",
    )


@router.get("/{job_id}/perubahan.csv")
def download(request: Request, session: View, actor: Manager, job_id: UUID) -> Response:
    """Give every change as CSV, however many there are."""
    job = revalidation.report_of(session, actor, job_id)
    headers = {"Content-Disposition": 'attachment; filename="perubahan.csv"'}
    lines = _lines(office_of(request), job.id)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _lines(office: Office, job_id: UUID) -> Iterator[str]:
    yield _line("document_id", "change", "severity", "rule", "path", "message")
    with reading(office.engine) as session:
        for row in revalidation_repository.all_changes(session, job_id):
            change = "appeared" if row.appeared else "disappeared"
            yield _line(row.document_id, change, row.severity, row.rule, row.path, row.message)


def _line(*cells: str) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
