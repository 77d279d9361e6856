from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from sync.client.files import PIECE, bring
from sync.codecs.batch import encode_push_answer
from sync.cursor import Change
from sync.errors import Refused, Unreachable
from sync.journal import Held
from sync.memory import MemoryJournal
from sync.receipts import Outcome
from tests.support.devices import NOON, Field, in_the_field, submission
from tests.support.memory_server import DROP, HALF, LANE, LOSE, MemoryServer

OPENROSA = "/openrosa/t/submission"


def collect(field: Field, *names: str) -> None:
    for name in names:
        field.spool.put(submission(name))


def test_a_day_is_brought_in_by_batches(tmp_path: Path, office: MemoryServer) -> None:
    names = [f"u{n}" for n in range(450)]
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *names)
        report = field.device.push()
        assert report.outcomes == {Outcome.STORED: 450, Outcome.DUPLICATE: 0, Outcome.RIVAL: 0}
        assert (report.left, report.stopped, field.pauses) == (0, None, [])
        assert field.device.push().outcomes[Outcome.DUPLICATE] == 0
    assert office.batches == [200, 200, 50]
    assert office.held() == names
    assert office.sent_at[0] == NOON


def test_a_lost_answer_is_asked_for_again_and_stored_once(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.troubles += [DROP, LOSE, Response(status_code=502), Response("<html>Wi-Fi login</html>")]
    with in_the_field(tmp_path, office.url, attempts=5) as field:
        collect(field, "a", "b")
        report = field.device.push()
        assert report.outcomes[Outcome.DUPLICATE] == 2
        assert report.left == 0
        assert len(field.pauses) == 4
    assert office.held() == ["a", "b"]


def test_pauses_grow_and_scatter(tmp_path: Path, office: MemoryServer) -> None:
    office.troubles += [Response(status_code=503)] * 3
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        field.device.push()
        for attempt, pause in enumerate(field.pauses):
            assert 2**attempt / 2 <= pause <= 2**attempt
        assert len(field.pauses) == 3


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "17"}, 17.0),
        ({"Retry-After": "99999"}, 60.0),
        (
            {
                "Retry-After": "Mon, 15 Jun 2026 05:00:30 GMT",
                "Date": "Mon, 15 Jun 2026 05:00:00 GMT",
            },
            30.0,
        ),
    ],
    ids=["seconds", "capped", "date"],
)
def test_the_server_may_ask_for_patience(
    tmp_path: Path, office: MemoryServer, headers: dict[str, str], pause: float
) -> None:
    office.troubles.append(Response(status_code=429, headers=headers))
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        assert field.device.push().left == 0
        assert field.pauses == [pause]


def test_an_unintelligible_retry_after_is_overlooked(tmp_path: Path, office: MemoryServer) -> None:
    office.troubles.append(Response(status_code=503, headers={"Retry-After": "soon"}))
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        assert field.device.push().left == 0
        assert field.pauses[0] <= 1


def test_without_a_line_everything_stays(tmp_path: Path, office: MemoryServer) -> None:
    office.troubles += [DROP] * 4
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a", "b")
        report = field.device.push()
        assert report.left == 2
        assert report.stopped is not None
        assert field.device.push().left == 0
    assert office.held() == ["a", "b"]


def test_a_closed_door_is_told_to_the_caller(tmp_path: Path, office: MemoryServer) -> None:
    office.troubles.append(Response(status_code=401))
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        with pytest.raises(Refused) as error:
            field.device.push()
        assert error.value.status == 401
        assert field.spool.left() == 1


def test_what_the_server_cannot_read_goes_aside(tmp_path: Path, office: MemoryServer) -> None:
    from dataclasses import replace

    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a"))
        broken = field.spool.put(replace(submission("b"), body=b"<data"))
        field.spool.put(submission("c"))
        report = field.device.push()
        assert (report.set_aside, report.left) == (1, 0)
        assert field.spool.problems()[broken]["code"] == "not_xml"
        assert "XML" in field.spool.problems()[broken]["id"]
    assert office.held() == ["a", "c"]


@pytest.mark.parametrize("status", [413, 422])
def test_a_batch_that_fails_is_narrowed_down(
    tmp_path: Path, office: MemoryServer, status: int
) -> None:
    office.poison["u5"] = status
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *(f"u{n}" for n in range(9)))
        report = field.device.push()
        assert (report.set_aside, report.left, report.stopped) == (1, 0, None)
        (reason,) = field.spool.problems().values()
        assert reason["code"] == f"http_{status}"
    assert office.held() == [f"u{n}" for n in range(9) if n != 5]


