"""`se2026 release`: write clean, documented microdata."""

from typing import Annotated

import typer
from rich.progress import Progress

from app.auth.scope import Scope
from app.core.db import writing
from app.core.office import open_office
from app.core.terminal import ERR, OUT, print_json, telling_problems
from app.export import service


def release(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write the approved documents as CSV with labels, codebook and checksums.

    The same position of the journal gives the same files and the same digest again.

    Example: se2026 release
    """
    with telling_problems(), open_office() as office, Progress(console=ERR) as progress:
        task = progress.add_task("Writing documents", total=None)
        with writing(office.engine) as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            made = service.release(
                session,
                Scope.of([office.settings.regency]),
                office.settings.regency,
                settings=office.settings,
                actor="command",
                now=office.clock(),
                told=lambda count: progress.update(task, completed=count),
            )
        path = office.settings.data_dir / made.path
    if as_json:
        print_json({"path": str(path), "digest": made.digest, "rows": made.row_counts})
    else:
        OUT.print(f"{path}\nsha256 of SHA256SUMS: {made.digest}\nrows: {made.row_counts}")
