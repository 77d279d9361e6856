# ruff: noqa: RUF001 - the sentences quote labels as print does
import pytest

from forms.codebook.book import Codebook, codebook
from forms.compile import compile_definition, definition, definitions
from forms.xform import read_xform
from tests.support.questionnaires import questionnaire

CHOICES = """
    | list_name | name | label::Bahasa Indonesia (id) | label::English (en) |
    | result    | 1    | Ditemukan                    | Found               |
    | result    | 2    | Baru                         | New                 |
    | result    | 3    | Tutup                        | Closed              |
    | yn        | 1    | Ya                           | Yes                 |
    | yn        | 2    | Tidak                        | No                  |
    | use       | a    | Pesanan                      | Orders              |
    | use       | b    | Promosi                      | Promotion           |
    | use       | z    | Tidak ada                    | None                |"""
HEAD = """
    | type              | name     | label::Bahasa Indonesia (id) | label::English (en) |
    | select_one result | presence | Hasil kunjungan              | Result of the visit |
    | select_one yn     | has_nib  | Punya NIB                    | Has an NIB          |
    | integer           | age      | Umur                         | Age                 |
    | integer           | men      | Laki-laki                    | Men                 |
    | integer           | women    | Perempuan                    | Women               |
    | date              | begun    | Mulai                        | Begun               |
    | select_multiple use | uses   | Kegunaan                     | Uses                |
    | text              | code     | Kode                         | Code                |"""
RULES = ("relevant", "constraint", "required", "calculation")


def book(more: str) -> Codebook:
    """The codebook of the questions above and one more, `q`: `column: rule` for each line."""
    cells = dict(line.strip().split(": ", 1) for line in more.strip().splitlines())
    kind = cells.pop("type", "integer")
    head = "\n".join(f"{line} {' | '.join(RULES)} |" for line in HEAD.strip().splitlines()[:1])
    empty = " |" * len(RULES)
    rows = [f"{line}{empty}" for line in HEAD.strip().splitlines()[1:]]
    rules = " | ".join(cells.get(rule, "") for rule in RULES)
    rows.append(f"| {kind} | q | Tanya | Ask | {rules} |")
    return codebook(questionnaire("\n".join([head, *rows]), CHOICES))


def universe(relevant: str) -> tuple[str, str]:
    return words(f"relevant: {relevant}", "universe")


def constraint(source: str, kind: str = "integer") -> tuple[str, str]:
    return words(f"type: {kind}\nconstraint: {source}", "constraint")


def words(cells: str, which: str) -> tuple[str, str]:
    (entry,) = (each for each in book(cells).entries if each.name == "q")
    told = getattr(entry, which).words
    return told["id"], told["en"]


def test_labels_of_questions_and_choices_stand_for_names_and_codes() -> None:
    assert universe("${presence} = '1' and ${has_nib} = '2'") == (
        "Hanya bila ‘Hasil kunjungan’ adalah ‘Ditemukan’ dan ‘Punya NIB’ adalah ‘Tidak’.",
        "Asked only if ‘Result of the visit’ is ‘Found’ and ‘Has an NIB’ is ‘No’.",
    )


def test_who_is_always_asked_and_who_never() -> None:
    assert universe("true()") == ("Semua unit.", "Every unit.")
    assert universe("false()") == ("Tidak pernah.", "Never.")


