"""The command that compares everything anew by what is known of a place by now."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.core.office import open_office
from app.core.settings import settings
from app.core.terminal import OUT, print_json, telling_problems
from app.dedup.renewal import renew_matching


def refresh(
    lane: Annotated[
        str | None, typer.Option(help="Regency, four digits; default: the office's own.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Count which names, phones and SLS are frequent, and match every unit again.

    Worth it after a prelist was imported, and now and then during the fieldwork. Decisions stand.

    Example: se2026 dedup refresh
    """
    with telling_problems():
        language = settings().language
    with telling_problems(language), open_office() as office:
        chosen = lane or office.settings.regency
        done = renew_matching(office.engine, chosen, office.clock())
    if as_json:
        print_json({"lane": chosen, "units": done.units, "cut": asdict(done.cut)})
        return
    OUT.print(f"{chosen}: {done.units} units matched again.")
    if done.cut.keys:
        OUT.print(
            f"{done.cut.keys} keys are shared by too many units to tell anything of two of them:"
            f" {done.cut.units} units have such a key, {done.cut.apart} have no other and are"
            " compared with nobody. Look at these units' SLS for one record written many times."
        )
