"""Edit chains, however long and however tangled."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.core.db import reading
from app.intake.chains import Chain, chains_of
from app.intake.service import take_in
from sync.codecs.openrosa import read_envelope
from sync.envelope import Arrival
from tests.conftest import NOON
from tests.support.office import OpenOffice

LONG = 450
ARRIVAL = Arrival(lane="3375", actor="test", received_at=NOON, door="batch")


def bring(engine: sa.Engine, *links: tuple[str, str | None]) -> None:
    """Store submissions, each by its own name and that of the one it replaces."""
    take_in(engine, [read_envelope(body(name, prior)) for name, prior in links], ARRIVAL)


def body(name: str, prior: str | None) -> bytes:
    told = f"<deprecatedID>{prior}</deprecatedID>" if prior else ""
    meta = f"<meta><instanceID>{name}</instanceID>{told}</meta>"
    return f"<data id='other' version='1'>{meta}</data>".encode()


def chains(engine: sa.Engine, *names: str, upto: int = 10_000) -> list[Chain]:
    with reading(engine) as session:
        return chains_of(session, "3375", names, upto)


@pytest.mark.parametrize("asked", ["v0", "v200", f"v{LONG - 1}"])
def test_a_chain_is_read_whole_however_long_it_is(engine: sa.Engine, asked: str) -> None:
    links = [(f"v{n}", f"v{n - 1}" if n else None) for n in range(LONG)]
    bring(engine, *links)
    (chain,) = chains(engine, asked)
    assert chain.document_id == "v0"
    assert len(chain.versions) == LONG
    assert chain.current.instance_id == f"v{LONG - 1}"


def test_a_document_edited_hundreds_of_times_stays_one_document(office: OpenOffice) -> None:
    for n in range(LONG):
        bring(office.engine, (f"v{n}", f"v{n - 1}" if n else None))
        if n % 100 == 0:
            office.settle()
    office.settle()
    with reading(office.engine) as session:
        found = session.execute(sa.text("SELECT document_id, version_count FROM document")).all()
    assert found == [("v0", LONG)]


@pytest.mark.parametrize(
    ("links", "document_id", "current"),
    [
        pytest.param([("a", "a")], "a", "a", id="its own prior"),
        pytest.param([("a", "b"), ("b", "a")], "a", "b", id="each the other's prior"),
        pytest.param([("a", "c"), ("b", "a"), ("c", "b")], "a", "c", id="a ring"),
        pytest.param([("b", "a")], "a", "b", id="the first never came"),
        pytest.param([("c", "b"), ("a", None), ("b", "a")], "a", "c", id="in the wrong order"),
    ],
)
def test_tangled_chains_are_one_document(
    engine: sa.Engine, links: list[tuple[str, str | None]], document_id: str, current: str
) -> None:
    for link in links:
        bring(engine, link)
    for name, _ in links:
        (chain,) = chains(engine, name)
        assert (chain.document_id, chain.current.instance_id) == (document_id, current)
        assert len(chain.versions) == len(links)


def test_strangers_are_chains_of_their_own(engine: sa.Engine) -> None:
    bring(engine, ("a", None), ("b", None), ("b2", "b"))
    assert [each.document_id for each in chains(engine, "b2", "a", "nobody")] == ["a", "b"]


def test_nothing_behind_the_position_is_seen(session: Session, engine: sa.Engine) -> None:
    bring(engine, ("a", None), ("a2", "a"))
    (chain,) = chains_of(session, "3375", {"a"}, 1)
    assert chain.current.instance_id == "a"
