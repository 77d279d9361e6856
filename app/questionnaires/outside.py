"""Commands for anybody with a form and submissions in files: no office, no database."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from app.core.clock import JAKARTA, utc_now
from app.core.terminal import ERR, FAILED, MISUSED, OUT, print_json
from app.questionnaires.judging import as_line, judge_of, missing_lists, named_files, reports
from app.questionnaires.sources import (
    differs,
    folder_of,
    media_beside,
    open_form,
    open_source,
    read_file,
    write_files,
)
from forms.compile import Compiled, compile_source
from forms.errors import FormsError
from forms.findings import Report
from forms.lint import Remark, lint
from forms.places import DefinitionError
from forms.workbook_unfold import unfold
from forms.xform import read_xform

_MEDIA_HELP = "Folder with the form's lists; else `media` or `<form>-media` beside the form."
_COLOURS = {"error": "red", "warning": "yellow", "advice": "cyan"}

Media = Annotated[Path | None, typer.Option("--media", help=_MEDIA_HELP)]
Language = Annotated[str, typer.Option(help="Language of messages: id or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def compile_form(
    xlsform: Annotated[
        str, typer.Argument(help="An .xlsx or .md file, a folder, or a name such as se2026_l.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder to write form.xml and media to.")],
    media: Media = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Compile an XLSForm: writes form.xml and, in media/, its lists; says what is doubtful.

    Ends with 0 when the form compiles, 1 when it does not, 2 when it was called wrongly.

    Example: se2026 forms compile survey.xlsx --out build/survey
    """
    with telling_faults(FAILED, language):
        source = open_source(xlsform)
        compiled = compile_source(source, lists=media_beside(xlsform, media), beyond=True)
        remarks = lint(source, compiled)
        unsupported = _unsupported(compiled)
        written = _write(compiled, out)
    if as_json:
        print_json(
            {
                "form_id": compiled.form_id,
                "version": compiled.version,
                "title": compiled.title,
                "files": [str(path) for path in written],
                "warnings": list(compiled.warnings),
                "remarks": [as_object(remark) for remark in remarks],
                "unsupported": unsupported,
            }
        )
        return
    for path in written:
        OUT.print(str(path), markup=False, highlight=False, soft_wrap=True)
    for warning in compiled.warnings:
        OUT.print(f"[yellow]{escape(warning)}[/yellow]")
    print_remarks(remarks, language)
    if unsupported:
        OUT.print(f"[red]This engine does not judge it: {escape(unsupported)}[/red]")


