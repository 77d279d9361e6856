"""The OpenRosa 1.0 door: what ODK Collect and any other form client needs.

One door with two keys: a token in the address, or a name and password with each request.
"""

import gzip
import re
from asyncio import wrap_future
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from app.auth.actor import Actor, former_openrosa_actors, openrosa_actor
from app.auth.basic import logins_of
from app.auth.routes import address_of
from app.core.db import View, reading
from app.core.office import office_of
from app.core.problems import NotFound, Problem, language_of
from app.core.settings import Settings
from app.intake.blobs import ObjectBlobs
from app.intake.entity_door import EntityList, md5_of
from app.intake.memory import Memory
from app.intake.multipart import Parcel, received
from app.intake.service import Refused
from app.intake.submissions import Handed, collector_of
from app.questionnaires import repository as forms
from app.questionnaires.models import Questionnaire
from sync.codecs.openrosa import (
    FormListing,
    MediaListing,
    form_list,
    integrity,
    manifest,
    read_envelope,
)
from sync.codecs.openrosa import submission_response as told
from sync.envelope import Envelope
from sync.errors import Unreadable

_hand_in = APIRouter(tags=["openrosa"])
_doors = APIRouter(tags=["openrosa"])

XML = "text/xml; charset=utf-8"
_CSV = "text/csv; charset=utf-8"
_QUICKLY_READ = 100_000  # bytes
_WORTH_PACKING = 1000  # bytes
_MOST_IDS = 1000
_ONE_REQUEST = 10_000_000  # bytes; some minutes on a weak line
_FILE = re.compile(rb"jr://file-csv/([^\"'<>&]+)")


def collector_in(request: Request) -> Actor:
    """Give who asks. Raises Forbidden, Unauthenticated, TooManyRequests."""
    token = request.path_params.get("token")
    if token is None:
        return _by_password(request, closed_too=False)
    # a short session of its own: a phone that uploads slowly must not hold a connection
    with reading(office_of(request).engine) as session:
        return collector_of(openrosa_actor(session, token))


def _hander_in(request: Request) -> Actor:
    """Give who may hand in: access that was revoked serves for what was collected before."""
    token = request.path_params.get("token")
    if token is None:
        return _by_password(request, closed_too=True)
    with reading(office_of(request).engine) as session:
        known = openrosa_actor(session, token)
        return collector_of(known or former_openrosa_actors(session, [token]).get(token))


def _by_password(request: Request, *, closed_too: bool) -> Actor:
    told = request.headers.get("authorization"), address_of(request)
    return collector_of(logins_of(request).actor(office_of(request), *told, closed_too=closed_too))


def _published(session: View, form_id: str, version: str = "") -> Questionnaire:
    found = forms.find(session, form_id, version) if version else forms.newest(session, form_id)
    if found is None:
        raise NotFound(
            "Formulir atau versi ini belum terbit. Perbarui daftar formulir di aplikasi.",
            "This form or version is not published. Refresh the list of forms in the app.",
        )
    return found


Collector = Annotated[Actor, Depends(collector_in)]
Published = Annotated[Questionnaire, Depends(_published)]


@_doors.get("/formList")
def list_forms(request: Request, collector: Collector, session: View) -> Response:
    """List the newest published version of every form, or with `listAllVersions` every one.

    `formID` narrows the list; `verbose` is understood, and changes nothing.
    """
    del collector
    wanted = request.query_params.get("formID")
    every = request.query_params.get("listAllVersions", "").lower() in {"true", "1", "yes"}
    listings = [
        FormListing(
            form_id=form.form_id,
            name=form.title,
            version=form.version,
            digest=md5_of(form.xform),
            download_url=_here(request, f"forms/{form.form_id}.xml?version={form.version}"),
            manifest_url=_here(request, f"manifest/{form.form_id}?version={form.version}"),
        )
        for form in (forms.published(session) if every else forms.offered(session))
        if wanted in (None, form.form_id)
    ]
    return answer_document(request, form_list(listings))


@_doors.get("/forms/{form_id}.xml")
def download_form(request: Request, collector: Collector, form: Published) -> Response:
    """Give the XForm."""
    del collector
    return answer_document(request, form.xform)


@_doors.get("/manifest/{form_id}")
def list_media(request: Request, collector: Collector, session: View, form: Published) -> Response:
    """List the files that a form needs, the collector's own prelist among them."""
    own = _personal(request, form)
    names = {name: md5_of(body) for name, body in _lists_of(request, session, form).items()}
    for name, each in own.items():
        names[name] = each.name(session, collector.scope, collector.lane)
    home = _here(request, f"media/{form.form_id}/{form.version}")
    asked = {
        name: _here(request, f"entities/{name.removesuffix('.csv')}/integrity") for name in own
    }
    return answer_document(request, manifest(media_listings(names, home, asked)))


