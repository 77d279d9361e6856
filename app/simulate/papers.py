"""Filled-in questionnaires for a fleet: real ones, repeated under other names."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from app.core.db import reading
from app.core.ids import named_id
from app.core.office import Office
from app.demo import opening
from app.demo.firms import InventedFirm
from app.demo.interview import FOUND, Call, interview
from app.questionnaires.shelf import Shelf
from app.simulate.plan import CLOCKS, Document
from forms.fill import fill
from sync.codecs.openrosa import read_envelope
from sync.envelope import Attachment, Envelope

_NAME: Final = f"uuid:{named_id('simulate', 'name')}"
_PRIOR: Final = f"uuid:{named_id('simulate', 'prior')}"
_OFFICER = "simulate"
_MOST = 1200  # different questionnaires; a fleet's further ones repeat them
_EDITS = 20  # of them, those that take the place of an earlier one
_PHOTO = "photo.png"


@dataclass(frozen=True, slots=True)
class Papers:
    """Questionnaires to take copies of: first versions and corrections, by clock."""

    firsts: dict[str, Sequence[bytes]]
    edits: dict[str, Sequence[bytes]]

    def envelope(self, document: Document, device: str) -> tuple[Envelope, dict[str, bytes]]:
        """Give a document as it travels, and its files."""
        dice = random.Random(document.dice)  # noqa: S311 - invents answers, guards nothing
        stack = self.edits if document.prior else self.firsts
        body = dice.choice(stack[document.clock]).replace(
            _NAME.encode(), document.instance_id.encode()
        )
        body = body.replace(_PRIOR.encode(), (document.prior or "").encode())
        if document.rival:  # answers that differ, whichever paper it was before
            body += b"<!-- again -->"
        files = {_PHOTO: dice.randbytes(document.file_size)} if document.file_size else {}
        told = [Attachment(n, sha256(c).hexdigest(), len(c)) for n, c in files.items()]
        return read_envelope(body, device=device, attachments=told), files


def fill_papers(
    office: Office, firms: Sequence[InventedFirm], documents: int, told: Callable[[int, int], None]
) -> Papers:
    """Fill in questionnaires of the published form; `told` gets how many of how many are done."""
    with reading(office.engine) as session:
        shelf, now = Shelf(session), office.clock()
        form = opening.current_form(session)
        tree = shelf.form(form.form_id, form.version, now)
        lists = shelf.lists(form.form_id, form.version, now)
    assert tree is not None, "the questionnaire was published when the office opened"
    count, done = min(documents, _MOST, len(firms)), itertools.count(1)
    total = len(CLOCKS) * _EDITS + sum(_share(clock, count) for clock in CLOCKS)
    order = itertools.cycle(firms)

    def paper(clock: str, prior: str | None) -> bytes:
        at = now + CLOCKS[clock][0]
        call = Call(len(firms), _OFFICER, next(order), FOUND, at)
        body = fill(
            tree, interview(call), lists, instance_id=_NAME, start=at, end=at,
            device_id=_OFFICER, deprecated_id=prior,
        )  # fmt: skip
        told(next(done), total)
        return body

    return Papers(
        {clock: [paper(clock, None) for _ in range(_share(clock, count))] for clock in CLOCKS},
        {clock: [paper(clock, _PRIOR) for _ in range(_EDITS)] for clock in CLOCKS},
    )


def _share(clock: str, count: int) -> int:
    return max(1, count * CLOCKS[clock][1] // 100)
