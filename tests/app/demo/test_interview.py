"""Every invented document, through the real form engine."""

from collections import Counter
from collections.abc import Iterator

import pytest

from app.core.ids import named_id
from app.demo.answers import Answers
from app.demo.chance import chance
from app.demo.city import leaves
from app.demo.mistakes import MISTAKES, Mistake
from app.demo.persona import Visit
from forms.compile import compile_definition, definition
from forms.fill import fill
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.validate import Report, validate
from forms.xform import read_xform
from tests.app.demo.conftest import City


@pytest.fixture(scope="module")
def form() -> Questionnaire:
    return read_xform(compile_definition(definition("se2026_l")).xform)


@pytest.fixture(scope="module")
def lists(city: City) -> StaticLists:
    kbli = (definition("se2026_l").parent / "lists/kbli.csv").read_bytes()
    return StaticLists(
        {
            "kbli": ListTable.from_csv(kbli),
            "kelurahan": ListTable({"name": a.code} for a in city.areas if len(a.code) == 10),
            "wilayah": ListTable(
                {"name": area.code, "kelurahan": area.code[:10]} for area in leaves(city.areas)
            ),
            "usaha": ListTable(
                {"name": firm.unit_id, "idsubsls": firm.idsubsls} for firm in city.firms
            ),
        }
    )


def checked(form: Questionnaire, lists: StaticLists, visit: Visit, answers: Answers) -> Report:
    body = fill(
        form,
        answers,
        lists,
        instance_id=f"uuid:{named_id(visit.instance_seed)}",
        start=visit.start,
        end=visit.end,
        device_id="demo",
    )
    return validate(form, read_submission(body), lists)


def found_by(mistake: Mistake, report: Report) -> Iterator[str]:
    for finding in report.findings:
        leaf = finding.path.rpartition("/")[2]
        if (leaf, finding.rule, finding.severity) == (mistake.leaf, mistake.rule, mistake.severity):
            yield finding.path


def test_the_whole_day_is_as_good_as_its_officers_say(
    form: Questionnaire, lists: StaticLists, city: City
) -> None:
    sizes: Counter[str] = Counter()
    for visit in city.visits:
        report = checked(form, lists, visit, visit.answers)
        sizes[report.values.get("/data/revenue/size_class", "")] += 1
        if visit.mistake is None:
            assert report.findings == (), visit.instance_seed
        else:
            assert list(found_by(MISTAKES[visit.mistake], report)), visit.instance_seed
    assert sizes["micro"] > 0.9 * (sizes.total() - sizes[""])
    assert sizes["small"] > 3


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_by_its_rule_and_only_hurts_what_depends_on_it(
    name: str, form: Questionnaire, lists: StaticLists, city: City
) -> None:
    mistake = MISTAKES[name]
    good = [v for v in city.visits if v.mistake is None and v.answers["presence"] in ("1", "2")]
    tried = 0
    for visit in good[:60]:
        told = {leaf: said for leaf, said in visit.answers.items() if isinstance(said, str)}
        told["elsewhere"] = next(
            area.code for area in leaves(city.areas) if area.code[:10] != visit.idsubsls[:10]
        )
        if mistake.fits(told):
            tried += 1
            changed = mistake.made(chance(name, visit.instance_seed), told)
            report = checked(form, lists, visit, {**visit.answers, **changed})
            assert list(found_by(mistake, report)), visit.instance_seed
            assert len(report.findings) <= 3, report.findings
    assert tried > 5