@pytest.mark.parametrize(
    ("relevant", "told"),
    [
        ("${presence} = '1' or ${presence} = 2", "‘Result of the visit’ is ‘Found’ or ‘New’"),
        ("'1' = ${presence}", "‘Result of the visit’ is ‘Found’"),
        ("${presence} >= 2", "‘Result of the visit’ is ‘New’ or ‘Closed’"),
        ("${presence} != ''", "‘Result of the visit’ is answered"),
        ("${presence} = ''", "‘Result of the visit’ is empty"),
        ("${presence} != '' and ${presence} != '3'",
         "‘Result of the visit’ is answered and is not ‘Closed’"),
        ("not(${presence} = '1')", "‘Result of the visit’ is not ‘Found’"),
        ("not(${presence} = '1' or ${has_nib} = '1')",
         "‘Result of the visit’ is not ‘Found’ and ‘Has an NIB’ is not ‘Yes’"),
        ("selected(${presence}, '1')", "‘Result of the visit’ is ‘Found’"),
        ("selected(${uses}, 'a')", "‘Orders’ is selected in ‘Uses’"),
        ("selected(${uses}, 'a') or selected(${uses}, 'b')",
         "‘Orders’ or ‘Promotion’ is selected in ‘Uses’"),
        ("not(selected(${uses}, 'z'))", "‘None’ is not selected in ‘Uses’"),
        ("count-selected(${uses}) >= 2", "the number of choices in ‘Uses’ is at least 2"),
        ("${age} > 9 and (${men} = 1 or ${women} < 2)",
         "‘Age’ is more than 9 and (‘Men’ is 1 or ‘Women’ is less than 2)"),
        ("10 <= ${age}", "‘Age’ is at least 10"),
        ("${men} + ${women} * 2 > ${age} - 1", "‘Men’ + ‘Women’ × 2 is more than ‘Age’ − 1"),
        ("(${men} + ${women}) * 2 != 1000000", "(‘Men’ + ‘Women’) × 2 differs from 1,000,000"),
        ("${begun} < date('2026-01-01')", "‘Begun’ is before 2026-01-01"),
        ("${begun} >= today()", "‘Begun’ is today or later"),
        ("not(${age} > 9)", "it does not hold that (‘Age’ is more than 9)"),
        ("string-length(${code}) = 3", "the length of ‘Code’ (characters) equals 3"),
        ("starts-with(${code}, 'A')", "‘Code’ begins with ‘A’"),
        ("coalesce(${men}, 0) = 3", "‘Men’ (if empty: 0) equals 3"),
        ("if(${has_nib} = '1', 2, 3) = ${age}",
         "2 if ‘Has an NIB’ is ‘Yes’, otherwise 3 equals ‘Age’"),
        ("substr(${code}, 0, 2) = '12' and ${age} = 3",
         "characters 1 to 2 of ‘Code’ equals ‘12’ and ‘Age’ is 3"),
        ("substr(${code}, 3) = concat(${age}, '-', ${men})",
         "‘Code’ from character 4 on equals ‘Age’, ‘-’ and ‘Men’ joined"),
        ("(${presence} = '1') = selected(${uses}, 'a')",
         "‘Result of the visit’ is ‘Found’ exactly if ‘Orders’ is selected in ‘Uses’"),
        ("round(${age}) = 3", "‘Age’ rounded equals 3"),
        ("round(${age}, 1) = 3", "‘Age’ rounded to 1 decimals equals 3"),
        ("digest(${code}, 'MD5') = '12'", "`digest(${code}, 'MD5') = '12'`"),
    ],
)  # fmt: skip
def test_conditions_in_words(relevant: str, told: str) -> None:
    assert universe(relevant)[1] == f"Asked only if {told}."


def test_what_is_said_twice_is_said_once() -> None:
    twice = "${presence} = '1' and (${presence} = '1' or ${presence} = '2') and ${presence} != '3'"
    assert universe(twice)[1] == "Asked only if ‘Result of the visit’ is ‘Found’."


def test_parts_with_commas_are_parted_by_semicolons() -> None:
    assert universe("${presence} <= 3 and ${has_nib} = '1'")[1] == (
        "Asked only if ‘Result of the visit’ is ‘Found’, ‘New’ or ‘Closed’; "
        "and ‘Has an NIB’ is ‘Yes’."
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (". >= 10 and . <= 99", "Isian ini antara 10 dan 99."),
        (". > 0", "Isian ini lebih dari 0."),
        ("${age} < .", "Isian ini lebih dari ‘Umur’."),
        (". = int(.) and . >= 0", "Isian ini bilangan bulat dan isian ini paling sedikit 0."),
        (". <= 2000000000", "Isian ini paling banyak 2.000.000.000."),
        (". <= 0.5", "Isian ini paling banyak 0,5."),
    ],
)
def test_constraints_are_about_the_answer(source: str, told: str) -> None:
    assert constraint(source)[0] == told


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("[0-9]{13}", "13 angka"),
        (r"\d+", "1 atau lebih angka"),
        ("08[0-9]{8,11}", "‘08’ lalu 8 sampai 11 angka"),
        ("[1-9][0-9]{4}", "1 angka dari 1–9 lalu 4 angka"),
        ("(10|11)[0-9]{3}", "‘10’ atau ‘11’ lalu 3 angka"),
        ("[A-Z]{2,}", "2 atau lebih huruf"),
        ("4[567][0-9]", "‘4’ lalu 1 angka dari 5, 6, 7 lalu 1 angka"),
        ("[^@ ]+@x", "`[^@ ]+@x`"),
        ("ab?", "`ab?`"),
        ("(1|2)+", "`(1|2)+`"),
    ],
)
def test_patterns_in_words(pattern: str, told: str) -> None:
    cell = pattern.replace("|", r"\|")
    assert constraint(f"regex(., '{cell}')", "text")[0] == f"Isian ini berbentuk {told}."


def test_a_denied_pattern() -> None:
    assert constraint("not(regex(., '[0-9]{2}'))", "text")[1] == (
        "The answer does not have the form 2 digits."
    )


def test_required_always_sometimes_never() -> None:
    assert words("required: yes", "required") == ("Wajib diisi.", "Required.")
    assert words("required: ${age} > 1", "required")[1] == "Required if ‘Age’ is more than 1."
    (entry,) = (each for each in book("required: no").entries if each.name == "q")
    assert entry.required is None


