"""What officers pull: their own areas, whole, each thing once, packed and resumable."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from app.auth.repository import Whereabouts, by_user_name, set_areas
from app.core.db import reading, table_of, writing
from app.intake.feed import Change, begin_anew, end_anew, publish
from app.intake.models import FeedChange
from app.intake.pull import coding_of
from tests.support.office import ELSEWHERE, JENGGOT, SUB_SLS, OpenOffice
from tests.support.pulling import Puller, answers

FEED = table_of(FeedChange)
NEW = {"presence": "2", "unit_id": "", "new_kind": "1"}


def say(office: OpenOffice, *changes: Change, lane: str = "3375") -> None:
    with writing(office.engine) as session:
        publish(session, lane, changes)


def thing(name: str, area: str = SUB_SLS, told: str | None = "x") -> Change:
    return Change("thing", name, area, None if told is None else {"told": told})


def work_in(office: OpenOffice, user: str, areas: Sequence[str]) -> None:
    with writing(office.engine) as session:
        known = by_user_name(session, user)
        assert known is not None
        set_areas(session, {known.id: Whereabouts(set(areas), JENGGOT)})


def places(office: OpenOffice) -> dict[str, int]:
    with reading(office.engine) as session:
        return dict(session.execute(sa.select(FEED.c.key, FEED.c.seq)).all())  # type: ignore[arg-type]


def test_an_officer_pulls_what_changed_in_the_own_area_alone(office: OpenOffice) -> None:
    for name in "abc":
        office.send("ppl01", office.submission(name, NEW))
    office.settle()
    mine = Puller(office, "ppl01")
    mine.pull(limit=2)
    names = [(each.kind, each.key) for each in mine.heard]
    assert len(names) == len(set(names))
    assert len(mine.payloads("unit")) == 3
    other = Puller(office, "ppl02")
    assert {kind for kind, _ in other.pull()} <= {"questionnaire", "list"}


def test_nothing_new_costs_a_head_and_a_mark(office: OpenOffice) -> None:
    say(office, *(thing(str(n)) for n in range(7)))
    device = Puller(office, "ppl01")
    device.pull()
    assert len(device.ask().text.splitlines()) == 2
    say(office, thing("3", told="y"), thing("4"))
    device.pull()
    assert [each.key for each in device.heard] == ["3"]  # 4 is what it was


def test_a_tombstone_takes_away_and_what_was_never_told_has_none(office: OpenOffice) -> None:
    say(office, thing("a"), thing("b"))
    device = Puller(office, "ppl01")
    device.pull()
    say(office, thing("a", told=None), thing("never", told=None))
    device.pull()
    assert [(each.key, each.payload) for each in device.heard] == [("a", None)]


def test_an_end_reaches_those_who_know_the_thing_wherever_it_went(office: OpenOffice) -> None:
    """A correction may move a returned document out of its officer's areas."""
    say(office, thing("moved"), Change("thing", "told to all", "3375", {}, is_for_all=True))
    device = Puller(office, "ppl01")
    device.pull()
    say(office, thing("moved", ELSEWHERE, None), thing("told to all", "3375", None))
    device.pull()
    assert [(each.key, each.payload) for each in device.heard] == [
        ("moved", None),
        ("told to all", None),
    ]


@pytest.mark.parametrize(("limit", "stretches"), [(None, 3), (1000, 2), (600, 2), (1, 1)])
def test_a_long_answer_has_marks_to_go_on_from(
    office: OpenOffice, limit: int | None, stretches: int
) -> None:
    say(office, *(thing(f"{n:04}") for n in range(1200)))
    whole = [each.key for given in answers(Puller(office, "ppl01").ask()) for each in given.changes]
    told = list(answers(Puller(office, "ppl01").ask(limit)))
    assert len(told) == stretches
    assert [each.has_more for each in told[:-1]] == [True] * (stretches - 1)
    assert told[-1].has_more is (limit is not None)
    again = Puller(office, "ppl01", cursor=told[0].next_cursor)
    again.pull()
    assert [*(e.key for e in told[0].changes), *(e.key for e in again.heard)] == whole


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_the_answer_is_packed_as_the_device_asks(office: OpenOffice, coding: str) -> None:
    say(office, *(thing(f"{n:04}") for n in range(1200)))
    device = Puller(office, "ppl01")
    plain = device.ask(**{"Accept-Encoding": "identity"})
    packed = device.ask(**{"Accept-Encoding": coding})
    assert packed.headers.get("Content-Encoding", "identity") == coding
    assert packed.text == plain.text
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0", "gzip"),
        ("zstd; q=0.000 , identity", ""),
        ("GZIP", "gzip"),
        ("br", ""),
        ("", ""),
    ],
)
def test_a_coding_is_chosen(accepted: str, coding: str) -> None:
    assert coding_of(accepted) == coding


