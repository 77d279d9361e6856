from collections import Counter

from app.simulate.campaign import strikes_of
from app.simulate.mayhem import DISK, POSTGRES, RESTORE, SERVICE, WORKER
from app.simulate.plan import HOURS, Plan, documents_of, is_online, phone_of

PLAN = Plan(seed=7, devices=300, documents=6000, days=3, faults=0.2, officers=20)
PHONES = [phone_of(PLAN, number) for number in range(PLAN.devices)]
DOCUMENTS = [documents_of(PLAN, phone) for phone in PHONES]


def test_the_seed_decides_everything() -> None:
    assert [documents_of(PLAN, phone_of(PLAN, number)) for number in range(300)] == DOCUMENTS
    other = Plan(seed=8, devices=300, documents=6000, days=3, faults=0.2, officers=20)
    assert documents_of(other, phone_of(other, 0)) != DOCUMENTS[0]


def test_every_document_is_collected_and_some_more_than_once() -> None:
    every = [each for some in DOCUMENTS for each in some]
    firsts = [each for each in every if not each.rival]
    assert len({each.instance_id for each in firsts}) == PLAN.documents
    copies = Counter(each.instance_id for each in firsts)
    assert {1, 2} == set(copies.values())  # a copied memory: two devices hold the same document
    assert any(each.rival for each in every)
    assert any(each.prior for each in every)
    assert any(each.file_size for each in every)


def test_hours_lie_within_the_days_and_devices_are_out_of_reach_for_some() -> None:
    assert {each.hour for some in DOCUMENTS for each in some} == set(range(3 * HOURS))
    seen = [[is_online(PLAN, phone, hour) for hour in range(PLAN.hours)] for phone in PHONES]
    assert any(not any(hours[start : start + HOURS]) for hours in seen for start in (0, 8, 16))
    assert all(any(row[hour] for row in seen) for hour in range(PLAN.hours))


def test_clocks_are_wrong_and_jump() -> None:
    assert len({phone.clock for phone in PHONES}) == 4
    jumping = [phone for phone in PHONES if phone.jump_hour]
    assert jumping
    for phone in jumping:
        assert phone.jump_hour is not None
        before, after = phone.clock_at(phone.jump_hour - 1), phone.clock_at(phone.jump_hour)
        assert (before == after) == (before == after == "right")


def test_a_campaign_strikes_in_every_way_and_a_plain_run_in_none() -> None:
    told = strikes_of(PLAN, campaign=True, disk_full=True)
    assert set(told.values()) == {SERVICE, WORKER, POSTGRES, RESTORE, DISK}
    assert sum(what == RESTORE for what in told.values()) == 2
    assert strikes_of(PLAN, campaign=False, disk_full=False) == {}
