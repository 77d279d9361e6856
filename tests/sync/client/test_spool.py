import json
from pathlib import Path

import pytest

from sync.client import Spool
from sync.errors import SpoolBusy, WrongContent
from sync.receipts import Outcome, Receipt
from tests.support.devices import submission


def receipt(name: str, position: int, *, epoch: int = 1, backed_up: int = 0) -> Receipt:
    return Receipt(
        instance_id=name,
        outcome=Outcome.STORED,
        lane="3375",
        position=position,
        epoch=epoch,
        digest=submission(name).digest,
        backed_up_through=backed_up,
    )


def waiting(spool: Spool) -> list[str]:
    return [parcel.envelope.instance_id for parcel in spool.pending(100)]


def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    photo = {"front.jpg": b"photo"}
    sent = submission("a", files=photo)
    with Spool(tmp_path) as spool:
        spool.put(sent, photo)
        spool.put(submission("b"))
    with Spool(tmp_path) as spool:
        first, second = spool.pending(100)
        assert first.envelope == sent
        assert second.envelope == submission("b")
        assert spool.blob(sent.attachments[0].sha256) == b"photo"


def test_the_same_put_twice_is_kept_once(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        name = spool.put(submission("a"))
        assert spool.put(submission("a")) == name
    with Spool(tmp_path) as spool:
        assert spool.put(submission("a")) == name
        assert spool.put(submission("a", "2")) != name
        assert len(spool.pending(100)) == 2


def test_a_file_must_be_what_the_envelope_names(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        with pytest.raises(WrongContent):
            spool.put(submission("a", files={"front.jpg": b"photo"}), {"front.jpg": b"other"})
        assert spool.pending(100) == []


def test_one_spool_one_process(tmp_path: Path) -> None:
    with Spool(tmp_path), pytest.raises(SpoolBusy):
        Spool(tmp_path)
    Spool(tmp_path).close()


def test_what_was_answered_is_not_sent_again(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        name = spool.put(submission("a"))
        spool.put(submission("b"))
        spool.observe(1, {})
        spool.acknowledge({name: receipt("a", 1)})
        assert waiting(spool) == ["b"]
    with Spool(tmp_path) as spool:
        assert waiting(spool) == ["b"]
        assert spool.receipts() == {name: receipt("a", 1)}


def test_a_new_epoch_makes_old_receipts_void(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        for position, name in enumerate("ab", 1):
            number = spool.put(submission(name))
            spool.acknowledge({number: receipt(name, position)})
        spool.observe(1, {"3375": 0})
        assert spool.left() == 0
        spool.observe(2, {"3375": 9})
        assert waiting(spool) == ["a", "b"]
        assert spool.purge() == 0


def test_nothing_is_purged_before_it_is_backed_up(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        for position, name in enumerate("ab", 1):
            number = spool.put(submission(name))
            spool.acknowledge({number: receipt(name, position)})
        spool.observe(1, {"3376": 50})
        assert spool.purge() == 0
        spool.observe(1, {"3375": 1})
        assert spool.purge() == 1
    with Spool(tmp_path) as spool:
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["0000000002"]
        assert len(spool.receipts()) == 2
        assert spool.put(submission("a")) == "0000000001"
        assert waiting(spool) == []
        assert spool.put(submission("c")) == "0000000003"


def test_a_backed_up_position_never_goes_back_within_an_epoch(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        number = spool.put(submission("a"))
        spool.observe(1, {"3375": 5})
        spool.observe(1, {"3375": 3})
        spool.acknowledge({number: receipt("a", 5)})
        assert spool.purge() == 1


def test_an_envelope_with_files_stays_while_no_road_carries_them(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        photo = {"front.jpg": b"photo"}
        number = spool.put(submission("a", files=photo), photo)
        spool.observe(1, {"3375": 5})
        spool.acknowledge({number: receipt("a", 1)})
        assert spool.purge() == 0


def test_what_was_set_aside_can_be_put_back(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        number = spool.put(submission("a"))
        spool.put(submission("b"))
        spool.set_aside(number, {"code": "not_xml"})
        assert waiting(spool) == ["b"]
    with Spool(tmp_path) as spool:
        assert spool.problems() == {number: {"code": "not_xml"}}
        assert spool.put(submission("a")) == number
        assert spool.put_back() == 1
        assert waiting(spool) == ["a", "b"]
        assert spool.problems() == {}
    with Spool(tmp_path) as spool:
        assert waiting(spool) == ["a", "b"]


def test_a_damaged_file_is_set_aside_and_holds_up_no_other(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        number = spool.put(submission("a"))
        spool.put(submission("b"))
        path = tmp_path / "out" / number
        path.write_bytes(path.read_bytes()[:-5])
        assert waiting(spool) == ["b"]
        assert spool.problems()[number]["code"] == "damaged"


def test_a_batch_stays_below_what_a_line_carries(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        for name in "abc":
            spool.put(submission(name, "x" * 3_500_000))
        assert waiting(spool) == ["a", "b"]
        assert [parcel.envelope.instance_id for parcel in spool.pending(1)] == ["a"]


def test_half_written_files_mean_nothing(tmp_path: Path) -> None:
    Spool(tmp_path).close()
    (tmp_path / "scratch" / "0000000001").write_bytes(b'{"kind"')
    with Spool(tmp_path) as spool:
        assert waiting(spool) == []
        assert list((tmp_path / "scratch").iterdir()) == []


def test_the_cursor_and_the_clock_are_remembered(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        assert (spool.cursor, spool.clock_skew, spool.epoch) == (None, 0.0, None)
        spool.save_cursor("c")
        spool.save_clock_skew(-90.5)
        spool.observe(3, {})
    with Spool(tmp_path) as spool:
        assert (spool.cursor, spool.clock_skew, spool.epoch) == ("c", -90.5, 3)


def test_an_openrosa_answer_is_remembered_without_a_position(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        number = spool.put(submission("a"))
        spool.accept(number, 201)
    with Spool(tmp_path) as spool:
        spool.observe(2, {"3375": 9})
        assert waiting(spool) == []
        assert spool.receipts() == {}
        assert spool.purge() == 0
        assert json.loads((tmp_path / "receipts" / number).read_bytes())["status"] == 201


def test_what_an_openrosa_server_took_may_be_doubted(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        spool.accept(spool.put(submission("a")), 201)
        spool.acknowledge({spool.put(submission("b")): receipt("b", 1)})
        assert spool.doubt_accepted() == 1
        assert waiting(spool) == ["a"]
        assert [line.instance_id for line in spool.answered()] == ["b"]
    with Spool(tmp_path) as spool:
        assert waiting(spool) == ["a"]
        spool.observe(1, {"3375": 1})
        spool.purge()
        assert [line.instance_id for line in spool.kept()] == ["a"]
        assert spool.purged() == 1
