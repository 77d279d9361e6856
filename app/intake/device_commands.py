"""`se2026 sync`: the device side from the command line."""

import os
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
        done = _by_openrosa(held, openrosa) if openrosa else _by_batch(held, server, user)
    report = done.report
    outcomes = {str(name): count for name, count in report.outcomes.items() if count}
    told = {"outcomes": outcomes, "pulled": done.pulled, "missing": list(done.missing)}
    if as_json:
        print_json({**asdict(report), **told})
    else:
        OUT.print(_sentence(done, outcomes))
    if report.left or report.set_aside or report.files_left or done.missing:
        raise typer.Exit(FAILED)


@dataclass(frozen=True, slots=True)
class _Done:
    """What was sent and fetched, and the instances that the server had once and has no more."""

    report: Report
    pulled: int = 0
    missing: Sequence[str] = ()


def _sentence(done: _Done, outcomes: dict[str, int]) -> str:
    report = done.report
    told = [f"{name} {count}" for name, count in outcomes.items()]
    told += [f"accepted {report.accepted}"] if report.accepted else []
    told += [f"left {report.left}", f"set aside {report.set_aside}", f"pulled {done.pulled}"]
    said = [", ".join(told), *([report.stopped] if report.stopped else [])]
    if done.missing:
        said.append(
            f"{len(done.missing)} that the server had taken are not there any more. What is still"
            " here goes with the next sync; tell your office of the others, --json names them"
        )
    return ". ".join(said)


def _by_batch(held: Spool, server: str, user: str) -> _Done:
    password = os.environ.get(PASSWORD) or typer.prompt("Password", hide_input=True)
    with httpx.Client(base_url=server, timeout=60, auth=Login(user, password)) as http:
        http.get("/api/v1/sync/keys")  # logs in: whoever mistyped learns of it at once
        device = _device(held, http)
        report = device.push()
        pulled = device.pull(lambda _changes: None)
        taken = set(held.answered())
        lost = () if report.stopped else (line for line in device.audit() if line in taken)
        return _Done(report, pulled, [line.instance_id for line in lost])


def _by_openrosa(held: Spool, address: str) -> _Done:
    with httpx.Client(timeout=60) as http:
        return _Done(_device(held, http).push_openrosa(f"{address.rstrip('/')}/submission"))


def _device(held: Spool, http: httpx.Client) -> Device:
    return Device(
        held,
        http,
        name="se2026-cli",
        clock=utc_now,
        sleep=time.sleep,
        chance=random.Random(),  # noqa: S311 - spreads retries
    )
