"""`se2026 dedup model`: which model a regency is matched by, and changing to another."""

from pathlib import Path
from typing import Annotated

import typer

from app.core.db import reading, writing
from app.core.ids import new_id
from app.core.office import open_office
from app.core.problems import Invalid
from app.core.settings import settings
from app.core.terminal import OUT, print_json, telling_problems
from app.dedup import label_training
from app.dedup.references import matcher_of

COMMAND = "command line"


def model(
    lane: Annotated[
        str | None, typer.Option(help="Regency, four digits; default: the office's own.")
    ] = None,
    *,
    use: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Model file to put in force, from `train`."),
    ] = None,
    shipped: Annotated[bool, typer.Option(help="Put the shipped model in force again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Tell which model is in force, or put another in force.

    The worker then scores every unit anew, some at a time; `se2026 dedup refresh` does it at once.
    Decisions stand.

    Example: se2026 dedup model --use ours.json
    """
    with telling_problems():
        language = settings().language
    with telling_problems(language), open_office() as office:
        if use is not None and shipped:
            raise Invalid(
                "Pilih salah satu: --use atau --shipped.", "Please give --use or --shipped."
            )
        chosen, now = lane or office.settings.regency, office.clock()
        with writing(office.engine) as session:
            if use is not None:
                content, named = use.read_text("utf-8"), new_id()
                label_training.bring(session, chosen, named, content, who=COMMAND, now=now)
                label_training.put_in_force(session, chosen, named, COMMAND, now)
            elif shipped:
                label_training.back_to_shipped(session, chosen, COMMAND, now)
        with reading(office.engine) as session:
            found = matcher_of(session, chosen).model
    if as_json:
        told = {name: found.as_json()[name] for name in ("thresholds", "labels", "evaluation")}
        print_json({"lane": chosen, "version": found.version, **told})
    else:
        OUT.print(f"{chosen}: {found.version}")
