"""The doorstep warning: learn its weights, or tell how well it warns and what it takes.

Run `python -m bench.doorstep` for figures on invented towns that it did not learn from;
`python -m bench.doorstep --learn matching/models/doorstep.json` to learn the weights again.
"""

import argparse
from pathlib import Path

from matching.doorstep import ROW_BYTES, shipped
from matching.training.doorstep import learned, save, visits
from matching.truth.make import make_truth

LEARNED_ON = (101, 102, 103)
TRIED_ON = (7, 8, 9, 10)
RECORDS = 6000


def main() -> None:
    """Learn or tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--learn", type=Path, help="file to write the weights to")
    path = asked.parse_args().learn
    if path is not None:
        save(learned(LEARNED_ON, RECORDS), path)
        return
    for noise in ("mild", "usual", "harsh"):
        for seed in TRIED_ON:
            tell(noise, seed)
    print(f"1,000 businesses: {1000 * ROW_BYTES:,} bytes")


def tell(noise: str, seed: int) -> None:
    """Print how many listed businesses are warned of, and how many new ones wrongly."""
    weights = shipped()
    listed = right = new = wrong = warnings = 0
    for visit in visits(make_truth(RECORDS // 2, seed, noise=noise)):
        warned = [
            unit
            for unit, marks in visit.listed
            if weights.quarters(visit.typed, marks) >= weights.warning
        ]
        known = any(unit == visit.unit for unit, _ in visit.listed)
        listed, new = listed + known, new + (not known)
        right, wrong = right + (visit.unit in warned), wrong + (bool(warned) and not known)
        warnings += len(warned)
    print(
        f"{noise:6} {seed:3}: warned of {right / listed:.3f} of {listed} listed, wrongly of "
        f"{wrong / new:.3f} of {new} new; {warnings / (listed + new):.2f} warnings a visit"
    )


if __name__ == "__main__":
    main()
