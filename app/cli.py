"""The command `se2026`."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, ParamSpec

import structlog
import typer

from app import journal_commands, worker
from app.areas.commands import app as areas
from app.auth.commands import app as users
from app.backup.commands import app as backup
from app.backup.commands import restore_all
from app.backup.tie import begin_service
from app.backup.vault import NoBackup
from app.core.office import open_office
from app.core.terminal import OUT, telling_problems
from app.coverage.commands import show as coverage
from app.dedup.commands import app as dedup
from app.demo.commands import demo
from app.export.commands import release
from app.fieldwork.commands import app as fieldwork
from app.intake.device_commands import sync
from app.projections import settle
from app.questionnaires.commands import app as forms
from app.registry.commands import app as prelist
from app.serving import serve as serve_office
from app.simulate.commands import simulate
from app.web.codebook_commands import codebook
from app.web.evaluation_commands import evaluate
from app.web.setup_code_commands import qr
from sync.codecs.segment import BadSegment

app = typer.Typer(
    help="SE2026 Field: field data collection for Sensus Ekonomi 2026.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(demo)

P = ParamSpec("P")


def brought_up(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command that reads projections wait until they have read the whole journal."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with telling_problems(), open_office() as office:
            settle(office.engine)
        command(*args, **kwargs)

    return run


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8026,
    processes: Annotated[int, typer.Option(help="Web processes.", min=1)] = 1,
) -> None:
    """Serve the pages and the doors, with a worker beside.

    Example: se2026 serve --host 0.0.0.0 --port 8026
    """
    with telling_problems("en", BadSegment, NoBackup), open_office() as office:
        raised = begin_service(office.engine, office.settings)
        if raised is not None:
            OUT.print(f"This database lacks entries that were there: epoch {raised} begins.")
        OUT.print(f"http://{host}:{port}")
        serve_office(office.settings, host, port, processes=processes)


@app.command("worker")
def run_worker(
    *,
    parent: Annotated[int | None, typer.Option(hidden=True, help="End with this process.")] = None,
) -> None:
    """Keep the projections up with the journal; `se2026 serve` starts one by itself.

    Example: se2026 worker
    """
    worker.work(parent)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    Example: se2026 migrate
    """
    with telling_problems(), open_office():
        OUT.print("The database is up to date.")


app.add_typer(areas, name="areas")
app.add_typer(prelist, name="prelist")
users.command("qr")(qr)
app.add_typer(users, name="users")
app.add_typer(fieldwork, name="fieldwork")
forms.command("codebook")(codebook)
app.add_typer(forms, name="forms")
app.command("sync")(sync)
app.command("simulate")(simulate)
app.command("coverage")(brought_up(coverage))
dedup.command("evaluate")(evaluate)
app.add_typer(dedup, name="dedup")
app.add_typer(journal_commands.app, name="journal")
app.add_typer(backup, name="backup")
app.command("restore")(restore_all)
app.command("release")(brought_up(release))


def main() -> None:
    """Run the command; what it prints is its answer, and what it logs goes beside that."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    app()


if __name__ == "__main__":
    main()