def validate_submissions(
    form: Annotated[
        str, typer.Argument(help="An XForm (.xml), .xlsx or .md file, a folder, or a name.")
    ],
    submissions: Annotated[
        list[str],
        typer.Argument(
            help="Files or folders of submissions; - reads names from standard input, "
            "@list.txt from a file, one a line."
        ),
    ],
    *,
    media: Media = None,
    language: Language = "en",
    as_json: AsJson = False,
    now: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"],
            help="Moment for documents that record neither start nor end; else the present.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 when any submission is invalid.")
    ] = False,
) -> None:
    """Judge submissions by the rules of a form, as the server does.

    With --json one line for each submission, in order: file, valid, findings (path, rule,
    severity, message) and values (the recalculated value of every relevant question, by path).
    Bytes that are no submission get a line too: not valid, rule "unknown", path "/".

    Ends with 0 when the form could be used, however the submissions fare (1 with --strict when
    one is invalid), and with 2 when the form or its lists cannot be read.

    Example: se2026 forms validate form.xml --media media submissions/*.xml --json
    """
    with telling_faults(MISUSED, language):
        tree, lists = open_form(form, media_beside(form, media))
        judge = judge_of(tree, lists, language, _moment(now))
        for name in missing_lists(tree, lists):
            ERR.print(
                f"The list {name} is not here, so answers from it are not checked. "
                "Give its folder with --media.",
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
        sound = True
        for name, report in reports(named_files(submissions, sys.stdin), judge):
            sound = sound and report.valid
            if as_json:
                line = json.dumps(as_line(name, report), ensure_ascii=False)
                sys.stdout.write(line.encode("utf-8", "replace").decode() + "\n")
            else:
                _print_report(name, report)
    if strict and not sound:
        raise typer.Exit(FAILED)


def export_workbook(
    source: Annotated[
        str, typer.Argument(help="A questionnaire such as se2026_l, a folder, or an .md file.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="Workbook to write, such as l.xlsx.")],
    language: Language = "en",
) -> None:
    """Write a questionnaire's tables as an Excel workbook, for people who edit them there.

    Example: se2026 forms export-xlsx se2026_l --out se2026_l.xlsx
    """
    from forms.workbook_write import write_folder, write_source

    with telling_faults(FAILED, language):
        folder = folder_of(source)
        body = write_source(open_source(source)) if folder is None else write_folder(folder)
        write_files({out: body})
    OUT.print(f"{out}", markup=False, highlight=False, soft_wrap=True)


def import_workbook(
    workbook: Annotated[Path, typer.Argument(help="An XLSForm workbook (.xlsx).")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder of the definition to write.")],
    language: Language = "en",
) -> None:
    """Write a workbook back as a definition's folder; files that did not change stay as they are.

    A workbook made by export-xlsx gives back the files it was made of, with what people changed;
    any other XLSForm becomes one file for each sheet. Files of the folder that the workbook does
    not know are left alone, and named.

    Example: se2026 forms import-xlsx se2026_l.xlsx --out forms/definitions/se2026_l
    """
    with telling_faults(FAILED, language):
        files = unfold(read_file(workbook), workbook.name)
        changed = {out / name: body for name, body in files.items() if differs(out / name, body)}
        write_files(changed)
    for path in changed:
        OUT.print(f"{path}", markup=False, highlight=False, soft_wrap=True)
    OUT.print(f"{len(changed)} of {len(files)} files written.", highlight=False)
    strangers = sorted(
        path for path in out.rglob("*.md") if path.relative_to(out).as_posix() not in files
    )
    for path in strangers:
        OUT.print(
            f"{path} is not in the workbook; it was left alone.",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


@contextmanager
def telling_faults(code: int, language: str) -> Iterator[None]:
    """Say on standard error what a caller can mend, and end with `code`; no traceback."""
    try:
        yield
    except DefinitionError as error:
        ERR.print(error.told(language), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(code) from error
    except FormsError as error:
        ERR.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(code) from error
    except typer.Exit:
        raise
    except BrokenPipeError as error:  # whoever read the lines has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        raise typer.Exit(0) from error
    except Exception as error:  # a form of strangers may make anything stumble
        ERR.print(f"This form cannot be used ({type(error).__name__}).", style="red", markup=False)
        raise typer.Exit(code) from error


def as_object(remark: Remark) -> dict[str, object]:
    """Give a remark as a JSON object."""
    place = remark.place
    return {
        "code": remark.code,
        "severity": remark.severity,
        "file": place.file if place else "",
        "line": place.line if place else None,
        "column": place.column if place else "",
        "path": remark.path,
        "message": dict(remark.message),
        "advice": dict(remark.advice),
    }


def print_remarks(remarks: tuple[Remark, ...], language: str) -> None:
    """Print the linter's doubts, a line each."""
    for remark in remarks:
        colour = _COLOURS[remark.severity]
        OUT.print(
            f"[{colour}]{remark.code}[/{colour}] {escape(remark.told(language))}",
            highlight=False,
            soft_wrap=True,
        )


def _print_report(name: str, report: Report) -> None:
    mark = "[green]valid[/green]" if report.valid else "[red]invalid[/red]"
    OUT.print(f"{mark} {escape(name)}", highlight=False, soft_wrap=True)
    for finding in report.findings:
        told = f"  {finding.path}  {finding.rule}  {finding.message}"
        OUT.print(
            f"[{_COLOURS[finding.severity]}]{escape(told)}[/]", highlight=False, soft_wrap=True
        )


def _write(compiled: Compiled, folder: Path) -> list[Path]:
    """Write form.xml, and the lists to media/. Raises FormsError where that is not possible."""
    files = {folder / "form.xml": compiled.xform}
    files |= {folder / "media" / Path(name).name: body for name, body in compiled.media.items()}
    write_files(files)
    return list(files)


def _moment(now: datetime | None) -> datetime:
    """Give a moment with its zone; a bare day is in Jakarta."""
    moment = now or utc_now()
    return moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)


def _unsupported(compiled: Compiled) -> str:
    """Why our engine would refuse the form; empty where it does not."""
    try:
        read_xform(compiled.xform)
    except FormsError as error:
        return str(error)
    return ""
