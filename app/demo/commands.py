"""`se2026 demo`: a census day in Kota Pekalongan."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlmodel import Session

from app.auth.models import Role
from app.auth.scope import NATION, Scope
from app.core.db import reading, writing
from app.core.office import Office, open_office
from app.core.terminal import ERR, OUT, print_json, telling_problems
from app.demo import opening, summary
from app.demo.city import invent_areas
from app.demo.firms import invent_prelist
from app.demo.persona import visits_of
from app.demo.server import ServiceFailed, serving
from app.demo.staff import Person, invent_staff
from app.demo.supervisors import review
from app.demo.team import Officer, Synced, Team
from app.export.models import Release
from app.export.service import release
from app.projections import settle
from app.questionnaires.shelf import Shelf
from app.registry.entity_list import entity_csv
from app.registry.entity_rules import USAHA
from app.serving import serve as serve_office
from forms.lists import ListTable

SEED = 3375
VISITS_A_DAY = 40
PORT = 8026


@dataclass(frozen=True, slots=True)
class Story:
    """Everybody and everything that the demo invents."""

    staff: Sequence[Person]
    officers: Sequence[Officer]


def demo(
    *,
    serve: Annotated[bool, typer.Option(help="Serve the dashboard at the end.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    visits: Annotated[int, typer.Option(help="Visits of each enumerator.", min=1)] = VISITS_A_DAY,
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = PORT,
) -> None:
    """Play a census day: publish, collect offline, sync, check, review, release; then serve.

    Example: se2026 demo --no-serve --json
    """
    failures = (opening.OpeningFailed, ServiceFailed, httpx.HTTPError)
    with telling_problems("en", *failures), open_office() as office:
        opening.check_is_demo(office)
        told = _play(office, ERR if as_json else OUT, _address(office, host, port), visits)
        if as_json:
            print_json(told)
        else:
            summary.show(OUT, told)
        if serve:
            ERR.print(f"\nDasbor: [bold]http://{host}:{port}[/bold] (Ctrl-C untuk berhenti)")
            serve_office(office.settings, host, port)


def _address(office: Office, host: str, port: int) -> str:
    """Give the address that phones are told: the public one, unless another port was asked for."""
    return office.settings.public_url if port == PORT else f"http://{host}:{port}"


def _play(office: Office, console: Console, address_told: str, visits: int) -> dict[str, Any]:
    story = _open(office, console, visits)
    settle(office.engine)  # officers leave with the list of businesses
    with serving(office) as address:
        first = _collect(office, console, story, address, edits=False)
        settle(office.engine)
        _review(office, console, story, address)
        second = _collect(office, console, story, address, edits=True)
        settle(office.engine)
        _review(office, console, story, address)
        settle(office.engine)
    _tell_mishaps(console, first, second)
    made = _release(office, console)
    with reading(office.engine) as session:
        return summary.summary(office, session, story.staff, made, address_told)


def _open(office: Office, console: Console, visits: int) -> Story:
    with _steps(console) as step:
        areas = invent_areas(SEED)
        step(f"Wilayah: {opening.open_areas(office, areas)} area")
        forms = opening.open_questionnaires(office)
        step("Kuesioner: " + ", ".join(f"{form.form_id} {form.version}" for form in forms))
        firms = invent_prelist(areas, SEED)
        step(f"Prelist: {opening.open_prelist(office, firms)} usaha rekaan")
        staff = invent_staff(areas, SEED)
        opening.open_accounts(office, staff)
        step(f"Petugas: {len(staff)} akun")
        step(f"Penugasan: {opening.open_fieldwork(office, staff)} sub-SLS")
    collectors = [person for person in staff if person.role is Role.ENUMERATOR]
    officers = [
        Officer(
            user_name=person.user_name,
            password=opening.password_of(office, person.user_name),
            # every other device is a stock OpenRosa client
            openrosa_token=opening.token_of(office, person.user_name) if number % 2 == 0 else None,
            visits=visits_of(person, firms, SEED, visits),
        )
        for number, person in enumerate(collectors)
    ]
    return Story(staff, officers)


def _collect(
    office: Office, console: Console, story: Story, address: str, *, edits: bool
) -> Synced:
    with reading(office.engine) as session:
        shelf, now = Shelf(session), office.clock()
        form = opening.current_form(session)
        tree = shelf.form(form.form_id, form.version, now)
        lists = shelf.lists(form.form_id, form.version, now)
        usaha = _taken_along(office, session, "edits" if edits else "visits")
    lists = lists.having({USAHA: ListTable.from_csv(usaha)})
    assert tree is not None, "the questionnaire was published a moment ago"
    team = Team(tree, lists, address, SEED)
    with _progress(console) as progress:
        title = "Perbaikan dikirim" if edits else "Mengumpulkan luring, lalu sinkron"
        task = progress.add_task(title, total=len(story.officers))
        return team.work(story.officers, lambda _name, _count: progress.advance(task), edits=edits)


def _taken_along(office: Office, session: Session, trip: str) -> bytes:
    """Give the businesses that the phones set out with: played again, the same day begins alike."""
    kept = office.settings.data_dir / "demo" / f"usaha-{trip}.csv"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(entity_csv(session, NATION, office.settings.regency, USAHA))
    return kept.read_bytes()


def _review(office: Office, console: Console, story: Story, address: str) -> None:
    supervisors = [person for person in story.staff if person.role is Role.SUPERVISOR]
    with _progress(console) as progress:
        task = progress.add_task("Pengawas memeriksa", total=len(supervisors))
        for person in supervisors:
            with httpx.Client(base_url=address, timeout=60) as http:
                _log_in(http, person.user_name, opening.password_of(office, person.user_name))
                review(http)
            progress.advance(task)
    settle(office.engine)


def _log_in(http: httpx.Client, user_name: str, password: str) -> None:
    answer = http.post("/api/v1/token", data={"username": user_name, "password": password})
    answer.raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _release(office: Office, console: Console) -> Release:
    with _progress(console) as progress, writing(office.engine) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        task = progress.add_task("Menulis rilis", total=None)
        return release(
            session,
            Scope.of([office.settings.regency]),
            office.settings.regency,
            settings=office.settings,
            actor=opening.BY,
            now=office.clock(),
            told=lambda count: progress.update(task, completed=count),
        )


def _tell_mishaps(console: Console, *runs: Synced) -> None:
    words = {
        "no_signal": "tanpa sinyal",
        "answer_lost": "jawaban hilang",
        "sent_twice": "terkirim dua kali",
    }
    counts = {
        word: sum(run.mishaps.counts.get(name, 0) for run in runs) for name, word in words.items()
    }
    sent = sum(run.sent for run in runs)
    console.print(
        f"Terkirim {sent} dokumen; gangguan jaringan: "
        + ", ".join(f"{word} {count}" for word, count in counts.items())
    )


@contextmanager
def _steps(console: Console) -> Iterator[Any]:
    with console.status("Menyiapkan kantor …"):
        yield lambda text: console.print(f"[green]✓[/green] {text}")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