@_doors.get("/media/{form_id}/{version}/{name}")
def download_media(
    request: Request, collector: Collector, session: View, form: Published, name: str
) -> Response:
    """Give one file that a form needs."""
    own = _personal(request, form).get(name)
    if own is not None:
        return _answer_list(request, session, collector, own)
    media = _lists_of(request, session, form)
    if name not in media:
        raise NotFound
    return answer_document(request, media[name], media_type=_CSV)


@_doors.get("/entities/{name}/integrity")
def tell_integrity(
    request: Request,
    collector: Collector,
    session: View,
    name: str,
    id: str = "",  # noqa: A002 - the protocol's name
) -> Response:
    """Tell which of the ids, separated by commas, a phone should forget."""
    found = _lists(request).get(f"{name}.csv")
    if found is None:
        raise NotFound
    ids = list(dict.fromkeys(each.strip() for each in id.split(",") if each.strip().isprintable()))
    ids = [each for each in ids if each][:_MOST_IDS]
    told = found.gone(session, collector.scope, collector.lane, ids)
    return Response(integrity(told), media_type=XML, headers=headers_of(request))


@_doors.head("/submission")
def probe(request: Request, collector: Annotated[Actor, Depends(_hander_in)]) -> Response:
    """Tell how much one request may carry."""
    del collector
    return Response(status_code=204, headers=headers_of(request))


@_hand_in.post("/submission")
async def submit(request: Request) -> Response:
    """Store a submission with its attachments; 201 leaves only after the commit.

    Who sends is looked up in the transaction that stores, for all that it stores. Only files must
    not be kept for strangers, and a password is asked for before anything is read. A refusal is
    told in the form that clients show to their users.
    """
    try:
        return await _taken(request)
    except Problem as problem:
        return refused(request, problem)


async def _taken(request: Request) -> Response:
    sender = request.path_params.get("token")
    if sender is None:
        sender = (await run_in_threadpool(_hander_in, request)).id
    async with received(request) as parcel:
        if parcel.has_attachments:
            await run_in_threadpool(_hander_in, request)
        async with memory_of(request).holding(parcel.held):
            return await _stored(request, sender, parcel)


async def _stored(request: Request, sender: str | UUID, parcel: Parcel) -> Response:
    """Store what came, or set it aside; give the answer to that."""
    handed, answer = await _read(request, parcel)
    asked = Handed(sender, handed, office_of(request).clock())
    await wrap_future(request.app.state.submissions.ask(asked))
    return answer


def memory_of(request: Request) -> Memory:
    """Give what the service has for submissions that are held whole."""
    memory: Memory = request.app.state.memory
    return memory


async def _read(request: Request, parcel: Parcel) -> tuple[Envelope | Refused, Response]:
    """Read the envelope; what may take long is not done where others wait."""
    if not parcel.has_attachments and parcel.size <= _QUICKLY_READ:
        return _judged(request, parcel)
    return await run_in_threadpool(_judged, request, parcel)


def _judged(request: Request, parcel: Parcel) -> tuple[Envelope | Refused, Response]:
    """Give the envelope, or what is to be set aside, and the answer when that is done.

    The fault itself goes no further: what it was raised over stays in memory as long as it does.
    """
    try:
        return _envelope(request, parcel), _answered(request, None)
    except Unreadable as fault:
        answer, reason = _answered(request, fault), fault.code
    return Refused(parcel.evidence(), reason), answer


def _envelope(request: Request, parcel: Parcel) -> Envelope:
    settings = office_of(request).settings
    return read_envelope(
        parcel.submission(),
        device=request.query_params.get("deviceID", ""),
        attachments=parcel.keep_attachments(ObjectBlobs.of(settings))
        if parcel.has_attachments
        else (),
        max_bytes=settings.max_submission_mb * 1_000_000,
    )


def _answered(request: Request, fault: Unreadable | None) -> Response:
    if fault is not None:
        return unread(request, fault)
    body = thanks(language_of(request))
    return Response(body, 201, media_type=XML, headers=headers_of(request))


def unread(request: Request, fault: Unreadable) -> Response:
    """Answer what cannot be read, by a sentence that the client shows."""
    message = fault.message_en if language_of(request) == "en" else fault.message_id
    status = 413 if fault.code == "too_large" else 400
    body = told(message, nature="submit_failure")
    return Response(body, status, media_type=XML, headers=headers_of(request))


