"""`se2026 dedup make-truth` and `evaluate`: invented cities, and how well they are matched."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.core.terminal import OUT, telling_problems


class NoiseLevel(StrEnum):
    """How faulty the records of an invented city are."""

    MILD = "mild"
    USUAL = "usual"
    HARSH = "harsh"


def make_truth(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    records: Annotated[int, typer.Option(help="How many records.", min=1)] = 50_000,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal cities.")] = 1,
    noise: Annotated[NoiseLevel, typer.Option(help="How faulty.")] = NoiseLevel.USUAL,
    world: Annotated[
        str, typer.Option(help="Name of a world: its words and habits; each seed's own without.")
    ] = "",
) -> None:
    """Invent a city of businesses whose duplicates are known.

    Example: se2026 dedup make-truth --out city --records 50000 --seed 7 --noise harsh
    """
    from matching.truth.files import write
    from matching.truth.make import make_truth as made

    with telling_problems("en", ValueError, OSError):
        labelled = made(records, seed, noise=noise, world=world)
        write(labelled, out)
    units = len({each.unit for each in labelled})
    OUT.print(f"{len(labelled)} records of {units} businesses: {out}")
