"""An enumerator's census day: when they call, what they write down, where they err."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from random import Random

from app.demo.answers import Answers
from app.demo.chance import chance
from app.demo.firms import InventedFirm
from app.demo.interview import FOUND, NEW, Call, interview
from app.demo.mistakes import MISTAKES, mistaken
from app.demo.people import CENSUS_DAY
from app.demo.picture import front
from app.demo.staff import Person
from app.demo.way import elsewhere_of, way_of

WIB = timezone(timedelta(hours=7))
_DAWN = datetime(CENSUS_DAY.year, CENSUS_DAY.month, CENSUS_DAY.day, 7, 30, tzinfo=WIB)
_NOON, _AFTERNOON = 12, 13
_ANSWERED = (FOUND, NEW)
_MISTAKE_SHARE = 0.092  # of the interviews, which makes 8 % of the documents
_PHOTO_SHARE = 0.12
_MENDED_SHARE = 0.25  # of the mistakes, in the evening of the same day


@dataclass(frozen=True, slots=True)
class Visit:
    """One document of an officer's day; `answers` are for `forms.fill`.

    `unit_id` is None for what is not on the prelist. `edit_of` is the `instance_seed` of the visit
    that this one corrects. `photo` is the file that the answer `front_photo` names.
    """

    unit_id: str | None
    idsubsls: str
    answers: Answers
    start: datetime
    end: datetime
    mistake: str | None
    instance_seed: str
    edit_of: str | None = None
    photo: bytes | None = None


def visits_of(
    officer: Person, firms: Sequence[InventedFirm], seed: int, count: int = 40
) -> list[Visit]:
    """Give the day of an enumerator, in its order; about `count` documents.

    `firms` is the whole prelist: those in the officer's areas are called on, sub-SLS by sub-SLS;
    the others tell who works next door, with whom some businesses are counted twice.
    """
    rng = chance(seed, "day", officer.user_name)
    stops = way_of(rng, officer, firms, seed, round(count * rng.uniform(0.85, 1.15)))
    elsewhere = elsewhere_of(rng, officer, firms)
    now = _DAWN + timedelta(minutes=rng.randint(0, 60))
    tired = rng.random()  # grows with every interview; whoever is tired enough errs
    visits: list[Visit] = []
    mended: list[Visit] = []
    for number, stop in enumerate(stops, 1):
        call = Call(seed, officer.user_name, stop.firm, stop.presence, now, stop.other)
        good = _visit(rng, call, f"{seed}/{officer.user_name}/{number:03}")
        tired += _MISTAKE_SHARE * (stop.presence in _ANSWERED)
        written = good
        if tired >= 1 and stop.presence in _ANSWERED and not stop.plain:
            written, tired = _mistaken(rng, good, elsewhere), tired - 1
        visits.append(written)
        if _is_error(written.mistake) and rng.random() < _MENDED_SHARE:
            mended.append(good)
        now = _onwards(rng, good.end)
    return [*visits, *_corrections(rng, mended, now)]


def _visit(rng: Random, call: Call, name: str) -> Visit:
    answers = interview(call)
    answered = call.presence in _ANSWERED
    photo = front(rng) if call.presence == FOUND and rng.random() < _PHOTO_SHARE else None
    if photo:
        answers |= {"front_photo": f"depan-{name.replace('/', '-')}.png"}
    seconds = rng.randint(330, 1020) if answered else rng.randint(90, 260)
    return Visit(
        unit_id=call.firm.unit_id or None,
        idsubsls=call.firm.idsubsls,
        answers=answers,
        start=call.at,
        end=call.at + timedelta(seconds=seconds),
        mistake=None,
        instance_seed=name,
        photo=photo,
    )


def _mistaken(rng: Random, good: Visit, elsewhere: str) -> Visit:
    mistake, answers = mistaken(rng, good.answers, elsewhere)
    return replace(good, answers=answers, mistake=mistake, idsubsls=str(answers["idsubsls"]))


def _is_error(mistake: str | None) -> bool:
    return mistake is not None and MISTAKES[mistake].severity == "error"


def _onwards(rng: Random, end: datetime) -> datetime:
    """Give when the next call begins: after a short walk, not at the hour of the noon prayer."""
    start = end + timedelta(seconds=rng.randint(40, 210))
    if start.hour != _NOON:
        return start
    return start.replace(hour=_AFTERNOON, minute=rng.randint(0, 9))


def _corrections(rng: Random, mended: Sequence[Visit], after: datetime) -> Iterator[Visit]:
    """Send some visits again at the end of the day, put right."""
    now = after + timedelta(minutes=rng.randint(15, 40))
    for good in mended:
        yield replace(
            good,
            start=now,
            end=now + timedelta(seconds=rng.randint(50, 200)),
            instance_seed=f"{good.instance_seed}/2",
            edit_of=good.instance_seed,
            photo=good.photo,
        )
        now += timedelta(minutes=rng.randint(4, 8))
