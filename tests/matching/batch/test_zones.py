import numpy as np

from matching.batch.zones import Scene, Zones, zones_of
from matching.linkage import Pairs, Rules, Weights, group

RULES = Rules(threshold=0.0, floor=-12.0)
AUTOMATIC = 4.0


def zones(
    pairs: dict[tuple[int, int], float],
    *,
    size: int = 40,
    field: tuple[int, ...] = (),
    same: tuple[tuple[int, int], ...] = (),
) -> dict[tuple[int, int], str | int | None]:
    left, right = np.array(list(pairs), np.int64).reshape(-1, 2).T
    weights = Weights(left, right, np.array(list(pairs.values())))
    one, other = np.array(same, np.int64).reshape(-1, 2).T
    scene = Scene(
        weights,
        weights,
        group(size, weights, must=Pairs(one, other), rules=RULES).of,
        np.isin(np.arange(size), field),
        Pairs(one, other),
        np.ones(len(same), np.bool_),
    )
    return told(pairs, zones_of(scene, AUTOMATIC, RULES))


def told(
    pairs: dict[tuple[int, int], float], found: Zones
) -> dict[tuple[int, int], str | int | None]:
    """For each pair: its rank as a question, else its zone, else nothing."""
    rows = zip(
        pairs, found.rank.tolist(), found.automatic.tolist(), found.apart.tolist(), strict=True
    )
    return {
        pair: rank or ("automatic" if automatic else "apart" if apart else None)
        for pair, rank, automatic, apart in rows
    }


def test_sure_pairs_are_automatic_and_hopeless_ones_apart() -> None:
    assert zones({(0, 1): 8.0, (2, 3): -11.0}) == {(0, 1): "automatic", (2, 3): "apart"}


def test_the_most_doubtful_pair_is_asked_first() -> None:
    found = zones({(0, 1): 3.0, (2, 3): 0.5, (4, 5): -2.0, (6, 7): 1.5})
    assert found == {(2, 3): 1, (6, 7): 2, (4, 5): 3, (0, 1): 4}


def test_more_records_behind_a_question_make_it_worth_more() -> None:
    found = zones({(0, 1): 9.0, (0, 2): -1.0, (1, 2): -1.0, (3, 4): -1.0})
    assert found == {(0, 1): "automatic", (0, 2): 1, (1, 2): "apart", (3, 4): 2}


def test_two_field_documents_are_asked_about_however_alike() -> None:
    found = zones({(0, 1): 6.0, (2, 3): 6.0}, field=(0, 1, 2))
    assert found == {(0, 1): 1, (2, 3): "automatic"}


def test_of_two_field_documents_like_one_of_the_prelist_the_liker_is_linked() -> None:
    found = zones({(0, 1): 9.0, (0, 2): 6.0, (1, 2): 6.0}, field=(1, 2))
    assert found[(0, 1)] == "automatic"
    assert {found[(0, 2)], found[(1, 2)]} == {1, None}


def test_what_a_person_said_is_not_asked_again() -> None:
    assert zones({(0, 1): 1.0}, same=((0, 1),)) == {(0, 1): None}


def test_at_most_one_question_for_ten_records_is_asked() -> None:
    doubtful = {(2 * n, 2 * n + 1): n / 10 for n in range(10)}
    found = zones(doubtful, size=40)
    assert [found[pair] for pair in doubtful] == [1, 2, 3, 4, *[None] * 6]
