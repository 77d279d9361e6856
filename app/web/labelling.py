"""Labels for the model: rounds of pairs to answer, files of answers, and the model in force."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Path, Query, UploadFile
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.auth.actor import Actor, require
from app.core.db import Tx, View
from app.core.ids import new_id
from app.core.office import office_of
from app.core.problems import Invalid, NotFound, language_of
from app.dedup import label_files, label_training, labelling
from app.dedup.label_files import Taken
from app.dedup.label_rules import LABELLERS, SIZES, TRAINERS, Answer
from app.dedup.labelling import Asked, Round, Said, lane_of
from app.web.addresses import with_query
from app.web.labelling_words import ANSWERS, models_of
from app.web.matching_fields import VERDICTS
from app.web.matching_pair import PLAIN, pair_of
from app.web.pages import page

HOME: Final = "/pelabelan"

router = APIRouter(prefix=HOME)

Labeller = Annotated[Actor, Depends(require(*LABELLERS))]
Trainer = Annotated[Actor, Depends(require(*TRAINERS))]
RoundId = Annotated[UUID, Path()]
LabelName = Annotated[UUID | Literal[""], Query()]
Place = Annotated[int, Path(ge=1, le=max(SIZES))]


@router.get("")
def show(
    request: Request, session: View, actor: Labeller, label: LabelName = "", batal: str = ""
) -> Response:
    """Show how many labels there are, the round that goes on, and the model in force."""
    return _overview(request, session, actor, label=label, is_undone=bool(batal))


def _overview(  # noqa: PLR0913 - a page is made of these
    request: Request,
    session: Session,
    actor: Actor,
    *,
    taken: Taken | None = None,
    problem: str = "",
    status: int = 200,
    label: UUID | Literal[""] = "",
    is_undone: bool = False,
) -> Response:
    lane = _lane(request, actor)
    return page(
        request,
        "labelling.html",
        actor,
        status=status,
        lane=lane,
        counts=labelling.counts(session, actor.scope, lane),
        answers=ANSWERS,
        found=labelling.last_round(session, actor, lane),
        sizes=SIZES,
        models=models_of(session, lane),
        fewest=label_training.FEWEST,
        may_train=actor.role in TRAINERS and actor.scope.includes(lane),
        new_id=new_id,
        taken=taken,
        problem=problem,
        given=labelling.label_of(session, actor, lane, str(label)),
        is_undone=is_undone,
    )


@router.post("")
def begin(
    request: Request,
    session: Tx,
    actor: Labeller,
    round_id: Annotated[UUID, Form()],
    besar: Annotated[int, Form()],
) -> Response:
    """Choose pairs and open the first."""
    lane = _lane(request, actor)
    now = office_of(request).clock()
    try:
        found = labelling.begin(session, actor, lane, round_id, besar, now=now)
    except Invalid as problem:
        told = problem.told(language_of(request))
        return _overview(request, session, actor, problem=told, status=problem.status)
    return _to_next(found, 0)


@router.get("/label.csv")
def download(request: Request, session: View, actor: Labeller) -> Response:
    """Give the labels of the reader's area, as `se2026 dedup train` reads them."""
    rows = labelling.given(session, actor.scope, _lane(request, actor))
    return _csv("".join(label_files.labels_csv(rows)), "label.csv")


