"""What a simulation came to, as a table in Markdown and on a screen."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from app.simulate.mayhem import VISIBLE_WITHIN, Blow
from app.simulate.verdict import FAULTS, Verdict

_WORDS = {
    "collected": "Envelopes collected (each name and content once)",
    "acknowledged": "Acknowledged, counted on every phone",
    "in_journal": "Entries of submissions in the journal",
    "rivals": "of them rivals (one name, two contents)",
    "files": "Files that entries name",
    "purged": "Purged from phones, since a backup holds them",
    "missing": "**Acknowledged and missing**",
    "doubled": "**Doubled**",
    "stuck": "**Stuck**",
    "untrue": "Receipts that name another's position",
    "files_missing": "Files that are missing",
    "unasked": "Held, and collected by nobody",
    "unseen": "Held, and not among the documents",
    "behind": "Entries that a projection has not read",
    "skipped": "Entries that a projection could not take in",
    "broken": "Breaks in the chain of hashes",
}


def markdown(told: dict[str, Any], verdict: Verdict, blows: Sequence[Blow]) -> str:
    """Give the report as Markdown."""
    plan = told["plan"]
    lines = [
        (
            f"{plan['devices']} devices, {plan['documents']} documents, {plan['days']} days, "
            f"{plan['faults']:.0%} of all requests meet a fault; seed {plan['seed']}; "
            f"{told['seconds']:.0f} s in all."
        ),
        "",
        "| What | Count |",
        "|---|---:|",
        *(f"| {words} | {getattr(verdict, name)} |" for name, words in _WORDS.items()),
        *(
            f"| Sessions of devices: {name} | {told[name]} |"
            for name in ("sessions", "gave_up", "shut_out")
        ),
        *(f"| Line: {name} | {count} |" for name, count in told["mishaps"].items()),
        *(f"| Receipts told: {name} | {count} |" for name, count in told["outcomes"].items()),
    ]
    if blows:
        lines += ["", *_blows(blows)]
    return "\n".join(lines) + "\n"


def _blows(blows: Sequence[Blow]) -> list[str]:
    kinds: defaultdict[str, list[Blow]] = defaultdict(list)
    for each in blows:
        kinds[each.what].append(each)
    return [
        (
            "| What was done | Times | Up after (median, longest) | Then all visible after "
            f"(median, longest) | Within {VISIBLE_WITHIN:.0f} s | Entries lost by the office, "
            "and brought again |"
        ),
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {what} | {len(each)} | {_spread([one.up_after for one in each])} | "
            f"{_spread([one.visible_after for one in each])} | "
            f"{sum(one.in_time for one in each)} of {len(each)} | "
            f"{sum(one.lost for one in each)} |"
            for what, each in kinds.items()
        ),
    ]


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"{ordered[len(ordered) // 2]:.1f} s, {ordered[-1]:.1f} s"


def show(console: Console, verdict: Verdict, blows: Sequence[Blow]) -> None:
    """Print the verdict."""
    table = Table("What", "Count")
    for name, words in _WORDS.items():
        count = getattr(verdict, name)
        colour = "red" if name in FAULTS and count else "white"
        table.add_row(words.replace("**", ""), f"[{colour}]{count}[/{colour}]")
    console.print(table)
    for each in blows:
        colour = "green" if each.in_time else "red"
        console.print(
            f"[{colour}]Hour {each.hour}: {each.what}; up after {each.up_after:.1f} s, all visible "
            f"{each.visible_after:.1f} s later.[/{colour}]"
        )
    for example in verdict.examples:
        console.print(f"[red]{example}[/red]")
    good = "[green]Nothing lost, nothing doubled, nothing stuck.[/green]"
    console.print(good if verdict.good else "[red]Not every receipt is accounted for.[/red]")
