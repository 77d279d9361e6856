from collections import Counter

from app.demo.chance import chance
from app.demo.kinds import kinds, pick_kind
from forms.compile import definition
from forms.lists import ListTable

NORTH, WEST = "3375040", "3375010"


def test_every_kind_has_a_kbli_of_the_list() -> None:
    known = ListTable.from_csv((definition("se2026_l").parent / "lists/kbli.csv").read_bytes())
    assert {kind.kbli for kind in kinds().values()} <= set(known.index("name"))


def test_what_is_made_has_a_process_and_what_is_made_or_sold_has_inputs() -> None:
    for kind in kinds().values():
        assert ("m" not in kind.does) or kind.texts["process"], kind.key
        assert not set(kind.does) & set("mfs") or kind.texts["inputs"], kind.key
        assert ("s" in kind.does) >= kind.is_trade, kind.key
        assert len(kind.texts["activity"]) >= 15, kind.key


def test_fishing_belongs_to_the_coast() -> None:
    def share(kecamatan: str) -> int:
        rng = chance("test", kecamatan)
        return Counter(pick_kind(rng, kecamatan).key for _ in range(2000))["fish_catch"]

    assert share(NORTH) > 5 * share(WEST)