@router.post("/berkas")
def upload(
    request: Request,
    session: Tx,
    actor: Labeller,
    upload_id: Annotated[UUID, Form()],
    berkas: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Take in a file of answers, or say row by row what is wrong with it."""
    content = b"" if berkas is None else berkas.file.read(label_files.MOST_BYTES + 1)
    if len(content) > label_files.MOST_BYTES:
        raise Invalid(
            "Berkas terlalu besar; bagi menjadi beberapa berkas.",
            "The file is too large; please split it.",
        )
    lane, now = _lane(request, actor), office_of(request).clock()
    taken = label_files.take_file(session, actor, lane, content, upload_id, now)
    status = Invalid.status if taken.faults else 200
    return _overview(request, session, actor, taken=taken, status=status)


@router.post("/batal")
def undo(
    request: Request,
    session: Tx,
    actor: Labeller,
    label: Annotated[UUID, Form()],
    undo_id: Annotated[UUID, Form()],
) -> Response:
    """Take a label of one's own back, and open its question again."""
    lane = _lane(request, actor)
    row = labelling.undo(session, actor, lane, str(label), undo_id, office_of(request).clock())
    goal = HOME
    if row["round_id"]:
        found = labelling.round_of(session, actor, lane, row["round_id"])
        pair = (row["left_id"], row["right_id"])
        place = next(
            each.place for each in found.asked if (each.question.left, each.question.right) == pair
        )
        goal = f"{HOME}/{found.round_id}/{place}"
    return RedirectResponse(with_query(goal, batal="1"), status_code=303)


@router.post("/model")
def train(
    request: Request, session: Tx, actor: Trainer, model_id: Annotated[UUID, Form()]
) -> Response:
    """Ask the worker for a model by the labels so far."""
    lane = _trained(request, actor)
    label_training.ask(session, lane, model_id, str(actor.id), office_of(request).clock())
    return RedirectResponse(f"{HOME}#model", status_code=303)


@router.post("/model/berlaku")
def put_in_force(
    request: Request,
    session: Tx,
    actor: Trainer,
    model: Annotated[UUID | Literal[""], Form()] = "",
) -> Response:
    """Put a model in force; without one, the shipped model again."""
    lane, now, who = _trained(request, actor), office_of(request).clock(), str(actor.id)
    if model == "":
        label_training.back_to_shipped(session, lane, who, now)
    else:
        label_training.put_in_force(session, lane, model, who, now)
    return RedirectResponse(f"{HOME}#model", status_code=303)


@router.get("/{round_id}")
def go_on(request: Request, session: View, actor: Labeller, round_id: RoundId) -> Response:
    """Open the first question of a round that has no answer yet."""
    return _to_next(_round(request, session, actor, round_id), 0)


@router.get("/{round_id}/pasangan.csv")
def questions(request: Request, session: View, actor: Labeller, round_id: RoundId) -> Response:
    """Give the questions of a round, to be answered elsewhere."""
    found = _round(request, session, actor, round_id)
    return _csv("".join(label_files.questions_csv(session, actor, found)), "pasangan.csv")


@router.get("/{round_id}/{place}")
def show_question(  # noqa: PLR0917 - path, query and dependencies
    request: Request,
    session: View,
    actor: Labeller,
    round_id: RoundId,
    place: Place,
    label: LabelName = "",
    batal: str = "",
) -> Response:
    """Show a pair side by side; `label` names the answer that was just given."""
    found = _round(request, session, actor, round_id)
    asked = _asked(found, place)
    ends = labelling.pair(session, actor, found.lane, asked.question)
    view = None
    if ends is not None:
        view = pair_of(session, actor, found.lane, ends, language=language_of(request))
    return page(
        request,
        "labelling_pair.html",
        actor,
        found=found,
        asked=asked,
        view=view,
        answers=ANSWERS,
        verdicts=VERDICTS,
        plain_fields=PLAIN,
        given=labelling.label_of(session, actor, found.lane, str(label)),
        is_undone=bool(batal),
        follows=found.after(place),
        new_id=new_id,
    )


@router.post("/{round_id}/{place}")
def answer(  # noqa: PLR0917 - path, form and dependencies
    request: Request,
    session: Tx,
    actor: Labeller,
    round_id: RoundId,
    place: Place,
    label_id: Annotated[UUID, Form()],
    jawaban: Annotated[Answer, Form()],
) -> Response:
    """Record an answer and open the next question."""
    found = _round(request, session, actor, round_id)
    asked = _asked(found, place).question
    said = Said(
        label_id=label_id,
        left=asked.left,
        right=asked.right,
        answer=jawaban,
        round_id=found.round_id,
        question=asked,
    )
    labelling.take_labels(session, actor, found.lane, [said], office_of(request).clock())
    now = _round(request, session, actor, round_id)
    return _to_next(now, place, str(label_id))


def _lane(request: Request, actor: Actor) -> str:
    return lane_of(actor, office_of(request).settings.regency)


def _trained(request: Request, actor: Actor) -> str:
    """Give the regency whose model somebody may change. Raises NotFound."""
    lane = _lane(request, actor)
    if not actor.scope.includes(lane):
        raise NotFound
    return lane


def _round(request: Request, session: Session, actor: Actor, round_id: UUID) -> Round:
    return labelling.round_of(session, actor, _lane(request, actor), str(round_id))


def _asked(found: Round, place: int) -> Asked:
    if place > len(found.asked):
        raise NotFound
    return found.asked[place - 1]


def _to_next(found: Round, place: int, label: str = "") -> Response:
    """Lead to the next question without an answer, or to the overview where there is none."""
    following = found.after(place)
    path = HOME if following is None else f"{HOME}/{found.round_id}/{following.place}"
    return RedirectResponse(with_query(path, label=label), status_code=303)


def _csv(content: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
