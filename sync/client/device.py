"""A device that brings its spool to the server and fetches what it needs."""

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

import httpx

from sync.blobs import check_content
from sync.client import files
from sync.client.openrosa import CLOSED, TAKEN, OpenRosaDoor, expect
from sync.client.retry import SERVER_ERROR, Patience, ask, server_time
from sync.client.spool import Parcel, Spool
from sync.codecs import batch, ledger, stream
from sync.codecs.batch import MAX_ENVELOPES, Problem, PushAnswer
from sync.codecs.ledger import MAX_LINES, LedgerAnswer
from sync.cursor import Change
from sync.errors import Refused, Unreachable, Unreadable, WrongContent
from sync.ledger import Line, bucket_of, buckets
from sync.receipts import Outcome, Receipt

_Answer = TypeVar("_Answer")

_OK: Final = 200
#: this very request is at fault: smaller ones find out which envelope it is
_FAULTY: Final = frozenset({400, 413, 422, SERVER_ERROR})
_CURSOR_GONE: Final = frozenset({400, 410, 422})
_SKEW_WORTH_KEEPING: Final = 1.0
#: a server whose epoch changes more often during one push is not one to trust with more
_MAX_EPOCHS: Final = 3
#: so many envelopes failing one after another are the server's trouble, not theirs
_MAX_STUMBLES: Final = 3


@dataclass(slots=True)
class Report:
    """What one push did; `left` envelopes are still to be sent, `stopped` says why.

    `files_left` files of envelopes that the server has are still to be brought.
    """

    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    accepted: int = 0
    set_aside: int = 0
    purged: int = 0
    left: int = 0
    files_left: int = 0
    stopped: str | None = None


@dataclass(slots=True)
class _Run:
    """One push while it goes on: what stumbled waits here until the server is seen to work."""

    report: Report = field(default_factory=Report)
    size: int = MAX_ENVELOPES
    epochs: int = 0
    stumbled: dict[str, httpx.Response] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)  # passed over until the next push
    refused_files: set[str] = field(default_factory=set)


