"""`se2026 dedup`: find what is the same business, and learn from those who know the place."""

import typer

from app.dedup.evaluate_commands import make_truth
from app.dedup.link_commands import link
from app.dedup.model_commands import model
from app.dedup.refresh_commands import refresh
from app.dedup.train_commands import train

app = typer.Typer(help="One business, one record.", no_args_is_help=True)


@app.callback()
def dedup() -> None:
    """Find records of the same business, and say how sure that is."""


app.command("link")(link)
app.command("train")(train)
app.command("make-truth")(make_truth)
app.command("model")(model)
app.command("refresh")(refresh)
