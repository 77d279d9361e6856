"""What commands share: where they print, and how they end when something is wrong."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress, TaskID
from sqlalchemy.exc import OperationalError

from app.core.postgres import PostgresUnavailable
from app.core.problems import Problem

OUT = Console()
ERR = Console(stderr=True)

FAILED = 1  # what was asked for is not so, or could not be done
MISUSED = 2  # the command was called wrongly; typer's own code


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


@contextmanager
def telling_problems(language: str = "en", *more: type[Exception]) -> Iterator[None]:
    """Turn what a caller can mend into a sentence and an exit code, without a traceback."""
    try:
        yield
    except Problem as problem:
        ERR.print(f"[red]{problem.told(language)}[/red]")
        raise typer.Exit(FAILED) from problem
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in each["loc"]).upper()
            ERR.print(f"[red]SE2026_{name}: {each['msg']}. See docs/settings.md.[/red]")
        raise typer.Exit(MISUSED) from error
    except OperationalError as error:
        ERR.print(f"[red]The database cannot be reached: {error.orig}[/red]")
        ERR.print("Please check SE2026_DATABASE_URL, and that PostgreSQL is running.")
        raise typer.Exit(FAILED) from error
    except PostgresUnavailable as error:
        ERR.print(f"[red]{error}[/red]")
        raise typer.Exit(FAILED) from error
    except more as error:
        ERR.print(f"[red]{error}[/red]")
        raise typer.Exit(FAILED) from error


class Bars:
    """A bar for each part of something that takes long."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        """Move the bar of a part."""
        if what not in self._bars:
            self._bars[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._bars[what], completed=done, total=total)
