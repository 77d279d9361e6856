"""Who answers for which sub-SLS, with how much work: looked at, changed singly or by file."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.areas.repository import area, of_level, states
from app.auth.actor import Actor, require
from app.auth.models import FIELD_STAFF
from app.auth.repository import Known
from app.auth.scope import Scope
from app.core.db import Tx, View, reading
from app.core.ids import new_id
from app.core.office import Office, office_of
from app.core.problems import Invalid, NotFound, language_of
from app.coverage.rules import Level
from app.coverage.service import home_of
from app.coverage.workload import Load, loads_of_areas, loads_of_officers
from app.export.rules import inert
from app.fieldwork import roster, service
from app.fieldwork.assignment_file import COLUMNS, written_note
from app.fieldwork.bulk import LARGEST, FileReport, assign_by_file
from app.fieldwork.repository import vacancies
from app.fieldwork.roster import Place, Wish
from app.fieldwork.schemas import AssignmentIn, AssignmentsIn, Said
from app.web.addresses import with_query
from app.web.pages import page
from sync.receipts import Outcome

PAGE_LENGTH = 100
_FAULTS_SHOWN = 100
_OF_A_READ = 1000
ADDRESS = "/penugasan"

router = APIRouter(prefix=ADDRESS)

Reader = Annotated[Actor, Depends(require(*FIELD_STAFF))]
Director = Annotated[Actor, Depends(require(*service.DIRECTORS))]
Code = Annotated[str, Path(pattern="^[0-9]{16}$")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sub-SLS the reader wants to see."""

    wilayah: str = ""
    petugas: str = ""
    keadaan: str = ""

    @property
    def query(self) -> dict[str, str]:
        """Give it as an address has it."""
        return {"wilayah": self.wilayah, "petugas": self.petugas, "keadaan": self.keadaan}


@dataclass(frozen=True, slots=True)
class Officer:
    """An enumerator and what lies before him."""

    known: Known
    load: Load


def _asked(
    wilayah: Annotated[str, Query(pattern="^[0-9]{0,16}$")] = "",
    petugas: Annotated[str, Query(max_length=64)] = "",
    keadaan: Literal["", "kosong"] = "",
) -> Asked:
    return Asked(wilayah, petugas.strip(), keadaan)


def _asked_by_form(
    wilayah: Annotated[str, Form(pattern="^[0-9]{0,16}$")] = "",
    saring: Annotated[str, Form(max_length=64)] = "",
    keadaan: Annotated[Literal["", "kosong"], Form()] = "",
) -> Asked:
    return Asked(wilayah, saring.strip(), keadaan)


AskedFor = Annotated[Asked, Depends(_asked)]
AskedBefore = Annotated[Asked, Depends(_asked_by_form)]
Cursor = Annotated[str, Query(pattern="^[0-9]{0,16}$")]


@router.get("")
def show(  # noqa: PLR0917 - query and dependencies
    request: Request,
    session: View,
    actor: Reader,
    asked: AskedFor,
    cursor: Cursor = "",
    selesai: Annotated[int, Query(ge=0, le=10**6)] = 0,
) -> Response:
    """Show the sub-SLS of the reader's areas and who works them."""
    return _page(request, session, actor, asked, cursor=cursor, done=selesai)


