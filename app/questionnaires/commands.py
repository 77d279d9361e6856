"""`se2026 forms`: check and publish questionnaires."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from app.core.db import writing
from app.core.office import open_office
from app.core.terminal import FAILED, OUT, print_json, telling_problems
from app.questionnaires import outside
from app.questionnaires.service import area_lists, publish
from app.questionnaires.sources import media_beside, open_form, open_source
from forms.compile import (
    Compiled,
    JavaMissing,
    compile_definition,
    compile_source,
    definition,
    odk_validate,
)
from forms.errors import FormsError
from forms.lint import lint
from forms.xform import read_xform

app = typer.Typer(
    help="Questionnaires: check, publish, compile, and judge submissions.", no_args_is_help=True
)
app.command("compile")(outside.compile_form)
app.command("validate")(outside.validate_submissions)
app.command("export-xlsx")(outside.export_workbook)
app.command("import-xlsx")(outside.import_workbook)

Source = Annotated[
    str, typer.Argument(help="A questionnaire of the project, such as se2026_l, or a folder.")
]
Checked = Annotated[
    str, typer.Argument(help="A questionnaire such as se2026_l, a folder, an .xlsx or .md file.")
]
Before = Annotated[
    str | None,
    typer.Option(help="The version before, as form or source: are old codes given new meanings?"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def check(
    source: Checked,
    *,
    before: Before = None,
    language: outside.Language = "en",
    as_json: AsJson = False,
) -> None:
    """Compile a questionnaire, lint it, and ask ODK Validate where Java is installed.

    Ends with 0 when it is sound, 1 when it does not compile, the linter finds an error or ODK
    Validate complains; warnings and advice alone do not fail.

    Example: se2026 forms check se2026_l --before published/form.xml
    """
    with outside.telling_faults(FAILED, language):
        tables = open_source(source)
        compiled = compile_source(tables, lists=media_beside(source, None))
        tree = read_xform(compiled.xform)
        complaints, by_odk = _odk_complaints(compiled)
        old = open_form(before, {})[0] if before else None
        remarks = lint(tables, compiled, before=old)
    told = {
        "form_id": compiled.form_id,
        "version": compiled.version,
        "nodes": len(tree.nodes),
        "languages": list(tree.languages),
        "warnings": list(compiled.warnings),
        "remarks": [outside.as_object(remark) for remark in remarks],
        "odk_validate": complaints if by_odk else None,
    }
    if as_json:
        print_json(told)
    else:
        OUT.print(f"{compiled.form_id} {compiled.version}: {len(tree.nodes)} nodes, compiled.")
        for warning in compiled.warnings:
            OUT.print(f"[yellow]{escape(warning)}[/yellow]")
        outside.print_remarks(remarks, language)
        OUT.print(_verdict(complaints, by_odk=by_odk))
    if complaints or any(remark.severity == "error" for remark in remarks):
        raise typer.Exit(FAILED)


@app.command("publish")
def publish_form(source: Source, *, as_json: AsJson = False) -> None:
    """Publish a questionnaire with the office's own area lists, or renew these lists.

    Example: se2026 forms publish se2026_l
    """
    with (
        telling_problems("en", FormsError),
        open_office() as office,
        writing(office.engine) as session,
    ):
        lists = area_lists(session, office.settings.regency)
        compiled = compile_definition(_folder(source), lists=lists)
        done = publish(session, compiled, actor="command", now=office.clock())
    if as_json:
        print_json(
            {
                "form_id": done.form_id,
                "version": done.version,
                "new": done.is_new,
                "renewed_lists": list(done.renewed_lists),
            }
        )
        return
    what = "published" if done.is_new else "was published already"
    lists_told = ", ".join(done.renewed_lists) or "none"
    OUT.print(f"{done.form_id} {done.version} {what}; lists renewed: {lists_told}.")


def _folder(source: str) -> Path:
    path = Path(source)
    return path if path.is_dir() else definition(source)


def _odk_complaints(compiled: Compiled) -> tuple[list[str], bool]:
    try:
        return odk_validate(compiled.xform, compiled.media), True
    except JavaMissing:
        return [], False


def _verdict(complaints: list[str], *, by_odk: bool) -> str:
    if not by_odk:
        return "[yellow]ODK Validate was not asked: it needs Java.[/yellow]"
    if complaints:
        return "[red]ODK Validate: " + "\n".join(complaints) + "[/red]"
    return "[green]ODK Validate accepts it.[/green]"
