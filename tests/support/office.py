"""An office that is open: the real service on a real database, with people and a questionnaire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.areas.reference import kota_pekalongan
from app.areas.service import import_areas
from app.auth.models import Role
from app.auth.service import create_account, issue_openrosa_token
from app.core.db import reading, writing
from app.core.ids import named_id
from app.core.settings import Settings
from app.main import create_app
from app.projections import settle
from app.questionnaires.repository import newest
from app.questionnaires.service import area_lists, publish
from app.questionnaires.shelf import Shelf
from forms.compile import compile_definition, definition
from forms.fill import fill
from tests.conftest import NOON
from tests.support.asgi import Caller
from tests.support.businesses import batik_home_producer

JENGGOT, MEDONO = "3375030005", "3375010004"
SUB_SLS = f"{JENGGOT}000100"
ELSEWHERE = f"{MEDONO}000100"
SLS_CSV = "\n".join(
    ["code,name,expected_load"]
    + [
        f"{kelurahan}{suffix},{name},10"
        for kelurahan in (JENGGOT, MEDONO)
        for suffix, name in (("0001", "RT 001 RW 001"), ("000100", "RT 001 RW 001"))
    ]
)
PEOPLE: Mapping[str, tuple[Role, Sequence[str]]] = {
    "ppl01": (Role.ENUMERATOR, [SUB_SLS]),
    "ppl02": (Role.ENUMERATOR, [ELSEWHERE]),
    "pml01": (Role.SUPERVISOR, [JENGGOT]),
    "pml02": (Role.SUPERVISOR, [MEDONO]),
    "admin": (Role.REGENCY_ADMIN, ["3375"]),
    "pemkot": (Role.GOVERNMENT, ["3375"]),
    "analis": (Role.ANALYST, ["3375"]),
    "pusat": (Role.NATIONAL_ADMIN, [""]),
}


@dataclass(frozen=True, slots=True)
class OpenOffice:
    """The service and what a test needs to speak to it."""

    client: Caller
    engine: sa.Engine
    settings: Settings

    def openrosa(self, user_name: str) -> str:
        return f"/openrosa/token-{user_name}"

    def bearer(self, user_name: str) -> dict[str, str]:
        form = {"username": user_name, "password": password_of(user_name)}
        answer = self.client.post("/api/v1/token", data=form)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def submission(
        self,
        name: str,
        answers: Mapping[str, Any] | None = None,
        *,
        edit_of: str | None = None,
        at: datetime = NOON - timedelta(hours=3),
    ) -> bytes:
        """Fill the published form as a phone does; `name` names the instance."""
        with reading(self.engine) as session:
            form = newest(session, "se2026_l")
            assert form is not None
            tree = Shelf(session).form(form.form_id, form.version, NOON)
            lists = Shelf(session).lists(form.form_id, form.version, NOON)
        assert tree is not None
        return fill(
            tree,
            {**batik_home_producer(), **(answers or {})},
            lists,
            instance_id=instance(name),
            start=at,
            end=at + timedelta(minutes=40),
            device_id="test-device",
            deprecated_id=instance(edit_of) if edit_of else None,
        )

    def send(self, user_name: str, body: bytes, **files: bytes) -> Any:
        """Post a submission as ODK Collect does."""
        parts = {"xml_submission_file": ("submission.xml", body, "text/xml")}
        parts |= {name: (name, content, "image/png") for name, content in files.items()}
        return self.client.post(f"{self.openrosa(user_name)}/submission", files=parts)

    def settle(self) -> None:
        """Bring every projection up to the journal."""
        settle(self.engine)


def instance(name: str) -> str:
    return f"uuid:{named_id('test', name)}"


def open_office(engine: sa.Engine, folder: Path) -> OpenOffice:
    """Open the office of a furnished database; its clock stands at NOON."""
    settings = Settings(data_dir=folder, public_url="http://testserver")
    caller = Caller(create_app(settings, engine, lambda: NOON), base_url="http://testserver")
    return OpenOffice(caller, engine, settings)


def furnish(engine: sa.Engine) -> None:
    """Bring areas (two kelurahan with one sub-SLS each), the questionnaire and people."""
    with writing(engine) as session:
        for table in (kota_pekalongan(), SLS_CSV.encode()):
            report = import_areas(session, table, label="uji", actor="test", now=NOON)
            assert report.outcome == "imported", report.errors
    with writing(engine) as session:
        form = compile_definition(definition("se2026_l"), lists=area_lists(session, "3375"))
        publish(session, form, actor="test", now=NOON - timedelta(days=1))
        for user_name in PEOPLE:
            _add(session, user_name)


def password_of(user_name: str) -> str:
    return f"{user_name} rahasia sekali"


def _add(session: Session, user_name: str) -> None:
    role, areas = PEOPLE[user_name]
    account = create_account(
        session,
        user_name=user_name,
        display_name=f"Contoh {user_name}",
        password=password_of(user_name),
        role=role,
        areas=areas,
        actor="test",
        now=NOON,
    )
    issue_openrosa_token(session, account.id, actor="test", now=NOON, token=f"token-{user_name}")