def refused(request: Request, problem: Problem) -> Response:
    """Answer a post that is not taken, by a sentence that the client shows."""
    body = told(problem.told(language_of(request)), nature="submit_failure")
    headers = {**headers_of(request), **problem.headers()}
    return Response(body, problem.status, media_type=XML, headers=headers)


@cache
def thanks(language: str) -> bytes:
    """Give the body that answers what was stored."""
    return told("Received and stored." if language == "en" else "Diterima dan tersimpan.")


def _lists(request: Request) -> Mapping[str, EntityList]:
    """Give the lists that are made for one collector, by file name."""
    lists: Mapping[str, EntityList] = request.app.state.entity_lists
    return lists


def _personal(request: Request, form: Questionnaire) -> dict[str, EntityList]:
    """Give those of them that a form reads."""
    wanted = {name.decode(errors="replace") for name in _FILE.findall(form.xform)}
    return {name: each for name, each in _lists(request).items() if name in wanted}


def _lists_of(request: Request, session: Session, form: Questionnaire) -> dict[str, bytes]:
    """Give the lists that are the same for everybody, by file name."""
    now = request.app.state.clock()
    lists = forms.lists_as_of(session, form.form_id, form.version, now)
    return {name: each.body for name, each in lists.items()}


def _answer_list(
    request: Request, session: Session, collector: Actor, asked: EntityList
) -> Response:
    """Answer a collector's own list; one that the phone has already is not even made."""
    name = asked.name(session, collector.scope, collector.lane)
    wanted = request.query_params.get("hash", name)
    if wanted == name and _has(request, name):
        return _answer(request, name, lambda **_: b"", media_type=_CSV)
    table = asked.table(session, collector.scope, collector.lane, wanted)
    return _answer(
        request,
        table.name,
        lambda *, packed: table.packed if packed else table.plain(),
        media_type=_CSV,
    )


def answer_document(request: Request, body: bytes, media_type: str = XML) -> Response:
    """Answer a document, packed where the client can read that, or 304 where it has it already."""
    return _answer(
        request,
        md5_of(body),
        lambda *, packed: gzip.compress(body, 6, mtime=0) if packed else body,
        media_type=media_type,
        is_long=len(body) >= _WORTH_PACKING,
    )


def _answer(
    request: Request,
    name: str,
    body: Callable[..., bytes],
    *,
    media_type: str,
    is_long: bool = True,
) -> Response:
    headers = {
        **headers_of(request),
        "ETag": f'"{name}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
    }
    if _has(request, name):
        return Response(status_code=304, headers=headers)
    packed = is_long and "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers |= {"ETag": f'"{name}-gzip"', "Content-Encoding": "gzip"}
    return Response(body(packed=packed), media_type=media_type, headers=headers)


def _has(request: Request, name: str) -> bool:
    return name in re.findall(r'"([0-9a-f]{32})', request.headers.get("if-none-match", ""))


def media_listings(
    names: Mapping[str, str], home: str, asked: Mapping[str, str] | None = None
) -> list[MediaListing]:
    """Give what a manifest says of files that are downloaded below `home`.

    `names` has, by file name, the name of their content; `asked` has, for each list of entities,
    where to ask what is gone from it. Such a list changes at any moment: its address says which
    one was told.
    """
    asked = asked or {}
    return [
        MediaListing(
            filename=name,
            digest=digest,
            download_url=f"{home}/{name}" + (f"?hash={digest}" if name in asked else ""),
            integrity_url=asked.get(name),
        )
        for name, digest in sorted(names.items())
    ]


def headers_of(request: Request) -> dict[str, str]:
    """Give the headers of every OpenRosa answer."""
    return openrosa_headers(request.app.state.settings)


def openrosa_headers(settings: Settings) -> dict[str, str]:
    """Give the same by the settings of the office.

    Clients fill a request to the last byte of what is told here, and do not count the multipart
    itself. So less is told than is taken; and what arrived in one of several requests is safe.
    """
    taken = settings.max_request_mb * 1_000_000
    return {
        "X-OpenRosa-Version": "1.0",
        "X-OpenRosa-Accept-Content-Length": str(min(_ONE_REQUEST, taken * 9 // 10)),
    }


def _here(request: Request, path: str) -> str:
    token = request.path_params.get("token")
    door = "openrosa" if token is None else f"openrosa/{token}"
    return f"{str(request.base_url).rstrip('/')}/{door}/{path}"


router = APIRouter()
for prefix in ("/openrosa/{token}", "/openrosa"):  # routes are tried in order: what comes most
    router.include_router(_hand_in, prefix=prefix)
router.include_router(_doors, prefix="/openrosa/{token}")
router.include_router(_doors, prefix="/openrosa")
