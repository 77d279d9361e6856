"""Opening the demo office: areas, questionnaire, prelist, staff. Doing it again changes nothing."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from app.areas.service import import_areas
from app.auth import repository as accounts
from app.auth.actor import Actor, actor_of
from app.auth.models import Role
from app.auth.scope import NATION
from app.auth.service import account_named, create_account, issue_openrosa_token
from app.core.clock import JAKARTA
from app.core.db import reading, writing
from app.core.ids import named_id
from app.core.office import Office
from app.core.security import derived_secret
from app.demo.city import InventedArea, areas_csv
from app.demo.firms import InventedFirm, prelist_csv
from app.demo.staff import Person
from app.fieldwork import service as fieldwork
from app.fieldwork.repository import announcement
from app.fieldwork.schemas import AnnouncementIn, AssignmentIn, AssignmentsIn
from app.questionnaires.models import Questionnaire
from app.questionnaires.repository import newest
from app.questionnaires.service import Publication, area_lists, publish
from app.registry.prelist import import_prelist
from forms.compile import compile_definition, definition, definitions

BY = "demo"
_ANNOUNCEMENT = """Setiap sore pukul 16.00 petugas berkumpul di kantor kelurahan.
Bawa surat tugas dan telepon, dan sinkronkan sebelum pulang."""


class OpeningFailed(Exception):  # noqa: N818 - says what happened
    """The demo cannot begin; the message says why."""


def check_is_demo(office: Office) -> None:
    """Raise OpeningFailed where the database is an office's own: inventions do not belong there."""
    with reading(office.engine) as session:
        known = accounts.accounts(session, NATION)
    if any(each.id != named_id("demo account", each.user_name) for each in known):
        raise OpeningFailed(
            "This database belongs to an office at work, and the demo would write its inventions "
            "into it. Please set SE2026_DATA_DIR to an empty directory and unset "
            "SE2026_DATABASE_URL."
        )


def open_areas(office: Office, areas: Sequence[InventedArea]) -> int:
    """Import the region tree; give how many areas it has."""
    with writing(office.engine) as session:
        report = import_areas(session, areas_csv(areas), label="Demo", actor=BY, now=office.clock())
    if report.outcome == "refused":
        raise OpeningFailed(str(report.errors[:3]))
    return len(areas)


def open_questionnaires(office: Office) -> list[Publication]:
    """Publish every questionnaire of the project with the lists of the office's areas."""
    with writing(office.engine) as session:
        lists = area_lists(session, office.settings.regency)
        forms = [compile_definition(definition(name), lists=lists) for name in definitions()]
        return [publish(session, form, actor=BY, now=office.clock()) for form in forms]


def current_form(session: Session) -> Questionnaire:
    """Give the version of SE2026-L that phones are offered now."""
    form = newest(session, "se2026_l")
    assert form is not None, "the questionnaire was published when the office opened"
    return form


def open_prelist(office: Office, firms: Sequence[InventedFirm]) -> int:
    """Import the invented prelist; give how many units it has."""
    with writing(office.engine) as session:
        report = import_prelist(
            session,
            prelist_csv(firms),
            lane=office.settings.regency,
            actor=BY,
            now=office.clock(),
        )
    if report.faults:
        raise OpeningFailed(str(report.faults[:3]))
    return len(firms)


def open_accounts(office: Office, staff: Sequence[Person]) -> None:
    """Create the accounts; each officer's device gets a token for OpenRosa as well."""
    for person in staff:
        with writing(office.engine) as session:
            _open_account(session, office, person)


def open_fieldwork(office: Office, staff: Sequence[Person]) -> int:
    """Let supervisors assign their enumerators, and the office tell all of them one thing.

    Gives how many sub-SLS were assigned. What was said before is not said again.
    """
    collectors = [person for person in staff if person.role is Role.ENUMERATOR]
    for person in collectors:
        with writing(office.engine) as session:
            said = AssignmentsIn(
                decision_id=named_id("demo assignment", person.user_name),
                assignments=[
                    AssignmentIn(idsubsls=code, officer=person.user_name) for code in person.areas
                ],
            )
            fieldwork.assign(session, _actor(session, str(person.supervisor)), said, office.clock())
    _announce(office)
    return sum(len(person.areas) for person in collectors)


def _announce(office: Office) -> None:
    name, today = named_id("demo announcement"), office.clock().astimezone(JAKARTA).date()
    with writing(office.engine) as session:
        if announcement(session, NATION, str(name)) is None:
            told = AnnouncementIn(
                announcement_id=name,
                title="Kumpul di kantor kelurahan",
                text=_ANNOUNCEMENT,
                area=office.settings.regency,
                valid_from=today,
                valid_until=today + timedelta(days=30),
            )
            fieldwork.announce(session, _actor(session, "admin"), told, office.clock())


def _actor(session: Session, user_name: str) -> Actor:
    return actor_of(account_named(session, user_name, NATION))


def password_of(office: Office, user_name: str) -> str:
    """Give the password of a demo account: it follows from the office's own secret key."""
    return derived_secret(office.settings.signing_key(), "demo password", user_name)


def token_of(office: Office, user_name: str) -> str:
    """Give the OpenRosa token of a demo enumerator."""
    return derived_secret(office.settings.signing_key(), "demo openrosa token", user_name)


def _open_account(session: Session, office: Office, person: Person) -> None:
    known = accounts.by_user_name(session, person.user_name)
    account_id = known.id if known else named_id("demo account", person.user_name)
    if known is None:
        create_account(
            session,
            user_name=person.user_name,
            display_name=person.display_name,
            password=password_of(office, person.user_name),
            role=person.role,
            areas=person.areas,
            actor=BY,
            now=office.clock(),
            account_id=account_id,
        )
    if person.role is Role.ENUMERATOR:
        issue_openrosa_token(
            session,
            account_id,
            actor=BY,
            now=office.clock(),
            token=token_of(office, person.user_name),
        )
