"""What commands share: where they print, and how they end when something is wrong."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

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
    except PostgresUnavailable as error:
        ERR.print(f"[red]{error}[/red]")
        raise typer.Exit(FAILED) from error
    except more as error:
        ERR.print(f"[red]{error}[/red]")
        raise typer.Exit(FAILED) from error

