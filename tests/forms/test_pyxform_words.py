"""Complaints of pyxform as a person of the office reads them."""

import pytest

from forms.compile import compile_source
from forms.markdown_file import read_markdown
from forms.places import DefinitionError
from forms.pyxform_words import in_our_words

HEADER = "| survey |\n| | type | name | label | relevant | parameters |\n"
CHOICES = "| choices |\n| | list_name | name | label |\n| | l | 1 | A |\n"


def complaint(*rows: str, choices: str = "") -> DefinitionError:
    text = HEADER + "".join(f"| | {row} |\n" for row in rows) + choices
    with pytest.raises(DefinitionError) as caught:
        compile_source(read_markdown(text.encode(), "f.md"))
    return caught.value


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("tekst | a | A", "baris 3, kolom “type”", "Tipe pertanyaan 'tekst' tidak dikenal."),
        ("text | | A", "baris 3", "belum bernama"),
        ("text | a b | A", "baris 3, kolom “name”", "tanpa spasi"),
        ("text | meta | A", "baris 3, kolom “name”", "Pilih nama lain."),
        ("select_one x | a | A", "baris 3", "Daftar 'x' tidak ada"),
        ("begin group | g | G", "baris 3", "begin group"),
        ("end repeat | |", "baris 3", "Baris ini menutup repeat"),
        ("text | a |", "baris 3, kolom “name”", "tidak berlabel"),
        ("calculate | a |", "baris 3", "tidak menghitung"),
        ("text | a | ${b}", "baris 3, kolom “label”", "Tidak ada pertanyaan bernama 'b'."),
        ("text | a | A | ${a b} = 1", "baris 3, kolom “relevant”", "Acuan ke pertanyaan"),
        ("text | a | A | ${a} = = 1", "baris 3, kolom “relevant”", "mulai huruf ke-8"),
        ("audit | x |", "baris 3", "Kosongkan kolom name"),
        ("select_one_from_file a.txt | a | A", "baris 3", "berakhiran .csv"),
        ("select_one l | a | A | | foo=1", "baris 3, kolom “parameters”", "parameter 'foo'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_indonesian_with_what_to_do(row: str, where: str, what: str) -> None:
    error = complaint(row, choices=CHOICES)
    assert error.told("id").startswith(f"f.md, {where}: ")
    assert what in error.told("id")
    assert error.told("en") != error.told("id")


@pytest.mark.parametrize(
    ("choices", "what"),
    [
        (CHOICES + "| | l | 1 | B |\n", "Kode ini ada dua"),
        (CHOICES + "| | l | | B |\n", "belum berkode"),
        (CHOICES + "| | l | a b | B |\n", "Kode 'a b' dalam daftar 'l' mengandung spasi"),
        ("", "Lembar choices belum ada"),
        ("| choices |\n| | list_name | label |\n| | l | A |\n", "tidak memiliki kolom 'name'"),
    ],
)
def test_a_fault_of_the_choices_is_told_in_indonesian(choices: str, what: str) -> None:
    assert what in complaint("select_multiple l | a | A", choices=choices).told("id")


def test_a_question_without_a_type_is_told_in_indonesian() -> None:
    assert complaint("text | a | A", " | b | B").told("id").startswith("f.md, baris 4: Pertanyaan")


def test_an_expression_is_quoted_as_it_was_written() -> None:
    assert "of: ${a} = = 1." in str(complaint("text | a | A | ${a} = = 1"))


def test_a_name_taken_twice_is_told_in_indonesian() -> None:
    assert "sudah dipakai" in complaint("text | a | A", "text | a | B").told("id")


def test_what_we_have_no_words_for_stays_as_pyxform_says_it() -> None:
    assert in_our_words("Something new") == {}
    error = complaint("image | a | A | | max-pixels=x")
    assert error.told("id") == error.told("en")
