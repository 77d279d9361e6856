"""`se2026 sync`: the device side from the command line."""

import os
import random
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import httpx
import typer

from app.core.clock import utc_now
from app.core.terminal import FAILED, MISUSED, OUT, print_json, telling_problems
from sync.client import Device, Login, Report, Spool
from sync.codecs.openrosa import read_envelope
from sync.errors import SyncError

PASSWORD = "SE2026_PASSWORD"  # noqa: S105 - the name of a variable


def sync(
    spool: Annotated[Path, typer.Option(help="Directory that keeps what is still to be sent.")],
    *,
    server: Annotated[str, typer.Option(help="Address of the service, for batch sync.")] = "",
    user: Annotated[str, typer.Option(help="User name, for batch sync.")] = "",
    openrosa: Annotated[str, typer.Option(help="Address with token, to send as ODK does.")] = "",
    again: Annotated[
        bool, typer.Option(help="Send once more what an OpenRosa server took before a restore.")
    ] = False,
    add: Annotated[list[Path] | None, typer.Option(help="Submission XML to put in first.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Send what a spool holds, and fetch what is new.

    The password is read from SE2026_PASSWORD, or asked for.

    Example: se2026 sync --spool ./spool --server http://127.0.0.1:8026 --user ppl01 --add a.xml
    """
    if bool(server and user) == bool(openrosa) or (again and not openrosa):
        OUT.print(
            "Please give either --server and --user, or --openrosa, which alone knows --again."
        )
        raise typer.Exit(MISUSED)
    with telling_problems("en", SyncError, OSError, httpx.HTTPError), Spool(spool) as held:
        for file in add or ():
            held.put(read_envelope(file.read_bytes()))
        if again:
            held.doubt_accepted()
        report, pulled = _by_openrosa(held, openrosa) if openrosa else _by_batch(held, server, user)
    outcomes = {str(name): count for name, count in report.outcomes.items() if count}
    told = {**asdict(report), "outcomes": outcomes, "pulled": pulled}
    if as_json:
        print_json(told)
    else:
        OUT.print(_sentence(report, outcomes, pulled))
    if report.left or report.set_aside or report.files_left:
        raise typer.Exit(FAILED)


def _sentence(report: Report, outcomes: dict[str, int], pulled: int) -> str:
    told = [f"{name} {count}" for name, count in outcomes.items()]
    told += [f"accepted {report.accepted}"] if report.accepted else []
    told += [f"left {report.left}", f"set aside {report.set_aside}", f"pulled {pulled}"]
    return ", ".join(told) + (f". {report.stopped}" if report.stopped else "")


def _by_batch(held: Spool, server: str, user: str) -> tuple[Report, int]:
    password = os.environ.get(PASSWORD) or typer.prompt("Password", hide_input=True)
    with httpx.Client(base_url=server, timeout=60, auth=Login(user, password)) as http:
        http.get("/api/v1/sync/keys")  # logs in: whoever mistyped learns of it at once
        device = _device(held, http)
        report = device.push()
        return report, device.pull(lambda _changes: None)


def _by_openrosa(held: Spool, address: str) -> tuple[Report, int]:
    with httpx.Client(timeout=60) as http:
        return _device(held, http).push_openrosa(f"{address.rstrip('/')}/submission"), 0


def _device(held: Spool, http: httpx.Client) -> Device:
    return Device(
        held,
        http,
        name="se2026-cli",
        clock=utc_now,
        sleep=time.sleep,
        chance=random.Random(),  # noqa: S311 - spreads retries
    )
