"""`se2026 simulate`: a fleet of devices on bad networks, and a verdict on what became of it all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from app.core.office import open_office
from app.core.terminal import ERR, FAILED, MISUSED, OUT, Bars, print_json, telling_problems
from app.demo import opening
from app.simulate.campaign import Campaign, Done, Story, Told, furnish, strikes_of
from app.simulate.plan import Plan
from app.simulate.report import markdown, show
from app.simulate.site import Site, SiteFailed

_MOST_OFFICERS = 40


def simulate(  # noqa: PLR0913 - the options of a command
    *,
    devices: Annotated[int, typer.Option(help="Devices of the fleet.", min=2)] = 200,
    documents: Annotated[int, typer.Option(help="Documents that they collect.", min=1)] = 4000,
    days: Annotated[int, typer.Option(help="Days in the field.", min=1)] = 2,
    seed: Annotated[int, typer.Option(help="The same seed gives the same fleet.")] = 3375,
    faults: Annotated[
        float, typer.Option(help="Share of requests that meet a fault.", min=0, max=0.9)
    ] = 0.2,
    server: Annotated[
        str, typer.Option(help="Address of an office of inventions that runs already.")
    ] = "",
    campaign: Annotated[
        bool, typer.Option("--campaign", help="Kill, burn and restore the office meanwhile.")
    ] = False,
    disk_full: Annotated[
        bool, typer.Option("--disk-full", help="Fill the disk of --home up as well; at most 4 GB.")
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option(help="Directory for the fleet's own office; made if it is not there."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="File for a report in Markdown.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Let a fleet collect and send over bad lines, and account for every receipt.

    Without --server it works against an office of its own, in a temporary directory. Exit code 1
    where anything acknowledged is missing, doubled or stuck.

    Example: se2026 simulate --devices 1000 --documents 20000 --campaign --report figures.md
    """
    if server and (campaign or disk_full):
        OUT.print("An office that runs is not hurt: --campaign is for the fleet's own.")
        raise typer.Exit(MISUSED)
    officers = min(max(2, devices // 2), _MOST_OFFICERS)
    plan = Plan(seed, devices, documents, days, faults, officers)
    failures = (opening.OpeningFailed, SiteFailed, FileExistsError)
    with (
        telling_problems("en", *failures),
        tempfile.TemporaryDirectory(prefix="se2026-fleet-") as phones,
        _progress() as progress,
    ):
        bars = Bars(progress)
        if server:
            done = _at_work(server, plan, Path(phones), bars.tell)
        else:
            strikes = strikes_of(plan, campaign=campaign, disk_full=disk_full)
            done = _of_its_own(home, plan, Path(phones), bars.tell, strikes)
    told = done.as_json()
    if report is not None:
        report.write_text(markdown(told, done.verdict, done.blows))
    if as_json:
        print_json(told)
    else:
        show(OUT, done.verdict, done.blows)
    if not done.good:
        raise typer.Exit(FAILED)


def _at_work(server: str, plan: Plan, phones: Path, told: Told) -> Done:
    """Try an office that serves already; its database is the configured one."""
    with open_office() as office:
        story = furnish(office, plan)
        return Campaign(plan, story, phones, told).against(office, server)


def _of_its_own(
    home: Path | None, plan: Plan, phones: Path, told: Told, strikes: Mapping[int, str]
) -> Done:
    """Try an office that is made for this, and is gone afterwards; its log stays if it failed."""
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="se2026-office-", dir=home, ignore_cleanup_errors=True
    ) as folder:
        site, done = Site(Path(folder)), None
        try:
            stories: list[Story] = []
            site.furnish(lambda office: stories.append(furnish(office, plan)))
            site.start()
            done = Campaign(plan, stories[0], phones, told).at(site, strikes)
            return done
        finally:
            if done is None or not done.good:
                ERR.print(f"What the office said is kept in {site.keep_log()}")
            site.close()


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=ERR,
    )