@router.get("/petugas")
def show_officers(
    request: Request,
    session: View,
    actor: Reader,
    asked: AskedFor,
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Show the enumerators of the reader's areas and how much lies before each."""
    home = home_of(actor.scope, office_of(request).settings.regency)
    found = _officers(session, actor, asked.wilayah or home)
    behind = [each for each in found if each.known.user_name.lower() > cursor.lower()]
    shown = behind[:PAGE_LENGTH]
    return page(
        request,
        "assignment_officers.html",
        actor,
        found=shown,
        count=len(found),
        areas=of_level(session, actor.scope, home, Level.KELURAHAN.digits),
        asked=asked,
        cursor=cursor,
        next_cursor=shown[-1].known.user_name if len(behind) > PAGE_LENGTH else "",
    )


@router.get("/unduh.csv")
def download(request: Request, actor: Reader, asked: AskedFor) -> Response:
    """Give all that was asked for as CSV, however much it is; the same file can be sent back."""
    office = office_of(request)
    lines = _lines(office, actor.scope, _wish(request, actor, asked))
    headers = {"Content-Disposition": 'attachment; filename="penugasan.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("")
def assign(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    session: Tx,
    actor: Director,
    asked: AskedBefore,
    id: Annotated[UUID, Form()],  # noqa: A002 - the field's name
    aksi: Annotated[Literal["tugaskan", "cabut"], Form()] = "tugaskan",
    kode: Annotated[list[str] | None, Form(max_length=500)] = None,
    petugas: Annotated[str, Form(max_length=64)] = "",
    catatan: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Let somebody, or nobody, work the sub-SLS that were chosen, or say what is missing."""
    given = {"kode": set(kode or ()), "petugas": petugas, "catatan": catatan}
    officer = petugas.strip() if aksi == "tugaskan" else None
    try:
        with session.begin_nested():
            _check_chosen(kode, officer)
            told = [
                AssignmentIn(idsubsls=each, officer=officer, note=catatan) for each in kode or ()
            ]
            said = AssignmentsIn(decision_id=id, assignments=told)
            now = office_of(request).clock()
            _check_once(service.assign(session, actor, said, now))
    except NotFound:
        problem = _no_officer(petugas)
    except Invalid as wrong:
        problem = wrong
    else:
        return _back(asked, len(told))
    said_wrong = problem.told(language_of(request))
    return _page(request, session, actor, asked, given=given, problem=said_wrong, status=422)


@router.post("/unggah")
def upload(
    request: Request,
    session: Tx,
    actor: Director,
    id: Annotated[UUID, Form()],  # noqa: A002 - the field's name
    berkas: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Take in a file of assignments, or tell every line and column that is wrong."""
    content = b"" if berkas is None else berkas.file.read(LARGEST + 1)
    if not content or len(content) > LARGEST:
        problem = _no_file(content).told(language_of(request))
        return _page(request, session, actor, Asked(), problem=problem, status=422)
    report = assign_by_file(session, actor, content, id, office_of(request).clock())
    if report.faults:
        return _page(request, session, actor, Asked(), report=report, status=422)
    return _back(Asked(), report.changed)


@router.get("/{idsubsls}")
def show_history(request: Request, session: View, actor: Reader, idsubsls: Code) -> Response:
    """Show who worked a sub-SLS from when on, and who said so."""
    found = area(session, actor.scope, idsubsls)
    if found is None:
        raise NotFound
    turns = roster.turns(session, actor.scope, idsubsls)
    return page(request, "assignment_history.html", actor, place=found, turns=turns)


def _page(  # noqa: PLR0913 - a page is made of these
    request: Request,
    session: Session,
    actor: Actor,
    asked: Asked,
    *,
    cursor: str = "",
    done: int = 0,
    given: dict[str, Any] | None = None,
    problem: str = "",
    report: FileReport | None = None,
    status: int = 200,
) -> Response:
    home = home_of(actor.scope, office_of(request).settings.regency)
    wish = _wish(request, actor, asked)
    found = roster.places(session, actor.scope, wish, after=cursor, limit=PAGE_LENGTH)
    codes = [each.idsubsls for each in found.places]
    may_assign = actor.role in service.DIRECTORS
    total, vacant = vacancies(session, actor.scope, wish.area)
    return page(
        request,
        "assignments.html",
        actor,
        status=status,
        found=found,
        loads=loads_of_areas(session, actor.scope, codes),
        idle=Load(),
        areas=of_level(session, actor.scope, home, Level.KELURAHAN.digits),
        names=_names(session, {each.kelurahan for each in found.places}),
        total=total,
        vacant=vacant,
        officers=service.enumerators(session, actor.scope) if may_assign else [],
        may_assign=may_assign,
        asked=asked,
        cursor=cursor,
        done=done,
        given=given or {"kode": set(), "petugas": "", "catatan": ""},
        problem=problem,
        report=report,
        most_faults=_FAULTS_SHOWN,
        new_id=new_id,
    )


def _names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Name areas, also those of which the reader sees a part only."""
    return {code: row["name"] for code, row in states(session, Scope(tuple(codes)), codes).items()}


def _wish(request: Request, actor: Actor, asked: Asked) -> Wish:
    home = home_of(actor.scope, office_of(request).settings.regency)
    return Wish(asked.wilayah or home, asked.petugas, vacant=asked.keadaan == "kosong")


def _officers(session: Session, actor: Actor, under: str) -> Sequence[Officer]:
    """Give who works within the reader's areas, by user name, with the load there."""
    loads = loads_of_officers(session, actor.scope, under)
    known = {each.id: each for each in service.enumerators(session, actor.scope)}
    known |= service.accounts_of(session, loads.keys() - known.keys())
    return [
        Officer(each, loads.get(each.id, Load()))
        for each in sorted(known.values(), key=lambda each: each.user_name.lower())
    ]


def _lines(office: Office, scope: Scope, wish: Wish) -> Iterator[str]:
    counted = ("listed", "visited", "approved")
    yield _line(*COLUMNS, "area_name", "officer_name", "since", *counted)
    after = ""
    while True:
        with reading(office.engine) as session:
            found = roster.places(session, scope, wish, after=after, limit=_OF_A_READ)
            loads = loads_of_areas(session, scope, [each.idsubsls for each in found.places])
        for place in found.places:
            yield _line(*_cells(place, loads.get(place.idsubsls, Load())))
        if not found.next_after:
            return
        after = found.next_after


def _cells(place: Place, load: Load) -> list[str]:
    held = place.standing
    officer = [held.user_name, written_note(held.note)] if held else ["", ""]
    named = [held.display_name, held.since.isoformat()] if held else ["", ""]
    counts = [str(load.listed), str(load.visited), str(load.approved)]
    return [place.idsubsls, *officer, inert(place.name), inert(named[0]), named[1], *counts]


def _line(*cells: str) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def _back(asked: Asked, count: int) -> Response:
    told = {**asked.query, "selesai": str(count)}
    return RedirectResponse(with_query(ADDRESS, **told), status_code=303)


def _check_chosen(codes: Sequence[str] | None, officer: str | None) -> None:
    if not codes:
        raise Invalid("Pilih dahulu sub-SLS-nya.", "Please choose the sub-SLS first.")
    if officer == "":
        raise Invalid("Tulis nama pengguna petugasnya.", "Please give the officer's user name.")


def _check_once(said: Sequence[Said]) -> None:
    """Raise Invalid where a form came twice and says something else the second time."""
    if any(each.outcome == Outcome.RIVAL for each in said):
        raise Invalid(
            "Formulir ini sudah terkirim dengan isi lain. Periksa, lalu kirim lagi.",
            "This form was sent before with other content. Look at it and send it again.",
        )


def _no_officer(name: str) -> Invalid:
    return Invalid(
        f"Tidak ada petugas bernama “{name}” di wilayah Anda: pilih dari daftar.",
        f"There is no officer named “{name}” in your areas: choose from the list.",
    )


def _no_file(content: bytes) -> Invalid:
    if content:
        return Invalid("Berkas terlalu besar (lebih dari 16 MB).", "The file exceeds 16 MB.")
    return Invalid("Pilih dahulu berkas CSV-nya.", "Please choose the CSV file first.")
