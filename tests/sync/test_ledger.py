from sync.journal import Held
from sync.ledger import Line, missing
from sync.receipts import Outcome


def held(instance: str, digest: str, kind: str = "submission") -> Held:
    return Held(kind=kind, position=1, digest=digest, outcome=Outcome.STORED, instance_id=instance)


def test_a_device_sends_again_what_the_server_lost() -> None:
    lines = [Line("a", "1"), Line("b", "2"), Line("c", "3"), Line("d", "4")]
    server = {"a": [held("a", "1")], "b": [held("b", "x")], "d": [held("d", "4", "review")]}
    assert missing(lines, server) == (Line("b", "2"), Line("c", "3"), Line("d", "4"))


def test_nothing_is_missing_from_a_whole_server() -> None:
    assert missing([Line("a", "2")], {"a": [held("a", "1"), held("a", "2")]}) == ()
