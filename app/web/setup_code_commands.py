"""`se2026 users qr`: a code that sets up an officer's ODK Collect, on the terminal or as a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.auth import service
from app.auth.commands import AUDITED_AS
from app.auth.scope import NATION
from app.core.db import writing
from app.core.office import open_office
from app.core.settings import settings
from app.core.terminal import OUT, telling_problems
from app.questionnaires.collect_settings import as_png, collect_settings, draw_on


def qr(
    user: Annotated[str, typer.Argument(metavar="USER", help="The user name.")],
    png: Annotated[
        Path | None, typer.Option(help="Write the code to this file; `-`: standard output.")
    ] = None,
    *,
    text: Annotated[
        bool, typer.Option("--text", help="Print what the code says instead of drawing it.")
    ] = False,
) -> None:
    """Print the QR code by which ODK Collect sets itself up, with a new token shown this once.

    Example: se2026 users qr siti --png siti.png
    """
    with telling_problems():
        language = settings().language
    with telling_problems(language), open_office() as office, writing(office.engine) as session:
        known = service.account_named(session, user, NATION)
        token = service.issue_openrosa_token(
            session, known.id, actor=AUDITED_AS, now=office.clock()
        )
        server = f"{office.settings.public_url.rstrip('/')}/openrosa/{token}"
    code = collect_settings(server, f"SE2026 {known.places[0][:4]}".strip())
    if text:
        typer.echo(code)
    elif png is None:
        draw_on(sys.stdout, code)
    elif str(png) == "-":
        sys.stdout.buffer.write(as_png(code))
    else:
        png.write_bytes(as_png(code))
        OUT.print(str(png), markup=False, highlight=False)
