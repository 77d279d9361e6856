"""Make a release: approved documents, clean and documented, at one position of the journal."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlmodel import Session

from app.areas.repository import of_level
from app.auth.scope import Scope
from app.core.problems import Invalid
from app.core.settings import Settings
from app.export import repository
from app.export.models import Release
from app.export.writer import Microdata, Told, Writer
from app.intake.repository import entries_at
from app.questionnaires.shelf import Shelf
from forms.instance import read_submission
from forms.validate import validate

_PAGE = 200


def release(
    session: Session,
    scope: Scope,
    lane: str,
    *,
    settings: Settings,
    actor: str,
    now: datetime,
    told: Told = lambda _count: None,
) -> Release:
    """Write the release of a lane and note it; the same position gives the same release again.

    `told` hears how many documents are written. `session` must see one consistent state.
    """
    if not of_level(session, scope, lane, len(lane)):
        raise Invalid(
            f"Tidak ada kabupaten/kota {lane}. Impor wilayahnya, atau atur SE2026_REGENCY.",
            f"There is no regency {lane}. Please either import its areas or set SE2026_REGENCY.",
            code="unknown_regency",
        )
    home = settings.data_dir / "releases"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="new-", dir=home))
    try:
        writer = Writer(folder)
        for count, one in enumerate(_microdata(session, scope, lane), start=1):
            writer.add(one)
            told(count)
        position = repository.position_of(session, lane)
        digest = writer.close({"lane": lane, "position": position, "format": 3})
        name = f"{lane}-{position}-{digest[:12]}"
        _put_in_place(folder, home / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    made = Release(
        digest=digest,
        lane=lane,
        position=position,
        path=f"releases/{name}",
        row_counts=writer.rows,
        created_at=now,
        created_by=actor,
    )
    repository.keep(session, made)
    return made


def _microdata(session: Session, scope: Scope, lane: str) -> Iterator[Microdata]:
    """Give approved documents with the values that their questionnaire makes of the answers."""
    shelf = Shelf(session)
    documents = iter(list(repository.approved(session, scope, lane)))
    while page := list(islice(documents, _PAGE)):
        held = entries_at(session, lane, {each.position for each in page})
        for each in page:
            received = held[each.position].received_at
            form = shelf.form(each.form_id, each.form_version, received)
            if form is None:
                continue  # approved without a known questionnaire: nothing can be said of it
            lists = shelf.lists(each.form_id, each.form_version, received)
            report = validate(form, read_submission(held[each.position].body), lists)
            yield Microdata(each, form, lists, dict(report.values))


def _put_in_place(folder: Path, target: Path) -> None:
    """Move a finished release to its name; one of that name has the same content."""
    folder.chmod(0o750)
    if not target.exists():
        folder.rename(target)
