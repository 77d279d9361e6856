from hypothesis import given
from hypothesis import strategies as st

from sync.journal import Held
from sync.ledger import Line, answering, bucket_of, buckets, differing
from sync.receipts import Outcome

LINES = st.lists(st.builds(Line, st.text(min_size=1, max_size=4), st.sampled_from(["0", "1"])))


def held(instance: str, digest: str, kind: str = "submission") -> Held:
    return Held(kind=kind, position=1, digest=digest, outcome=Outcome.STORED, instance_id=instance)


def test_a_device_sends_again_what_the_server_lost() -> None:
    lines = [Line("a", "1"), Line("b", "2"), Line("c", "3"), Line("d", "4")]
    server = {"a": [held("a", "1")], "b": [held("b", "x")], "d": [held("d", "4", "review")]}
    assert answering(lines, server) == [held("a", "1"), None, None, None]


def test_nothing_is_missing_from_a_whole_server() -> None:
    entries = [held("a", "1"), held("a", "2")]
    assert answering([Line("a", "2")], {"a": entries}) == entries[1:]


@given(LINES, LINES)
def test_a_bucket_differs_exactly_when_its_lines_do(ours: list[Line], theirs: list[Line]) -> None:
    told = differing(buckets(ours), buckets(theirs))
    assert told == sorted(
        {
            bucket_of(line.instance_id)
            for line in ours
            if within(bucket_of(line.instance_id), ours)
            != within(bucket_of(line.instance_id), theirs)
        }
    )


def within(bucket: str, lines: list[Line]) -> set[Line]:
    return {line for line in lines if bucket_of(line.instance_id) == bucket}


@given(LINES)
def test_order_and_repetition_do_not_matter(lines: list[Line]) -> None:
    assert buckets(lines) == buckets([*reversed(lines), *lines])
