from pathlib import Path

import pytest

from matching.training.labels import Label, LabelsError, gathered, read, write


def labels_file(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("left,right,answer", "same", "different"),
        ("Kiri,Kanan,Jawaban", "Sama", "BEDA"),
        ("right,left,decision", "1", "0"),
        ("left,right,note,match", "x,true", "y,false"),
    ],
)
def test_answers_are_read_in_the_words_people_use(
    tmp_path: Path, header: str, yes: str, no: str
) -> None:
    found = read(labels_file(tmp_path, f"{header}\nb,a,{yes}\nc,d,{no}\n"))
    assert found.answers == (Label("a", "b", same=True), Label("c", "d", same=False))


def test_answers_of_one_pair_are_votes_and_a_tie_is_told(tmp_path: Path) -> None:
    text = "left,right,answer\na,b,same\nb,a,same\na,b,beda\nc,d,1\nd,c,0\n\n"
    found = read(labels_file(tmp_path, text))
    assert found.answers == (Label("a", "b", same=True),)
    assert found.contradicted == (("c", "d"),)


def test_unanswered_questions_are_left_out(tmp_path: Path) -> None:
    assert read(labels_file(tmp_path, "left,right,answer\na,b,\nc,d,1\n")).answers == (
        Label("c", "d", same=True),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("left,right\na,b\n", "column named one of answer"),
        ("left,right,answer\na,b,perhaps\n", "Line 2: 'perhaps'"),
        ("left,right,answer\na,b\n", "Line 2 has 2 columns"),
        ("", "column named one of"),
    ],
)
def test_a_bad_file_is_told_where_and_why(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(LabelsError, match=told):
        read(labels_file(tmp_path, text))


def test_what_is_written_is_read_again_with_the_same_digest(tmp_path: Path) -> None:
    labels = gathered([Label("b", "a", same=False), Label("c", "d", same=True)])
    write(tmp_path / "labels.csv", labels.answers)
    assert read(tmp_path / "labels.csv").sha256 == labels.sha256
    assert gathered([Label("a", "b", same=True)]).sha256 != labels.sha256