FLAGS = """
    | type          | name  | label | relevant     | calculation                                 |
    | select_one yn | a     | A     |              |                                             |
    | integer       | n     | N     |              |                                             |
    | calculate     | flag  |       | ${n} > 0     | if(${a} = '1', '1', '0')                    |
    | calculate     | size  |       |              | if(${n} = '', '', if(${n} < 5, 's', 'l'))   |
    | text          | t1    | T1    | ${flag} = 1  |                                             |
    | text          | t2    | T2    | ${flag} = 0  |                                             |
    | text          | t3    | T3    | ${size} = 's' |                                            |
    | text          | t4    | T4    | ${size} = 'x' |                                            |
    | begin_group   | g     | G     | ${a} = '2'   |                                             |
    | text          | t5    | T5    | ${a} = '2' and ${n} = 7 |                                  |
    | end_group     |       |       |              |                                             |"""  # noqa: E501 - a table


def test_calculations_are_read_through_to_what_they_ask() -> None:
    choices = "| list_name | name | label |\n| yn | 1 | Yes |\n| yn | 2 | No |"
    made = codebook(questionnaire(FLAGS, choices))
    told = {each.name: each.universe.words["en"] for each in made.entries}
    assert told["t1"] == "Asked only if ‘N’ is more than 0 and ‘A’ is ‘Yes’."
    assert told["t2"] == "Asked only if ‘N’ is more than 0 and ‘A’ is not ‘Yes’."
    assert told["t3"] == "Asked only if ‘N’ is answered and ‘N’ is less than 5."
    assert told["t4"] == "Never."
    assert told["t5"] == "Asked only if ‘A’ is ‘No’ and ‘N’ is 7."


def test_names_stand_beside_labels_that_repeat_and_for_those_that_lack() -> None:
    survey = """
        | type      | name | label | relevant            | calculation |
        | text      | a    | Other |                     |             |
        | text      | b    | Other |                     |             |
        | calculate | c    |       |                     | ${a}        |
        | text      | d    | Last  | ${a} = '1' and ${c} = '2' |       |"""
    (last,) = (each for each in codebook(questionnaire(survey)).entries if each.name == "d")
    assert last.universe.words["en"] == "Asked only if ‘Other’ (`a`) is ‘1’ and `c` is ‘2’."


def test_relative_paths_of_repeats_lead_to_their_questions() -> None:
    survey = """
        | type         | name  | label | relevant     | constraint      | repeat_count |
        | integer      | n     | Count |              |                 |              |
        | begin_repeat | row   | Row   |              |                 | ${n}         |
        | text         | kind  | Kind  |              |                 |              |
        | integer      | paid  | Paid  | ${kind} != '' | . <= ${n}      |              |
        | end_repeat   |       |       |              |                 |              |"""
    made = codebook(questionnaire(survey))
    (paid,) = (each for each in made.entries if each.name == "paid")
    assert paid.universe.words["en"] == "Asked only if ‘Kind’ is answered."
    assert paid.constraint is not None
    assert paid.constraint.words["en"] == "The answer is at most ‘Count’."
    (row,) = (block for block in made.blocks if block.repeats)
    assert row.count is not None
    assert row.count.words["en"] == "Repeated as many times as ‘Count’."


def test_rows_of_repeats_and_of_lists() -> None:
    survey = """
        | type         | name | label | calculation |
        | begin_repeat | row  | Row   |             |
        | select_one_from_file kbli.csv | k | Code | |
        | calculate    | no   |       | position(..) |
        | calculate    | words |      | instance('kbli')/root/item[name = current()/../k]/label |
        | end_repeat   |      |       |             |
        | calculate    | first |      | indexed-repeat(${k}, ${row}, 1) |"""
    made = codebook(questionnaire(survey))
    told = {each.name: each.calculation.words["en"] for each in made.entries if each.calculation}
    assert told["no"] == "the number of the ‘Row’"
    assert told["words"] == "`label` in the list `kbli` for ‘Code’"
    assert told["first"] == "‘Code’ of ‘Row’ number 1"


@pytest.mark.parametrize("name", definitions())
def test_our_questionnaires_are_told_in_words_but_for_a_few_rules(name: str) -> None:
    made = codebook(read_xform(compile_definition(definition(name)).xform))
    for language in ("id", "en"):
        universes = [each.universe.words[language] for each in made.entries]
        assert all(text.endswith(".") for text in universes)
        rules = [
            rule.words[language]
            for each in made.entries
            for rule in (each.universe, each.required, each.constraint, each.calculation)
            if rule is not None
        ]
        coded = [text for text in rules if "${" in text or "/root/" in text]
        assert len(coded) < 0.05 * len(rules)
