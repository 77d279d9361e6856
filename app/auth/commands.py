"""`se2026 users`: the office's own hand on accounts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from sqlmodel import Session

from app.areas import repository as areas
from app.auth import service
from app.auth.models import Role
from app.auth.repository import Known
from app.auth.scope import NATION
from app.core.db import reading, writing
from app.core.office import Office, open_office
from app.core.problems import Invalid
from app.core.settings import settings
from app.core.terminal import print_json, telling_problems

PASSWORD_VARIABLE = "SE2026_NEW_PASSWORD"  # noqa: S105 - its name, not a password
AUDITED_AS = "cli"

app = typer.Typer(no_args_is_help=True, help="Accounts: who may log in, as what, and where.")
UserName = Annotated[str, typer.Argument(metavar="USER", help="The user name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with JSON.")]


@app.command()
def add(
    user: UserName,
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    area: Annotated[
        list[str], typer.Option(help="BPS code that it answers for; may be repeated. '': nation.")
    ],
    name: Annotated[str, typer.Option(help="The name that others see.")] = "",
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Create an account. The password is asked for, or taken from SE2026_NEW_PASSWORD.

    Example: se2026 users add siti --role enumerator --area 3375010004 --name "Siti Contoh"
    """
    password = _new_password(from_stdin=password_stdin)
    with _office() as (office, session):
        _check_areas_exist(session, area)
        service.create_account(
            session,
            user_name=user,
            display_name=name or user,
            password=password,
            role=role,
            areas=area,
            actor=AUDITED_AS,
            now=office.clock(),
        )
    typer.echo(f"{user}: {role} {' '.join(area)}")


@app.command("list")
def list_command(*, as_json: AsJson = False) -> None:
    """List all accounts.

    Example: se2026 users list --json
    """
    with telling_problems(), open_office() as office, reading(office.engine) as session:
        found = service.accounts(session, NATION)
    if as_json:
        print_json([_told(known) for known in found])
        return
    for known in found:
        state = "" if known.is_active else "  (nonaktif / closed)"
        where = ",".join(code or "-" for code in known.areas)
        typer.echo(f"{known.user_name:24} {known.role:16} {where}{state}")


@app.command()
def password(
    user: UserName,
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Set a new password; who is logged in with the old one is out.

    Example: se2026 users password siti
    """
    chosen = _new_password(from_stdin=password_stdin)
    with _office() as (office, session):
        known = service.account_named(session, user, NATION)
        service.change_password(session, known.id, chosen, actor=AUDITED_AS, now=office.clock())
    typer.echo(f"{user}: ok")


@app.command()
def deactivate(user: UserName) -> None:
    """Close an account: it loses access at once.

    Example: se2026 users deactivate siti
    """
    with _office() as (office, session):
        known = service.account_named(session, user, NATION)
        service.deactivate(session, known.id, scope=NATION, actor=AUDITED_AS, now=office.clock())
    typer.echo(f"{user}: nonaktif / closed")


@app.command()
def token(
    user: UserName,
    *,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Revoke all tokens of the account instead.")
    ] = False,
) -> None:
    """Print the address for ODK Collect, with a new token: it is shown this once.

    Example: se2026 users token siti
    """
    with _office() as (office, session):
        known, now = service.account_named(session, user, NATION), office.clock()
        if revoke:
            count = service.revoke_openrosa_tokens(session, known.id, actor=AUDITED_AS, now=now)
            told = str(count)
        else:
            secret = service.issue_openrosa_token(session, known.id, actor=AUDITED_AS, now=now)
            told = f"{office.settings.public_url.rstrip('/')}/openrosa/{secret}"
    typer.echo(told)


@contextmanager
def _office() -> Iterator[tuple[Office, Session]]:
    """Open the office for one transaction; what is wrong is told, and nothing is changed."""
    with telling_problems():
        language = settings().language
    with (
        telling_problems(language),
        open_office() as office,
        writing(office.engine) as session,
    ):
        yield office, session


def _new_password(*, from_stdin: bool) -> str:
    """Get a password by a way that no process list and no shell history shows."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    asked: str = typer.prompt("Kata sandi / Password", hide_input=True, confirmation_prompt=True)
    return asked


def _check_areas_exist(session: Session, codes: list[str]) -> None:
    held = areas.states(session, NATION, [code for code in codes if code])
    unknown = [code for code in codes if code and code not in held]
    if unknown:
        raise Invalid(
            f"Wilayah {', '.join(unknown)} tidak ada: periksa kodenya, "
            "atau impor dahulu dengan `se2026 areas import`.",
            f"The area {', '.join(unknown)} does not exist: check the code, "
            "or import it first by `se2026 areas import`.",
            code="bad_area",
        )


def _told(known: Known) -> dict[str, Any]:
    return {
        "id": str(known.id),
        "user_name": known.user_name,
        "display_name": known.display_name,
        "role": known.role,
        "areas": list(known.areas),
        "is_active": known.is_active,
    }
