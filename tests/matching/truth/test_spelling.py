from random import Random

from matching.truth import spelling


def test_a_slip_changes_one_or_two_letters() -> None:
    rng = Random(1)
    written = {spelling.slipped(rng, "SANTOSO") for _ in range(200)}
    assert len(written) > 20
    assert all(abs(len(word) - 7) <= 1 for word in written)


def test_a_word_of_two_letters_is_not_misspelt() -> None:
    assert spelling.slipped(Random(1), "JL") == "JL"


def test_old_letters() -> None:
    written = {spelling.old_spelling(Random(seed), "SURYA") for seed in range(40)}
    assert {"SOERYA", "SURJA"} <= written


def test_a_word_without_old_letters_stays() -> None:
    assert spelling.old_spelling(Random(1), "WE") == "WE"


def test_a_blank_is_lost_or_put_in() -> None:
    assert spelling.glued(Random(1), ["SARI", "RASA"]) == ["SARIRASA"]
    assert spelling.glued(Random(1), ["SARI"]) == ["SARI"]
    assert "".join(spelling.torn(Random(1), ["BERKAHJAYA"])) == "BERKAHJAYA"
    assert len(spelling.torn(Random(1), ["BERKAHJAYA"])) == 2
    assert spelling.torn(Random(1), ["SARI"]) == ["SARI"]


def test_a_wrong_digit_keeps_the_length() -> None:
    assert all(len(spelling.wrong_digit(Random(seed), "081234567890")) == 12 for seed in range(50))
