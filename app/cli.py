"""The command `se2026`."""

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Annotated, Any, Final, ParamSpec

import structlog
import typer
from typer.core import TyperGroup
from typer.main import get_command

#: Where a command lives; what stands behind the first joins its group.
ROOMS: Final = {
    "demo": ("app.demo.commands:demo",),
    "areas": ("app.areas.commands:app",),
    "prelist": ("app.registry.commands:app",),
    "users": ("app.auth.commands:app", "app.web.setup_code_commands:qr"),
    "fieldwork": ("app.fieldwork.commands:app",),
    "forms": ("app.questionnaires.commands:app", "app.web.codebook_commands:codebook"),
    "sync": ("app.intake.device_commands:sync",),
    "simulate": ("app.simulate.commands:simulate",),
    "coverage": ("app.coverage.commands:show",),
    "dedup": ("app.dedup.commands:app", "app.web.evaluation_commands:evaluate"),
    "journal": ("app.journal_commands:app",),
    "backup": ("app.backup.commands:app",),
    "restore": ("app.backup.commands:restore_all",),
    "release": ("app.export.commands:release",),
}
READERS: Final = {"coverage", "release"}  # of projections, which must have read all first

P = ParamSpec("P")


class House(TyperGroup):
    """A group whose rooms are opened when their command is called: each brings much with it."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - a type of typer's own, private
        """Give the names of all commands."""
        return [*ROOMS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as above
        """Give a command by its name; None for one that there is not."""
        if cmd_name not in self.commands and cmd_name in ROOMS:
            self.commands[cmd_name] = get_command(_opened(cmd_name))
            self.commands[cmd_name].name = cmd_name
        return super().get_command(ctx, cmd_name)


def _opened(name: str) -> typer.Typer:
    first, *others = (_found(where) for where in ROOMS[name])
    room = typer.Typer(add_completion=False)
    if isinstance(first, typer.Typer):
        room.info, room.registered_callback = first.info, first.registered_callback
        room.registered_commands = [*first.registered_commands]
        room.registered_groups = [*first.registered_groups]
    else:
        room.command(name)(brought_up(first) if name in READERS else first)
    for other in others:
        room.command(other.__name__)(other)
    return room


def _found(where: str) -> Any:  # noqa: ANN401 - a group, or the function of a command
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def brought_up(command: Callable[P, None]) -> Callable[P, None]:
    """Let a command that reads projections wait until they have read the whole journal."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from app.core.office import open_office
        from app.core.terminal import telling_problems
        from app.projections import settle

        with telling_problems(), open_office() as office:
            settle(office.engine)
        command(*args, **kwargs)

    return run


app = typer.Typer(
    cls=House,
    help="SE2026 Field: field data collection for Sensus Ekonomi 2026.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


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
    from app.backup.tie import begin_service
    from app.core.office import open_office
    from app.core.terminal import OUT, telling_problems
    from app.serving import serve as serve_office
    from sync.codecs.segment import BadSegment

    with telling_problems(), open_office() as office:
        with telling_problems(office.settings.language, BadSegment):
            raised = begin_service(office.engine, office.settings)
        if raised is not None:
            OUT.print(
                f"This database lacks entries that were there: epoch {raised} begins."
                if office.settings.language == "en"
                else f"Basis data ini kekurangan catatan yang pernah ada: masa {raised} dimulai."
            )
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
    from app import worker

    worker.work(parent)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    Example: se2026 migrate
    """
    from app.core.office import open_office
    from app.core.terminal import OUT, telling_problems

    with telling_problems(), open_office():
        OUT.print("The database is up to date.")


def main() -> None:
    """Run the command; what it prints is its answer, and what it logs goes beside that."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    app()


if __name__ == "__main__":
    main()
