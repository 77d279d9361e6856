"""Which pairs to ask about next: those whose answer teaches most."""

import random
from collections import Counter
from collections.abc import Sequence

from matching.training.design import Floats, Graded

PER_PATTERN = 3  # pairs that look alike to the model teach the same thing
BLIND = 0.1  # share of questions drawn without looking, so that surprises are found
FIRST_BANDS = 12


def first_questions(bits: Floats, count: int, chance: random.Random) -> list[int]:
    """Return pairs spread evenly over the bits of a model that is not trusted yet."""
    low, high = float(bits.min()), float(bits.max())
    width = (high - low) / FIRST_BANDS or 1.0
    bands: dict[int, list[int]] = {}
    for place in map(int, bits.argsort(kind="stable")):
        bands.setdefault(min(int((bits[place] - low) / width), FIRST_BANDS - 1), []).append(place)
    for members in bands.values():
        chance.shuffle(members)
    chosen: list[int] = []
    while len(chosen) < count and any(bands.values()):
        for band in sorted(bands):
            if bands[band] and len(chosen) < count:
                chosen.append(bands[band].pop())
    return sorted(chosen)


def next_questions(
    pairs: Graded, bits: Floats, asked: Sequence[int], count: int, chance: random.Random
) -> list[int]:
    """Return the most doubtful pairs not asked yet, of every pattern only a few; some blindly."""
    known = set(asked)
    patterns = Counter(pairs.levels[place].tobytes() for place in asked)
    chosen: list[int] = []
    doubtful = count - int(count * BLIND)
    for place in abs(bits).argsort(kind="stable"):
        if len(chosen) == doubtful:
            break
        pattern = pairs.levels[place].tobytes()
        if int(place) not in known and patterns[pattern] < PER_PATTERN:
            patterns[pattern] += 1
            chosen.append(int(place))
    left = [place for place in range(len(bits)) if place not in known.union(chosen)]
    chosen += chance.sample(left, k=min(count - len(chosen), len(left)))
    return sorted(chosen)
