"""A desk where questionnaires of the project are filled in and checked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from forms.compile import compile_definition, definition
from forms.fill import fill
from forms.findings import Report
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.safexml import local_name
from forms.schema import Questionnaire
from forms.validate import validate
from forms.xform import read_xform

Answers = Mapping[str, str | Sequence[Mapping[str, str]]]

START = datetime(2026, 6, 20, 2, 30, tzinfo=UTC)
END = datetime(2026, 6, 20, 3, 5, tzinfo=UTC)
AREAS = {
    "kelurahan.csv": b"name,label\n3375030005,JENGGOT\n3375030012,BANYURIP\n",
    "wilayah.csv": (
        b"name,label,kelurahan,kecamatan\n"
        b"3375030005000100,RT 001 RW 001,3375030005,3375030\n"
        b"3375030012000100,RT 001 RW 001,3375030012,3375030\n"
    ),
}


class Desk:
    """Fills a form and checks what was filled."""

    def __init__(self, form: Questionnaire, lists: StaticLists) -> None:
        """Take the form and the lists of the office."""
        self.form, self.lists = form, lists

    def fill(self, answers: Answers) -> bytes:
        """Give the submission that a device makes of these answers."""
        return fill(
            self.form,
            answers,
            self.lists,
            instance_id="uuid:00000000-0000-4000-8000-000000000001",
            start=START,
            end=END,
            device_id="test",
        )

    def check(self, body: bytes) -> Report:
        """Judge a submission."""
        return validate(self.form, read_submission(body), self.lists)

    def findings(self, answers: Answers) -> list[tuple[str, str]]:
        """Rule and leaf of every finding, in the form's order."""
        report = self.check(self.fill(answers))
        return [(found.rule, found.path.rsplit("/", 1)[-1]) for found in report.findings]

    def answered(self, answers: Answers) -> set[str]:
        """Leaf names that hold an answer in the filled document."""
        return {leaf for leaf, value in self.values(answers).items() if value}

    def asked(self, answers: Answers) -> set[str]:
        """Leaf names that the filled document has, answered or not: what is not asked is absent."""
        root = read_submission(self.fill(answers)).root
        return {local_name(element) for element in root.iter("{*}*")}

    def questions(self) -> set[str]:
        """Names of all questions and notes."""
        shown = ("question", "note")
        return {node.name for node in self.form.nodes.values() if node.kind in shown}

    def values(self, answers: Answers) -> dict[str, str]:
        """Recalculated values by leaf name; of a repeat, those of its last instance."""
        values = self.check(self.fill(answers)).values
        return {path.rsplit("/", 1)[-1]: value for path, value in values.items()}


def open_desk(name: str, lists: Mapping[str, bytes] = AREAS) -> Desk:
    """Open the desk of a questionnaire with the lists of an office by file name."""
    compiled = compile_definition(definition(name), lists=lists)
    return Desk(read_xform(compiled.xform), tables(compiled.media))


def tables(media: Mapping[str, bytes]) -> StaticLists:
    """Read lists by file name."""
    return StaticLists(
        {name.removesuffix(".csv"): ListTable.from_csv(body) for name, body in media.items()}
    )
