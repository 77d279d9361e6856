"""`se2026 fieldwork`: assign sub-SLS and announce, on behalf of somebody who may."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from app.auth.actor import Actor, actor_of
from app.auth.scope import NATION
from app.auth.service import account_named
from app.core.clock import JAKARTA
from app.core.db import reading, writing
from app.core.ids import new_id
from app.core.office import Office, open_office
from app.core.settings import settings
from app.core.terminal import print_json, telling_problems
from app.fieldwork import service
from app.fieldwork.schemas import AnnouncementIn, AssignmentIn, AssignmentsIn

app = typer.Typer(no_args_is_help=True, help="Who works where, and what officers are told.")
By = Annotated[str, typer.Option(help="User name of the supervisor or admin who says it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]
_DAY = ["%Y-%m-%d"]


@app.command()
def assign(
    sub_sls: Annotated[list[str], typer.Argument(help="Sub-SLS, 16 digits each.")],
    by: By,
    officer: Annotated[
        str | None, typer.Option(help="User name of the enumerator; without one nobody works it.")
    ] = None,
    note: Annotated[str, typer.Option(help="What the officer should know.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Let an enumerator work these sub-SLS from now on; who did before does no longer.

    Example: se2026 fieldwork assign 3375030005000100 --officer siti --by budi
    """
    wanted = [AssignmentIn(idsubsls=code, officer=officer, note=note) for code in sub_sls]
    with _on_behalf(by) as (office, session, actor):
        told = AssignmentsIn(decision_id=new_id(), assignments=wanted)
        said = service.assign(session, actor, told, office.clock())
    if as_json:
        print_json([each.model_dump() for each in said])
        return
    for code, each in zip(sub_sls, said, strict=True):
        typer.echo(f"{code}: {officer or '-'} ({each.lane}/{each.position})")


@app.command("list")
def list_assignments(
    area: Annotated[str, typer.Argument(help="BPS code; all of them without one.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List who works which sub-SLS.

    Example: se2026 fieldwork list 3375030005
    """
    with telling_problems(), open_office() as office, reading(office.engine) as session:
        found, after = [], ""
        while True:
            page = service.assignments(session, NATION, area, after=after, limit=1000)
            found += page.items
            if page.next_after is None:
                break
            after = page.next_after
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        typer.echo(f"{each.idsubsls}  {each.officer:24} {each.display_name}")


@app.command()
def announce(  # noqa: PLR0917 - options of a command
    area: Annotated[str, typer.Argument(help="BPS code of 4 digits or more.")],
    title: Annotated[str, typer.Argument(help="A few words.")],
    text: Annotated[str, typer.Argument(help="What everybody there should know.")],
    by: By,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day; today.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--until", formats=_DAY, help="Last day; the first.")
    ] = None,
) -> None:
    """Tell something to all who work in an area.

    Example: se2026 fieldwork announce 3375 "Rapat" "Besok pukul 8 di kantor." --by admin
    """
    with _on_behalf(by) as (office, session, actor):
        begins = first.date() if first else office.clock().astimezone(JAKARTA).date()
        told = AnnouncementIn(
            announcement_id=new_id(),
            title=title,
            text=text,
            area=area,
            valid_from=begins,
            valid_until=last.date() if last else begins,
        )
        said = service.announce(session, actor, told, office.clock())
    typer.echo(f"{told.announcement_id} ({said.lane}/{said.position})")


@contextmanager
def _on_behalf(user_name: str) -> Iterator[tuple[Office, Session, Actor]]:
    """Open the office for one transaction of an account, with its role and areas."""
    with telling_problems():
        language = settings().language
    with (
        telling_problems(language),
        open_office() as office,
        writing(office.engine) as session,
    ):
        yield office, session, actor_of(account_named(session, user_name, NATION))
