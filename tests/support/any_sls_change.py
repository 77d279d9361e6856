"""Changes of SLS as they come, by a seed: valid answers to SE2026-PSLS of every kind."""

from random import Random

from tests.support.sls_changes import (
    FIRST,
    KELURAHAN,
    SECOND,
    THIRD,
    Answers,
    after,
    approved,
    before,
    decided,
    kept,
    merger,
    new_boundary,
    new_name,
    renumbered,
    split,
)


def any_sls_change(chance: Random) -> Answers:
    """Give a change that breaks no rule."""
    maker = chance.choice((_split, _merger, new_name, _new_boundary))
    told = maker() if maker is new_name else maker(chance)
    return told | chance.choice(
        ({"decision": "0"}, approved(), decided("2", "bukti belum terbaca"))
    )


def _split(chance: Random) -> Answers:
    number = chance.randint(2, 4)
    homes = [chance.randint(10, 70) for _ in range(number)]
    trades = [chance.randint(0, 30) for _ in range(number)]
    codes = chance.sample(range(10, 100), number)
    parts = [
        after(*sizes, **renumbered(f"{KELURAHAN}00{code}", f"RT 0{code} RW 004"))
        for *sizes, code in zip(homes, trades, codes, strict=True)
    ]
    if chance.random() < 0.7:
        parts[0] |= kept()
    return split() | {
        "parts_after": str(number),
        "before": [before(sum(homes), sum(trades))],
        "after": parts,
    }


def _merger(chance: Random) -> Answers:
    others = chance.sample([SECOND, THIRD], chance.randint(1, 2))
    rows = [(chance.randint(5, 60), chance.randint(0, 20)) for _ in range(len(others) + 1)]
    name = kept(chance.choice([FIRST, *others])) if chance.random() < 0.5 else renumbered()
    return merger() | {
        "merged_with": " ".join(others),
        "before": [before(*row) for row in rows],
        "after": [after(sum(h for h, _ in rows), sum(b for _, b in rows), **name)],
    }


def _new_boundary(chance: Random) -> Answers:
    moved = chance.randint(1, 20)
    return new_boundary() | {
        "neighbours": SECOND,
        "evidence_kinds": "4",
        "before": [before(100, 20), before(90, 20)],
        "after": [after(100 - moved, 20), after(90 + moved, 20)],
    }