class Device:
    """One device: its spool, its line to the server, its clock, its dice.

    `http` carries base URL and credentials. `clock` gives aware times, `sleep` takes seconds.
    With `keep` nothing is ever purged from the spool.
    """

    def __init__(  # noqa: PLR0913 - everything from outside is passed in, by name
        self,
        spool: Spool,
        http: httpx.Client,
        *,
        name: str,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        chance: random.Random,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        keep: bool = False,
        push_path: str = "/api/v1/sync/push",
        pull_path: str = "/api/v1/sync/pull",
        ledger_path: str = "/api/v1/sync/ledger",
        files_path: str = "/api/v1/sync/files",
    ) -> None:
        self.spool = spool
        self._http = http
        self._name = name
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._patience = patience
        self._keep = keep
        self._push_path = push_path
        self._pull_path = pull_path
        self._ledger_path = ledger_path
        self._files_path = files_path

    def push(self) -> Report:
        """Send what is pending in batches until nothing is, or the server cannot be reached.

        An envelope that the server cannot read is set aside with the reason and holds up no
        other. With nothing to send it still asks whether what it keeps is safe, and so learns of
        a restore. Raises Refused where the device itself must change something first.
        """
        run = _Run()
        try:
            self._check_in()
            while (parcels := self._next(run, run.size)) and run.epochs <= _MAX_EPOCHS:
                before = self.spool.epoch
                self._bring_files(parcels, run)
                answer = self._send(parcels)
                if isinstance(answer, PushAnswer):
                    self._record(parcels, answer, run.report)
                    self._succeeded(run)
                else:
                    self._stumbled(run, parcels, answer)
                if before not in {None, self.spool.epoch}:
                    run.epochs += 1
                    self._reconcile()
            self._bring_owed(run)
        except Unreachable as error:
            run.report.stopped = str(error)
        return self._closed(run)

    def pull(self, apply: Callable[[Sequence[Change]], None]) -> int:
        """Fetch changes until there are no more; give how many there were.

        `apply` must have kept a stretch safely when it returns: only then the cursor moves on. A
        crash in between brings the same stretch again; a line that breaks costs only the stretch
        that it broke in. Raises Unreachable or Refused.
        """
        count, more = 0, True
        while more:
            arrived, more = self._ask(self._open_feed, lambda answer: self._take(answer, apply))
            count += arrived
        self._purge()
        return count

    def push_openrosa(self, url: str) -> Report:
        """Send what is pending as a stock ODK client does, one submission after another.

        Only 201 and 202 count as taken. Raises Refused where the door is closed to this device.
        """
        run, door = _Run(), OpenRosaDoor(self.spool, self._http, self._ask, self._clock)
        try:
            while parcels := self._next(run, 1):
                answer = door.submit(url, parcels[0])
                if answer.status_code in TAKEN:
                    run.report.accepted += 1
                    self._succeeded(run)
                else:
                    self._stumbled(run, parcels, answer)
        except Unreachable as error:
            run.report.stopped = str(error)
        return self._closed(run)

    def audit(self) -> list[Line]:
        """Hold everything ever sent against the server; give what it does not hold.

        Digests of buckets travel first, and lines only of those that differ. What is still here is
        sent again by the next push; what was purged is lost, and this is how one learns of it.
        Raises Unreachable or Refused.
        """
        mine = self.spool.lines()
        asked = ledger.encode_buckets(self._name, buckets(mine))
        differ = set(self._compare(asked).differ)
        doubtful = [line for line in mine if bucket_of(line.instance_id) in differ]
        missing: list[Line] = []
        for start in range(0, len(doubtful), MAX_LINES):
            some = doubtful[start : start + MAX_LINES]
            answer = self._compare(ledger.encode_lines(self._name, some))
            missing += [
                line for line, receipt in zip(some, answer.receipts, strict=True) if receipt is None
            ]
        self.spool.doubt(missing)
        return missing

    # --- batch v1

    def _bring_files(self, parcels: Sequence[Parcel], run: _Run) -> None:
        """Bring the files that envelopes name, before these: a backup then finds both.

        A file that the server refuses holds up no envelope; it stays here.
        """
        for parcel in parcels:
            for each in parcel.envelope.attachments:
                self._bring(each.sha256, run)

    def _bring_owed(self, run: _Run) -> None:
        """Bring the files of envelopes that the server has: a restore may have lost these alone.

        So it is where a file came before the house burnt and its envelope after, or where the
        backup had the envelope and not yet the file.
        """
        for digest in self.spool.owed_files():
            self._bring(digest, run)

    def _bring(self, digest: str, run: _Run) -> None:
        if self.spool.has_brought(digest) or digest in run.refused_files:
            return
        try:
            content = self.spool.blob(digest)
            check_content(digest, content)
            files.bring(self._http, self._ask, self._files_path, digest, content)
            self.spool.brought(digest)
        except (FileNotFoundError, WrongContent):  # this disk lost it: what was answered is not
            run.refused_files.add(digest)
        except Refused as error:
            if error.status in CLOSED:
                raise
            run.refused_files.add(digest)

    def _check_in(self) -> None:
        """Ask how the server stands where there is nothing to send and something to lose."""
        if self.spool.left() or not self.spool.kept():
            return
        before = self.spool.epoch
        self._compare(ledger.encode_buckets(self._name, {}))
        if before not in {None, self.spool.epoch}:
            self._reconcile()

    def _reconcile(self) -> None:
        """After a restore: learn what the server holds without sending it again."""
        voided = list(self.spool.voided().items())
        for start in range(0, len(voided), MAX_LINES):
            some = voided[start : start + MAX_LINES]
            answer = self._compare(ledger.encode_lines(self._name, [line for _, line in some]))
            held = zip(some, answer.receipts, strict=True)
            self.spool.acknowledge({name: receipt for (name, _), receipt in held if receipt})

    def _compare(self, body: bytes) -> LedgerAnswer:
        packed = gzip.compress(body, mtime=0)
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

        def read(response: httpx.Response) -> LedgerAnswer:
            expect(response, _OK)
            answer = ledger.decode_ledger_answer(response.content)
            self.spool.observe(answer.epoch, answer.backed_up_through)
            return answer

        return self._ask(
            lambda: self._http.post(self._ledger_path, content=packed, headers=headers), read
        )

    def _send(self, parcels: Sequence[Parcel]) -> PushAnswer | httpx.Response:
        """Give the server's answer to a batch; the bare response where it is at fault."""

        def request() -> httpx.Response:
            envelopes = [parcel.envelope for parcel in parcels]
            body = batch.encode_push(envelopes, device=self._name, sent_at=self._clock())
            headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
            packed = gzip.compress(body, mtime=0)
            return self._http.post(self._push_path, content=packed, headers=headers)

        def read(response: httpx.Response) -> PushAnswer | httpx.Response:
            if response.status_code in _FAULTY:
                return response
            expect(response, _OK)
            answer = batch.decode_push_answer(response.content)
            _check(parcels, answer)
            return answer

        return self._ask(request, read)

    def _record(self, parcels: Sequence[Parcel], answer: PushAnswer, report: Report) -> None:
        # the epoch first: receipts of a new one would look void under the old
        receipts: dict[str, Receipt] = {}
        problems: list[tuple[Parcel, Problem]] = []
        for parcel, result in zip(parcels, answer.results, strict=True):
            if isinstance(result, Receipt):
                receipts[parcel.name] = result
                report.outcomes[result.outcome] += 1
            else:
                problems.append((parcel, result))
        self.spool.observe(
            answer.epoch, {each.lane: each.backed_up_through for each in receipts.values()}
        )
        self.spool.acknowledge(receipts)
        for parcel, problem in problems:
            reason = {"code": problem.code, "id": problem.message_id, "en": problem.message_en}
            self._set_aside(parcel.name, reason, report)

    def _set_aside(self, name: str, reason: dict[str, str], report: Report) -> None:
        self.spool.set_aside(name, reason)
        report.set_aside += 1

    def _open_feed(self) -> httpx.Response:
        """Ask for what is new and give the answer's beginning; one that is no feed is read."""
        cursor = self.spool.cursor
        params = {"cursor": cursor} if cursor else {}
        answer = self._http.send(
            self._http.build_request("GET", self._pull_path, params=params), stream=True
        )
        if answer.status_code != _OK:
            answer.read()
        return answer

    def _take(
        self, answer: httpx.Response, apply: Callable[[Sequence[Change]], None]
    ) -> tuple[int, bool]:
        """Apply an answer as it arrives; give how many changes it brought, whether more wait."""
        if self.spool.cursor and answer.status_code in _CURSOR_GONE:
            self.spool.save_cursor(None)  # the server no longer knows it: begin again
            return 0, True
        expect(answer, _OK)
        count, stretches, more = 0, 0, True
        try:
            for each in stream.read(answer.iter_lines()):
                apply(each.changes)
                self.spool.observe(each.epoch, each.backed_up_through)
                self.spool.save_cursor(each.next_cursor)
                count, stretches, more = count + len(each.changes), stretches + 1, each.has_more
        except (httpx.RequestError, Unreadable):
            if not stretches:
                raise
            more = True  # what arrived is kept, and the line gets its whole patience again
        finally:
            answer.close()
        return count, more

    # --- both

    def _ask(
        self, request: Callable[[], httpx.Response], read: Callable[[httpx.Response], _Answer]
    ) -> _Answer:
        def timed() -> httpx.Response:
            response = request()
            self._note_clock(response)
            return response

        return ask(timed, read, self._patience, self._sleep, self._chance)

    def _note_clock(self, response: httpx.Response) -> None:
        theirs = server_time(response)
        if theirs is None:
            return
        skew = (theirs - self._clock()).total_seconds()
        if abs(skew - self.spool.clock_skew) > _SKEW_WORTH_KEEPING:
            self.spool.save_clock_skew(skew)

    def _purge(self) -> int:
        return 0 if self._keep else self.spool.purge()

    def _next(self, run: _Run, limit: int) -> list[Parcel]:
        """Give what to send now; nothing once too many have stumbled one after another."""
        if len(run.stumbled) >= _MAX_STUMBLES:
            run.report.stopped = "The server fails on one envelope after another: try later."
            return []
        return self.spool.pending(limit, passing_over=run.settled | run.stumbled.keys())

    def _stumbled(self, run: _Run, parcels: Sequence[Parcel], answer: httpx.Response) -> None:
        if len(parcels) > 1:
            run.size = len(parcels) // 2
        else:
            run.stumbled[parcels[0].name] = answer
        if answer.status_code == SERVER_ERROR:
            self._sleep(self._patience.pause(len(run.stumbled), self._chance))

    def _succeeded(self, run: _Run) -> None:
        """Judge what stumbled: the server works, so that it was the envelope's own fault.

        What the server broke on (500) is only passed over: its fault may be mended tomorrow.
        """
        run.size = min(MAX_ENVELOPES, run.size * 2)
        for name, answer in run.stumbled.items():
            if answer.status_code == SERVER_ERROR:
                run.settled.add(name)
            else:
                self._set_aside(name, _reason(answer), run.report)
        run.stumbled.clear()

    def _closed(self, run: _Run) -> Report:
        run.report.purged = self._purge()
        run.report.left = self.spool.left()
        run.report.files_left = len(self.spool.owed_files())
        return run.report


def _check(parcels: Sequence[Parcel], answer: PushAnswer) -> None:
    """Raise Unreadable unless the answer speaks of exactly these envelopes."""
    if len(answer.results) != len(parcels):
        raise Unreadable("bad_answer")
    for parcel, result in zip(parcels, answer.results, strict=True):
        if not isinstance(result, Receipt):
            continue
        sent = (parcel.envelope.instance_id, parcel.envelope.digest)
        if (result.instance_id, result.digest) != sent:
            raise Unreadable("bad_answer")


def _reason(response: httpx.Response) -> dict[str, str]:
    """Tell why a request was refused as a whole, in the server's words where it has any."""
    return {"code": f"http_{response.status_code}", "message": response.text[:500]}
