import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalise.sound import skeleton_of, spelling_of

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [("SOERABAJA", "SURABAJA"), ("DJAJA", "JAJA"), ("TJAHAJA", "CAHAJA"), ("REZEKI", "REJEKI"),
     ("BAROKAH", "BAROKKAH"), ("BAROKAH", "BRKH"), ("FAJAR", "PAJAR"), ("SYUKUR", "SUKUR"),
     ("KHASANAH", "HASANAH"), ("IQBAL", "IKBAL"), ("XENA", "KSENA"), ("MULYA", "MULIA")],
)  # fmt: skip
def test_spellings_that_sound_alike(one: str, other: str) -> None:
    assert skeleton_of(one) == skeleton_of(other)


@pytest.mark.parametrize(
    ("word", "sound"), [("AA", "A"), ("TOTO", "TOTO"), ("UE", "UE"), ("12", "12"), ("112", "112")]
)
def test_a_sound_is_never_empty(word: str, sound: str) -> None:
    assert skeleton_of(word) == sound


@given(WORDS)
def test_a_spelling_is_its_own(word: str) -> None:
    assert spelling_of(spelling_of(word)) == spelling_of(word)


@given(WORDS)
def test_a_sound_begins_as_its_spelling(word: str) -> None:
    assert skeleton_of(word)[0] == spelling_of(word)[0]
