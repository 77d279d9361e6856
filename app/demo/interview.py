"""One invented interview: everything that a document about a firm holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.demo import answers as said
from app.demo.answers import Answers, Told
from app.demo.chance import chance, column
from app.demo.firms import SUPPORT, InventedFirm
from app.demo.money import money, operation, workers
from app.demo.people import CENSUS_DAY

NOT_FOUND, FOUND, NEW, CLOSED, DUPLICATE, SILENT = "00", "1", "2", "3", "4", "9"
_DONE, _NOBODY, _COME_BACK, _REFUSED, _NOTHING_THERE = "1", "3", "4", "5", "6"
_REFUSAL = "1"  # the reason of non-response
_NOTES = (
    "Pemilik meminta hasil pendataan dijelaskan.",
    "Papan nama belum dipasang.",
    "Data dari buku kas pemilik.",
    "Usaha ramai menjelang lebaran.",
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call at a firm: who calls, at which time, what is there."""

    seed: int
    officer: str
    firm: InventedFirm
    presence: str
    at: datetime
    other: str = ""  # for a duplicate: the unit that it is, where known

    @property
    def identity(self) -> str:
        """Give what names the firm, whoever calls."""
        return self.firm.unit_id or self.firm.owner.nik


def interview(call: Call) -> Answers:
    """Give the answers of a call, without any mistake.

    What a firm is follows from the seed alone; the amounts also from who asks.
    """
    truth = chance(call.seed, "truth", call.identity)
    talk = chance(call.seed, "talk", call.identity, call.officer)
    told: Answers = {**said.place(truth, call.firm, call.presence)}
    if call.presence != NEW:
        told["unit_id"] = call.firm.unit_id
    if call.presence != NOT_FOUND:
        told["geotag"] = said.geotag(talk, call.firm)
    if call.presence in (FOUND, NEW):
        told |= _business(call, truth, talk)
    told |= _outcome(talk, call)
    refused = told.get("nonresponse_reason") == _REFUSAL
    return told | _visits(talk, call, refused=refused)


def _business(call: Call, truth: Random, talk: Random) -> Told:
    firm = call.firm
    begun: int | None = None
    told: Told = {}
    if call.presence == NEW:
        told["new_kind"] = truth.choice("1223")
        begun = CENSUS_DAY.year - truth.choice((0, 0, 1)) if told["new_kind"] == "1" else None
    told |= said.identity(truth, firm)
    told |= said.permit_and_owner(truth, firm)
    told |= said.activity(truth, firm)
    if told["network"] != SUPPORT:
        told |= said.surroundings(truth, firm)
        told |= workers(truth, firm)
        told |= operation(truth, firm, begun=begun)
        told |= money(talk, firm, told)
    first = talk.choice(column("people", "female")).upper()
    return told | said.owner_at_home(talk, firm, f"{first} {firm.owner.last.upper()}")


def _outcome(rng: Random, call: Call) -> Told:
    """Answer what only units are asked that did not answer, and the closing note."""
    match call.presence:
        case "3":
            return {"closed_year": str(rng.randint(2019, CENSUS_DAY.year))}
        case "4":
            return {"duplicate_of": call.other} if call.other else {}
        case "9":
            return {"nonresponse_reason": rng.choice("1234")}
        case _:
            return {"notes": rng.choice(_NOTES)} if rng.random() < 0.06 else {}  # noqa: PLR2004 - share with a note


def _visits(rng: Random, call: Call, *, refused: bool) -> Answers:
    last, note = {
        FOUND: (_DONE, ""),
        NEW: (_DONE, ""),
        NOT_FOUND: (_NOTHING_THERE, "tetangga dan ketua RT tidak mengenal usaha ini"),
        CLOSED: (_NOTHING_THERE, "sudah tutup menurut tetangga"),
        DUPLICATE: (_NOTHING_THERE, "usaha ini sudah didata dengan nama lain"),
        SILENT: (_REFUSED if refused else _NOBODY, "dititipkan surat kepada tetangga"),
    }[call.presence]
    earlier = _earlier(rng, call.presence)
    today = {
        "visit_date": call.at.date().isoformat(),
        "visit_time": f"{call.at:%H:%M}:00.000+07:00",
        "visit_result": last,
    }
    rows = [*earlier, {**today, **({"visit_note": note} if note else {})}]
    return {"visits_made": str(len(rows)), "visit": rows}


def _earlier(rng: Random, presence: str) -> Sequence[Told]:
    """Give the calls of the days before: two at those who never answer, seldom one elsewhere."""
    count = 2 if presence == SILENT else int(rng.random() < 0.1)  # noqa: PLR2004 - share of second calls
    days = sorted(rng.sample(range(16, 30), count))
    return [
        {"visit_date": f"2026-06-{day}", "visit_result": rng.choice((_NOBODY, _COME_BACK))}
        for day in days
    ]