def test_who_gets_another_area_gets_all_of_it_and_forgets_the_old(office: OpenOffice) -> None:
    say(office, thing("a"), thing("b", ELSEWHERE))
    device = Puller(office, "ppl01")
    assert ("thing", "a") in device.pull()
    work_in(office, "ppl01", [SUB_SLS, ELSEWHERE])
    assert {("thing", "a"), ("thing", "b")} <= device.pull().keys()
    work_in(office, "ppl01", [ELSEWHERE])
    assert ("thing", "a") not in device.pull()
    assert [(each.kind, each.key) for each in device.heard] == [("area", SUB_SLS)]
    work_in(office, "ppl01", [])
    device.pull()
    assert [each for each in device.kept if each[0] == "thing"] == []


def test_who_has_no_area_left_can_still_hand_in(office: OpenOffice) -> None:
    work_in(office, "ppl01", [])
    assert office.send("ppl01", office.submission("a")).status_code == 201
    assert (
        office.client.get("/api/v1/documents", headers=office.bearer("ppl01")).json()["rows"] == []
    )


def test_a_change_for_all_reaches_those_within_and_one_for_somebody_only_him(
    office: OpenOffice,
) -> None:
    with reading(office.engine) as session:
        known = by_user_name(session, "ppl02")
    assert known is not None
    say(
        office,
        Change("thing", "city", "3375", {}, is_for_all=True),
        Change("thing", "jenggot", JENGGOT, {}, is_for_all=True),
        Change("thing", "office", "3375", {}),
        Change("thing", "his", SUB_SLS, {}, addressee=known.id),
    )
    for user, seen in (
        ("ppl01", {"city", "jenggot", "his"}),  # it lies in the own area
        ("ppl02", {"city", "his"}),
        ("pml02", {"city"}),
        ("admin", {"city", "jenggot", "office", "his"}),
    ):
        kept = Puller(office, user).pull()
        assert {key for kind, key in kept if kind == "thing"} == seen, user


def test_what_is_common_comes_to_every_lane(office: OpenOffice) -> None:
    say(office, thing("all", area=""), lane="")
    for user in ("ppl01", "ppl02", "pusat"):
        assert ("thing", "all") in Puller(office, user).pull()


def test_after_a_restore_a_device_begins_from_nothing(office: OpenOffice) -> None:
    say(office, thing("a"))
    device = Puller(office, "ppl01")
    device.pull()
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE deployment SET epoch = epoch + 1")
    assert ("thing", "a") in device.pull()
    assert (device.heard[0].kind, device.heard[0].key) == ("area", "")


@pytest.mark.parametrize("cursor", ["rubbish", "../..", "MS4xLjE", "é"])
def test_a_foreign_cursor_is_told_so(office: OpenOffice, cursor: str) -> None:
    answer = Puller(office, "ppl01", cursor).ask()
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_a_limit_that_is_none_is_told_so(office: OpenOffice) -> None:
    for limit in ("0", "-1", "x", "9" * 30):
        path = f"/api/v1/sync/pull?limit={limit}"
        answer = office.client.get(path, headers=office.bearer("ppl01"))
        assert (answer.status_code, answer.json()["detail"][:12]) == (422, "limit harus ")


def test_a_replay_tells_only_what_differs(office: OpenOffice) -> None:
    say(office, thing("same"), thing("other"), thing("gone"), thing("dead"))
    say(office, thing("dead", told=None), Change("not replayed", "x", SUB_SLS, {}))
    device = Puller(office, "ppl01")
    device.pull()
    before = places(office)
    with writing(office.engine) as session:
        begin_anew(session, "3375", ["thing"])
        for told in ("y", "x"):
            publish(session, "3375", [thing("same", told=told)])
        publish(session, "3375", [thing("other", told="new"), thing("fresh")])
        end_anew(session, "3375", ["thing"])
    device.pull()
    heard = {each.key: each.payload for each in device.heard}
    assert heard == {"other": {"told": "new"}, "fresh": {"told": "x"}, "gone": None}
    after = places(office)
    assert {key for key in before if after[key] == before[key]} >= {"same", "dead", "x"}
