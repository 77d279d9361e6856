import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry.normalise import (
    business_name,
    folded,
    identifier,
    mobile_number,
    skeleton_of,
)


def test_text_is_folded_to_plain_capitals() -> None:
    assert folded("  Café\tÑandú  ") == "CAFE NANDU"


def test_a_name_is_taken_apart_and_nothing_of_it_is_lost() -> None:
    name = business_name("CV. Toko Batik Sekar Hj. Siti II")
    assert name.legal_forms == ("CV",)
    assert name.business_types == ("TOKO",)
    assert name.honorifics == ("HJ",)
    assert (name.core, name.ordinal) == ("BATIK SEKAR SITI", "2")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Tk. Batik Sari", "Toko Batik Sri"),
        ("RM Sederhana Djaya", "Rumah Makan SEDERHANA JAYA"),
        ("Batik Soerya", "BATIK SURIA"),
        ("TJAHAYA MOELIA", "Cahaya Mulya"),
        ("Warung Barokkah", "WRG BAROKAH"),
        ("UD Sumber Rejeki (Bu Siti)", "SUMBER REJEKI"),
        ("Jaya Makmur 02", "JAYA MAKMUR II"),
        ("BATIKSEKAR", "Batik Sekar"),
        ("Zainal Motor", "Jainal Motor"),
    ],
)
def test_usual_variants_of_a_name_share_a_key(left: str, right: str) -> None:
    assert business_name(left).key == business_name(right).key != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Jaya Makmur", "Jaya Makmur 2"),
        ("Jaya Makmur", "Jaya Makmur Baru"),
        ("Sari", "Surya"),  # the skeletons are too short to tell
        ("Batik Sekar", "Batik Sari"),
    ],
)
def test_unlike_names_share_none(left: str, right: str) -> None:
    assert business_name(left).key != business_name(right).key


@pytest.mark.parametrize(
    "text", ["", " - ", "Tidak ada", "9999", "Toko", "WARUNG BU", "N.N.", "()"]
)
def test_a_name_that_tells_nothing_has_no_key(text: str) -> None:
    assert business_name(text).key == ""


def test_a_name_all_in_brackets_is_the_name() -> None:
    assert business_name("(Batik Sekar)").core == "BATIK SEKAR"


def test_a_name_that_is_only_a_number_keeps_it() -> None:
    assert business_name("Toko 99").key == "99#"


@pytest.mark.parametrize(
    ("written", "national"),
    [
        ("081234567890", "81234567890"),
        ("+62 812-3456-7890", "81234567890"),
        ("0062812 34567890", "81234567890"),
        ("81234567890", "81234567890"),
        ("0285 421234", ""),  # a landline
        ("9999", ""),
        ("7777", ""),
        ("088888888888", ""),
        ("0812", ""),
        ("0812345678901234", ""),
        ("", ""),
    ],
)
def test_mobile_numbers_are_read_in_any_writing(written: str, national: str) -> None:
    assert mobile_number(written) == national


@pytest.mark.parametrize(
    ("text", "plain"), [("12 34", "1234"), ("8888", ""), ("-", ""), ("a1", "A1")]
)
def test_identifiers_lose_their_gaps_and_sentinels_their_meaning(text: str, plain: str) -> None:
    assert identifier(text) == plain


@given(st.text())
def test_any_text_can_be_normalised(text: str) -> None:
    name = business_name(text)
    assert (name.core + name.skeleton + name.key).isascii()
    assert business_name(folded(text)) == name


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ ", max_size=20))
def test_gaps_and_doubled_letters_do_not_change_the_sound(text: str) -> None:
    assert skeleton_of(text) == skeleton_of(text.replace(" ", ""))
    assert all(
        one != two for one, two in zip(skeleton_of(text), skeleton_of(text)[1:], strict=False)
    )