def test_what_breaks_the_server_is_passed_over_but_stays(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.poison["u2"] = 500
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *(f"u{n}" for n in range(6)))
        report = field.device.push()
        assert (report.set_aside, report.left) == (0, 1)
        assert len(office.held()) == 5
        office.poison.clear()
        assert field.device.push().left == 0
    assert sorted(office.held()) == [f"u{n}" for n in range(6)]


def test_a_server_that_always_fails_is_left_alone(tmp_path: Path, office: MemoryServer) -> None:
    names = [f"u{n}" for n in range(20)]
    office.poison.update(dict.fromkeys(names, 422))
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *names)
        report = field.device.push()
        assert (report.set_aside, report.left) == (0, 20)
        assert report.stopped is not None
    assert len(office.batches) < 12


def test_an_answer_about_something_else_is_not_believed(
    tmp_path: Path, office: MemoryServer
) -> None:
    from sync.codecs.batch import PushAnswer

    with in_the_field(tmp_path / "other", office.url) as field:
        collect(field, "other")
        field.device.push()
        receipts = tuple(field.spool.receipts().values())
    for answer in (PushAnswer(1, receipts), PushAnswer(1, ())):
        office.troubles.append(Response(encode_push_answer(answer)))
    with in_the_field(tmp_path / "mine", office.url) as field:
        collect(field, "a")
        assert field.device.push().outcomes[Outcome.STORED] == 1
        assert len(field.pauses) == 2


