"""What the rules of SE2026-PSLS find: every branch, error and warning, by one changed answer."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from forms.instance import read_submission
from forms.validate import validate
from tests.support.any_sls_change import any_sls_change
from tests.support.desk import Desk, open_desk
from tests.support.sls_changes import (
    ELSEWHERE,
    FIRST,
    KELURAHAN,
    OFFICE,
    SECOND,
    THIRD,
    Answers,
    after,
    approved,
    before,
    decided,
    kept,
    merger,
    new_boundary,
    new_name,
    no_such_change,
    renumbered,
    split,
    split_into_sub_sls,
    variants,
    visit,
)

pytestmark = pytest.mark.unmeasured

Maker = Callable[[], Answers]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return open_desk("se2026_psls", OFFICE)


def changed(base: Maker, **changes: Any) -> Maker:
    return lambda: base() | changes


def in_row(base: Maker, repeat: str, **changes: Any) -> Maker:
    """The last instance of a repeat with other answers."""
    return lambda: base() | {repeat: [*base()[repeat][:-1], base()[repeat][-1] | changes]}


@pytest.mark.parametrize("name", sorted(variants()))
def test_every_invented_change_is_valid_and_beyond_doubt(desk: Desk, name: str) -> None:
    assert desk.findings(variants()[name]()) == []


@pytest.mark.parametrize("seed", range(40))
def test_any_change_is_valid_and_beyond_doubt(desk: Desk, seed: int) -> None:
    assert desk.findings(any_sls_change(Random(seed))) == []


# --- branches: what is asked, what is not ---------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (changed(merger, merged_with="", before=[before(90, 9)], after=[after(90, 9, **kept())]),
         ["merged_with"]),
        (changed(new_boundary, neighbours="", before=[before(90, 9)], after=[after(90, 9)]),
         ["neighbours"]),
        (changed(split, boundary_way=""), ["boundary_way"]),
        (changed(split, boundary_line=""), ["boundary_line"]),
        (changed(split, new_area=""), []),
        (changed(split, boundary_way="2"), ["sketch_photo"]),
        (changed(split, reasons="8"), ["reason_other"]),
        (changed(split, decree_no="", decree_date=""), ["decree_no", "decree_date"]),
        (changed(split, evidence_kinds="3", decree_no="", decree_date=""), []),
        (changed(split, evidence_photo=""), ["evidence_photo"]),
        (in_row(split, "after", code_origin=""), ["code_origin"]),
        (in_row(split, "after", code_origin="1", kept_code=""), ["kept_code"]),
        (in_row(split, "after", new_code=""), []),
        (in_row(changed(split, **approved()), "after", new_code=""), ["new_code"]),
        (in_row(new_name, "after", name_after=""), ["name_after"]),
        (changed(split, decision="1"), ["coordinator_name", "decision_date", "signature"]),
        (changed(split, **decided("2")), ["decision_note"]),
        (changed(split, **decided("3")), ["decision_note"]),
        (changed(split, geotag=""), ["geotag"]),
    ],
)  # fmt: skip
def test_a_branch_asks_for_what_it_needs(desk: Desk, answers: Maker, asked: list[str]) -> None:
    assert desk.findings(answers()) == [("required", name) for name in asked]


def test_a_new_name_asks_for_no_numbers_and_no_line(desk: Desk) -> None:
    answered = desk.answered(new_name() | {"before": [before(9, 9)], "boundary_way": "2"})
    assert {"name_after", "rt_head", "final_code"} <= answered
    assert answered.isdisjoint({"households_before", "households_after", "boundary_way"})
    assert answered.isdisjoint({"code_origin", "households_before_total"})


def test_a_merger_draws_no_line(desk: Desk) -> None:
    assert "boundary_way" not in desk.answered(merger() | {"boundary_way": "2"})


def test_a_new_boundary_keeps_codes_and_names(desk: Desk) -> None:
    values = desk.check(desk.fill(new_boundary())).values
    assert [values[f"/data/after[{n}]/final_code"] for n in (1, 2, 3)] == [
        FIRST[:14], SECOND[:14], THIRD[:14],
    ]  # fmt: skip
    assert values["/data/after[3]/final_label"] == "0003-00 RT 003 RW 001"
    assert "/data/after[1]/name_after" not in values


def test_a_visit_without_answers_has_no_respondent(desk: Desk) -> None:
    assert "respondent_name" in desk.answered(split())
    assert "respondent_name" not in desk.answered(no_such_change())


@pytest.mark.parametrize(
    ("answers", "leaf"),
    [
        (changed(split, idsubsls=ELSEWHERE), "idsubsls"),
        (changed(merger, merged_with=ELSEWHERE), "merged_with"),
        (changed(merger, merged_with=f"{FIRST} {SECOND}"), "merged_with"),
        (changed(new_boundary, neighbours=f"{ELSEWHERE} {THIRD}"), "neighbours"),
        (in_row(merger, "after", kept_code=THIRD), "kept_code"),
    ],
)
def test_only_sls_that_can_be_meant_are_offered(desk: Desk, answers: Maker, leaf: str) -> None:
    assert ("choice", leaf) in desk.findings(answers())


# --- what is computed -----------------------------------------------------------------------------


def test_the_name_before_comes_from_the_list_without_the_digits_of_the_map(desk: Desk) -> None:
    assert desk.values(new_name())["name_before"] == "RT 001 RW 001"


def test_every_sls_that_is_touched_has_its_numbers_before(desk: Desk) -> None:
    values = desk.check(desk.fill(merger())).values
    assert values["/data/affected"] == f"{FIRST} {SECOND}"
    assert [values[f"/data/before[{n}]/before_code"] for n in (1, 2)] == [FIRST, SECOND]
    assert desk.values(merger())["households_before_total"] == "55"


def test_codes_of_sub_sls_have_sixteen_digits(desk: Desk) -> None:
    values = desk.check(desk.fill(split_into_sub_sls())).values
    assert values["/data/after[3]/final_code"] == f"{KELURAHAN}000103"


def test_fewer_entries_than_parts_is_an_error(desk: Desk) -> None:
    body = desk.fill(split()).replace(
        b"<parts_after>2</parts_after>", b"<parts_after>3</parts_after>"
    )
    found = {(each.rule, each.path) for each in desk.check(body).findings}
    assert ("repeat", "/data/after") in found


# --- errors ---------------------------------------------------------------------------------------


def sub_code(code: str) -> Maker:
    return in_row(split_into_sub_sls, "after", new_code=code)


def new_code(code: str) -> Maker:
    return in_row(split, "after", new_code=code)


TEN = " ".join(f"{KELURAHAN}{number:04}00" for number in range(10, 20))
ERRORS: list[tuple[Maker, str]] = [
    (changed(merger, merged_with=TEN), "merged_with"),
    (changed(new_boundary, neighbours=TEN), "neighbours"),
    (in_row(split, "before", households_before="-1"), "households_before"),
    (in_row(split, "before", businesses_before="5001"), "businesses_before"),
    (changed(split, parts_after="1"), "parts_after"),
    (changed(split, parts_after="11"), "parts_after"),
    (new_code("3375030005000"), "new_code"),
    (new_code("3375030005000900"), "new_code"),
    (new_code("33750300120009"), "new_code"),
    (new_code("33750300050000"), "new_code"),
    (new_code("3375030005OOO9"), "new_code"),
    (sub_code("33750300050001"), "new_code"),
    (sub_code("3375030005000100"), "new_code"),
    (sub_code("3375030005000901"), "new_code"),
    (in_row(new_name, "after", name_after="RT 001 RW 001"), "name_after"),
    (in_row(split, "after", name_after="RT"), "name_after"),
    (in_row(split, "after", rt_head="B"), "rt_head"),
    (in_row(split, "after", rt_phone="62812"), "rt_phone"),
    (in_row(split, "after", rw_head="B"), "rw_head"),
    (in_row(split, "after", households_after="2001"), "households_after"),
    (in_row(split, "after", businesses_after="-1"), "businesses_after"),
    (changed(split, geotag="0 0 0 5"), "geotag"),
    (changed(split, boundary_line="-6.917 109.667 0 4; -6.917 109.66701 0 4"), "boundary_line"),
    (
        changed(
            split,
            new_area="-6.917 109.667 0 4; -6.917 109.66701 0 4; -6.91701 109.667 0 4; "
            "-6.917 109.667 0 4",
        ),
        "new_area",
    ),
    (changed(split, reasons="0 1"), "reasons"),
    (changed(split, reasons="8", reason_other="lain"), "reason_other"),
    (changed(split, effective_date="2024-12-31"), "effective_date"),
    (changed(split, effective_date="2027-06-23"), "effective_date"),
    (changed(split, evidence_kinds="0 3"), "evidence_kinds"),
    (changed(split, decree_no="1"), "decree_no"),
    (changed(split, decree_date="2026-06-21"), "decree_date"),
    (changed(split, decree_date="2014-12-31"), "decree_date"),
    (changed(split, visits_made="4"), "visits_made"),
    (changed(split, visit=[visit("1", "21")]), "visit_date"),
    (changed(split, visits_made="2", visit=[visit("3", "19"), visit("1", "18")]), "visit_date"),
    (changed(split, respondent_name="S"), "respondent_name"),
    (changed(split, respondent_phone="0812"), "respondent_phone"),
    (changed(no_such_change, **approved()), "decision"),
    (changed(split, **decided("3", "tidak")), "decision_note"),
    (changed(split, **approved() | {"coordinator_name": "K"}), "coordinator_name"),
    (changed(split, **approved() | {"decision_date": "2026-06-21"}), "decision_date"),
    (changed(split, **approved() | {"decision_date": "2026-06-19"}), "decision_date"),
]


@pytest.mark.parametrize(("answers", "leaf"), ERRORS)
def test_an_error_is_found(desk: Desk, answers: Maker, leaf: str) -> None:
    assert ("constraint", leaf) in desk.findings(answers())
    assert not desk.check(desk.fill(answers())).valid


def test_every_constraint_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in ERRORS}
    assert {node.name for node in desk.form.nodes.values() if node.constraint} == tried


@pytest.mark.parametrize("code", [f"{KELURAHAN}0004", f"{KELURAHAN}9999"])
def test_a_free_code_of_the_village_passes(desk: Desk, code: str) -> None:
    assert desk.findings(new_code(code)()) == []


def test_sub_sls_may_join_into_an_undivided_sls(desk: Desk) -> None:
    joined = renumbered(f"{KELURAHAN}000900", "RT 009 RW 001")
    assert desk.findings(merger() | {"level": "2", "after": [after(55, 7, **joined)]}) == []


STOPS: list[tuple[Maker, str]] = [
    (new_code(f"{KELURAHAN}0002"), "stop_taken"),
    (in_row(split, "after", **kept()), "stop_twice"),
    (
        changed(
            split,
            after=[after(100, 22, **renumbered()), after(80, 20, **renumbered())],
        ),
        "stop_twice",
    ),
    (in_row(split, "after", households_after="81"), "stop_households"),
    (in_row(merger, "before", households_before="24"), "stop_households"),
    (in_row(new_boundary, "after", businesses_after="31"), "stop_businesses"),
]


@pytest.mark.parametrize(("answers", "leaf"), STOPS)
def test_what_contradicts_itself_stops_the_form(desk: Desk, answers: Maker, leaf: str) -> None:
    assert set(desk.findings(answers())) == {("required", leaf)}


def test_every_stop_of_the_form_is_tried(desk: Desk) -> None:
    names = (node.name for node in desk.form.nodes.values())
    assert {name for name in names if name.startswith("stop_")} == {leaf for _, leaf in STOPS}


# --- warnings -------------------------------------------------------------------------------------

_FAR = "-6.917 109.667 0 4; -6.817 109.667 0 4"
_WIDE = "-6.917 109.667 0 4; -6.817 109.667 0 4; -6.817 109.767 0 4; -6.917 109.667 0 4"
FIVE = [after(40, 8, **kept())] + [
    after(
        35,
        8 if number > 5 else 10,
        **renumbered(f"{KELURAHAN}000{number}", f"RT 00{number} RW 009"),
    )
    for number in (5, 6, 7, 8)
]
DOUBTS: list[tuple[Maker, str]] = [
    (
        changed(
            split,
            before=[before(301, 42)],
            after=[after(201, 22, **kept()), after(100, 20, **renumbered())],
        ),
        "households_before",
    ),
    (changed(split, parts_after="5", after=FIVE), "parts_after"),
    (in_row(split, "after", name_after="KAMPUNG CONTOH"), "name_after"),
    (
        changed(split, after=[after(172, 22, **kept()), after(8, 20, **renumbered())]),
        "households_after",
    ),
    (changed(split, geotag="-6.917189 109.667401 12.0 60"), "geotag"),
    (changed(split, boundary_line=_FAR), "boundary_line"),
    (changed(split, new_area=_WIDE), "new_area"),
    (changed(split, reasons="0"), "reasons"),
    (changed(split, effective_date="2026-07-01"), "effective_date"),
    (changed(split, evidence_kinds="0"), "evidence_kinds"),
    (changed(split, effective_date="2026-02-01"), "decree_date"),
    (changed(split, visit=[{"visit_date": "2026-04-30", "visit_result": "1"}]), "visit_date"),
    (changed(split, consent="2"), "consent"),
    (changed(new_boundary, **approved()), "decision"),
]


@pytest.mark.parametrize(("answers", "leaf"), DOUBTS)
def test_a_doubt_is_a_warning_and_the_document_stays_valid(
    desk: Desk, answers: Maker, leaf: str
) -> None:
    assert desk.findings(answers()) == [("warning", leaf)]
    assert desk.check(desk.fill(answers())).valid


def test_every_warning_of_the_form_is_tried(desk: Desk) -> None:
    tried = {leaf for _, leaf in DOUBTS}
    assert {node.name for node in desk.form.nodes.values() if node.warning} == tried


def test_a_message_comes_in_the_language_asked_for(desk: Desk) -> None:
    submission = read_submission(desk.fill(new_code(f"{KELURAHAN}0002")()))
    (indonesian,) = validate(desk.form, submission, desk.lists, language="id").findings
    (english,) = validate(desk.form, submission, desk.lists, language="en").findings
    assert indonesian.message.startswith("Tulis nomor berikutnya")
    assert english.message.startswith("Write the next number")
