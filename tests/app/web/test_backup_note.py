"""Who is told that data lies on one machine alone, and when."""

from datetime import timedelta

import sqlalchemy as sa

from app.core.db import table_of, writing
from app.intake.models import BackupMark
from app.main import create_app
from tests.conftest import NOON
from tests.support.asgi import Caller
from tests.support.office import OpenOffice, password_of


def front_page(office: OpenOffice, user: str, *, hours: int = 1, place: str | None = None) -> str:
    settings = office.settings.model_copy(update={"backup_url": place})
    service = create_app(settings, office.engine, lambda: NOON + timedelta(hours=hours))
    caller = Caller(service, base_url="http://testserver")
    form = {"user_name": user, "password": password_of(user)}
    assert caller.post("/masuk", data=form).status_code == 303
    return caller.get("/").text


def test_administrators_are_told_what_no_backup_holds(office: OpenOffice) -> None:
    assert "Cadangan" not in front_page(office, "admin")  # there is nothing yet
    for name in "abc":
        office.send("ppl01", office.submission(name))
    for user in ("admin", "pusat"):
        assert "Cadangan belum diatur: 3 catatan" in front_page(office, user)
    assert "Cadangan tertinggal: 3 catatan" in front_page(office, "admin", place="/elsewhere")
    for told in (front_page(office, "pml01"), front_page(office, "admin", hours=0)):
        assert "Cadangan" not in told

    mark = {"lane": "3375", "position": 2, "hash": "", "shipped_at": NOON}
    with writing(office.engine) as session:
        session.execute(sa.insert(table_of(BackupMark)), mark)
    assert "tertinggal: 1 catatan" in front_page(office, "admin", place="/elsewhere")
    with writing(office.engine) as session:
        session.execute(sa.update(table_of(BackupMark)).values(position=3))
    assert "Cadangan" not in front_page(office, "admin", place="/elsewhere")