def test_after_a_restore_the_device_brings_back_what_the_backup_missed(
    tmp_path: Path, office: MemoryServer
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a", "b")
        field.device.push()
        office.journal.back_up(LANE)
        collect(field, "c", "d")
        assert field.device.push().purged == 2
        office.journal = office.journal.restored()
        assert office.held() == ["a", "b"]
        collect(field, "e")
        report = field.device.push()
        assert report.left == 0
    assert office.ledgers == [2]  # c and d, which the backup had not; a and b are purged
    assert sorted(office.held()) == ["a", "b", "c", "d", "e"]
    assert office.journal.verify() == ()


def test_a_device_with_nothing_to_send_learns_of_a_restore_by_itself(
    tmp_path: Path, office: MemoryServer
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a", "b")
        field.device.push()
        office.journal = office.journal.restored()
        assert office.held() == []
        assert field.device.push().outcomes[Outcome.STORED] == 2
        office.journal.back_up(LANE)
        assert field.device.push().purged == 2
        field.device.push()
        assert office.ledgers == [0, 2, 0]  # how things stand, what was lost; nothing when safe
    assert sorted(office.held()) == ["a", "b"]


def test_a_server_that_changes_its_epoch_all_the_time_is_left_alone(
    tmp_path: Path, office: MemoryServer
) -> None:
    class Restless(MemoryJournal):
        def find_many(self, lane: str, instance_ids: Sequence[str]) -> Mapping[str, Sequence[Held]]:
            self.epoch += 1
            return super().find_many(lane, instance_ids)

    office.journal = Restless()
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *(f"u{n}" for n in range(250)))
        assert field.device.push().left > 0
    assert len(office.batches) < 10


def test_a_device_may_keep_everything(tmp_path: Path, office: MemoryServer) -> None:
    with in_the_field(tmp_path, office.url, keep=True) as field:
        collect(field, "a")
        field.device.push()
        office.journal.back_up(LANE)
        field.device.pull(lambda _changes: None)
        assert len(list((tmp_path / "out").iterdir())) == 1


ALL_ANEW = Change(0, "area", "", None)  # what a device hears first of all


def test_pulling_brings_every_change_once(tmp_path: Path, office: MemoryServer) -> None:
    office.changes += [Change(n, "assignment", f"k{n}", {"n": n}) for n in range(1, 6)]
    seen: list[Change] = []
    with in_the_field(tmp_path, office.url) as field:
        assert field.device.pull(seen.extend) == 6
        office.changes.append(Change(6, "assignment", "k1", None))
        assert field.device.pull(seen.extend) == 1
    assert seen == [ALL_ANEW, *office.changes]


def test_a_stretch_that_was_not_kept_comes_again(tmp_path: Path, office: MemoryServer) -> None:
    office.changes += [Change(n, "unit", f"k{n}", {}) for n in range(1, 6)]
    seen: list[Change] = []

    def crash(changes: object) -> None:
        if seen:
            raise OSError("disk full")
        seen.extend(changes)

    with in_the_field(tmp_path, office.url) as field, pytest.raises(OSError, match="full"):
        field.device.pull(crash)
    with in_the_field(tmp_path, office.url) as field:
        field.device.pull(seen.extend)
    assert seen == [ALL_ANEW, *office.changes]


def test_what_arrived_before_a_break_does_not_travel_again(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.changes += [Change(n, "unit", f"k{n}", {}) for n in range(1, 41)]
    office.troubles += [HALF] * 4  # more breaks than a lone request may have
    seen: list[Change] = []
    with in_the_field(tmp_path, office.url, attempts=2) as field:
        assert field.device.pull(seen.extend) == 41
    assert seen == [ALL_ANEW, *office.changes]


def test_a_scope_that_changed_is_told(tmp_path: Path, office: MemoryServer) -> None:
    here, there = f"{LANE}010001000100", f"{LANE}010001000200"
    office.changes.append(Change(1, "unit", "k1", {}, here))
    seen: list[Change] = []
    with in_the_field(tmp_path, office.url) as field:
        field.device.pull(seen.extend)
        seen.clear()
        office.areas = (there,)
        field.device.pull(seen.extend)
    assert seen[0] == Change(0, "area", here, None, here)


def test_a_cursor_that_the_server_forgot_begins_anew(tmp_path: Path, office: MemoryServer) -> None:
    office.changes.append(Change(1, "unit", "k1", {}))
    with in_the_field(tmp_path, office.url) as field:
        field.spool.save_cursor("from another world")
        assert field.device.pull(lambda _changes: None) == 2


def test_pulling_tells_what_is_backed_up(tmp_path: Path, office: MemoryServer) -> None:
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        assert field.device.push().purged == 0
        office.journal.back_up(LANE)
        field.device.pull(lambda _changes: None)
        assert list((tmp_path / "out").iterdir()) == []


def test_pulling_without_a_line_says_so(tmp_path: Path, office: MemoryServer) -> None:
    office.troubles += [DROP] * 4
    with in_the_field(tmp_path, office.url) as field, pytest.raises(Unreachable):
        field.device.pull(lambda _changes: None)


def test_a_wrong_clock_is_noticed(tmp_path: Path, office: MemoryServer) -> None:
    late = NOON - timedelta(hours=8)
    date = "Mon, 15 Jun 2026 05:00:00 GMT"
    office.troubles.append(Response(status_code=503, headers={"Date": date}))
    office.troubles.append(Response(status_code=503, headers={"Date": "yesterday"}))
    with in_the_field(tmp_path, office.url, attempts=1, clock=late) as field:
        collect(field, "a")
        field.device.push()
        assert field.spool.clock_skew == 8 * 3600
        field.device.push()
        assert field.spool.clock_skew == 8 * 3600


def test_a_stock_client_sends_one_submission_after_another(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.troubles += [LOSE, DROP]
    photo = {"front.jpg": b"photo"}
    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a"))
        field.spool.put(submission("b", files=photo), photo)
        report = field.device.push_openrosa(OPENROSA)
        assert (report.accepted, report.left) == (2, 0)
        assert field.device.push_openrosa(OPENROSA).accepted == 0
    assert office.held() == ["a", "b"]
    assert office.posts[-1] == (("front.jpg",), False)


def test_many_files_are_shared_among_several_posts(tmp_path: Path, office: MemoryServer) -> None:
    office.accept_length = 2_500
    files = {f"{name}.jpg": name.encode() * 1000 for name in "abc"}
    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a", files=files), files)
        assert field.device.push_openrosa(OPENROSA).accepted == 1
    assert office.posts == [(("a.jpg", "b.jpg"), True), (("c.jpg",), False)]
    assert office.held() == ["a"]


def test_only_created_and_accepted_count_as_taken(tmp_path: Path, office: MemoryServer) -> None:
    portal = Response("<html>Wi-Fi login</html>", 200)
    office.troubles += [Response(status_code=204), portal]
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        assert field.device.push_openrosa(OPENROSA).accepted == 1
        assert len(field.pauses) == 1
    assert office.held() == ["a"]


def test_a_submission_that_a_door_refuses_holds_up_no_other(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.poison |= {"a": 409, "c": 500}
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a", "b", "c", "d")
        report = field.device.push_openrosa(OPENROSA)
        assert (report.accepted, report.set_aside, report.left) == (2, 1, 1)
    assert office.held() == ["b", "d"]


def test_a_wrong_token_stops_a_stock_client(tmp_path: Path, office: MemoryServer) -> None:
    office.poison["a"] = 403
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        with pytest.raises(Refused):
            field.device.push_openrosa(OPENROSA)
        assert field.spool.left() == 1


def test_a_stock_client_without_a_line_keeps_everything(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.troubles += [DROP] * 4
    with in_the_field(tmp_path, office.url) as field:
        collect(field, "a")
        report = field.device.push_openrosa(OPENROSA)
        assert (report.accepted, report.left) == (0, 1)
        assert report.stopped is not None


def test_part_of_a_submission_refused_is_the_whole_refused(
    tmp_path: Path, office: MemoryServer
) -> None:
    office.accept_length, office.poison["a"] = 100, 413
    files = {f"{name}.jpg": name.encode() * 1000 for name in "ab"}
    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a", files=files), files)
        field.spool.put(submission("b"))
        report = field.device.push_openrosa(OPENROSA)
        assert (report.accepted, report.set_aside) == (1, 1)


def test_after_a_restore_what_the_server_holds_is_not_sent_again(
    tmp_path: Path, office: MemoryServer
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *"abcd")
        field.device.push()
        journal = office.journal
        office.journal = MemoryJournal(epoch=journal.epoch + 1)
        with office.journal.transaction():
            office.journal.lock(LANE)
            office.journal.append_many(journal.entries(LANE)[:3])
        collect(field, "e")
        field.device.push()
        assert office.batches == [4, 1, 1]  # e, by which the new epoch is noticed; then d
        assert field.spool.left() == 0
    assert sorted(office.held()) == ["a", "b", "c", "d", "e"]


def test_a_server_that_lost_what_was_purged_is_found_out(
    tmp_path: Path, office: MemoryServer
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        collect(field, *"abc")
        field.device.push()
        office.journal.back_up(LANE)
        field.device.pull(lambda _changes: None)
        assert field.device.audit() == []
        office.journal = MemoryJournal(epoch=2)
        assert sorted(line.instance_id for line in field.device.audit()) == ["a", "b", "c"]


def test_files_go_before_their_envelopes_and_leave_when_the_backup_has_both(
    tmp_path: Path, office: MemoryServer
) -> None:
    photo = bytes(5_000_000)
    digest = sha256(photo).hexdigest()
    with in_the_field(tmp_path, office.url) as field:
        files = {"foto.jpg": photo}
        field.spool.put(submission("a", files=files), files)
        office.troubles.extend([LOSE, DROP])
        field.device.push()
        assert office.files[digest] == photo
        office.journal.back_up(LANE)
        field.device.pull(lambda _changes: None)
        assert list((tmp_path / "out").iterdir()) == []
        assert list((tmp_path / "blobs").iterdir()) == []


@pytest.mark.parametrize("known", [True, False], ids=["known before", "first heard of now"])
def test_a_file_that_a_restore_lost_before_its_envelope_came_is_brought_again(
    tmp_path: Path, office: MemoryServer, *, known: bool
) -> None:
    photo = bytes(100)
    digest = sha256(photo).hexdigest()
    with in_the_field(tmp_path, office.url, attempts=1) as field:
        if known:
            collect(field, "first")
            field.device.push()
        field.spool.put(submission("a", files={"a.jpg": photo}), {"a.jpg": photo})
        office.troubles.extend(["", "", DROP])  # the file comes, its envelope does not
        assert field.device.push().left == 1
        assert office.files[digest] == photo
        office.files.clear()
        office.journal = MemoryJournal(epoch=2)
        report = field.device.push()
        assert (report.left, report.files_left) == (0, 0)
        assert office.files.get(digest) == photo


def test_a_file_that_is_refused_is_told_and_holds_up_nothing(
    tmp_path: Path, office: MemoryServer
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a", files={"a.jpg": b"x"}), {"a.jpg": b"x"})
        office.troubles.append(Response(status_code=413))
        report = field.device.push()
        assert (report.left, report.files_left, report.stopped) == (0, 1, None)
        assert field.device.push().files_left == 0


@pytest.mark.parametrize("lost", [True, False], ids=["gone", "damaged"])
def test_a_file_that_the_disk_lost_is_told_and_holds_up_nothing(
    tmp_path: Path, office: MemoryServer, *, lost: bool
) -> None:
    with in_the_field(tmp_path, office.url) as field:
        field.spool.put(submission("a", files={"a.jpg": b"x"}), {"a.jpg": b"x"})
        path = next((tmp_path / "blobs").iterdir())
        path.unlink() if lost else path.write_bytes(b"y")
        report = field.device.push()
        assert (report.left, report.files_left, report.stopped) == (0, 1, None)
        assert office.files == {}


def test_a_file_that_never_comes_out_right_is_given_up() -> None:
    pieces: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(201, headers={"Upload-Offset": "0"})
        pieces.append(int(request.headers["Upload-Offset"]))
        assert len(pieces) < 100
        if pieces[-1]:  # whole, and another one than was announced
            return httpx.Response(460)
        return httpx.Response(204, headers={"Upload-Offset": str(PIECE)})

    http = httpx.Client(base_url="http://office", transport=httpx.MockTransport(answer))
    with pytest.raises(Refused):
        bring(http, lambda request, read: read(request()), "/files", "0" * 64, bytes(PIECE + 1))
