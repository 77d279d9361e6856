import pytest

from matching.normalise.names import business_name


def core(text: str) -> str:
    return " ".join(business_name(text).words)


@pytest.mark.parametrize(
    ("text", "type", "rest"),
    [
        ("TOKO LANCAR", "TOKO", "LANCAR"),
        ("Tk. Lancar", "TOKO", "LANCAR"),
        ("TOKOLANCAR", "TOKO", "LANCAR"),
        ("LANCARLAUNDRY", "LAUNDRY", "LANCAR"),
        ("Laundri Lancar", "LAUNDRY", "LANCAR"),
        ("LAUNRDY LANCAR", "LAUNDRY", "LANCAR"),  # two letters exchanged
        ("LNDRY LANCAR", "LAUNDRY", "LANCAR"),  # no vowels
        ("BENGKAL LANCAR", "BENGKEL", "LANCAR"),  # one other letter
        ("Toko Batik Lancar", "BATIK", "LANCAR"),
        ("LANCAR BATIK", "BATIK", "LANCAR"),
        ("WR. MKN LANCAR", "WARUNG", "MKN LANCAR"),
        ("R.M. LANCAR", "RUMAH MAKAN", "LANCAR"),
        ("Foto Copy Lancar", "FOTOKOPI", "LANCAR"),
        ("TOKO MAS LANCAR", "EMAS", "LANCAR"),
        ("KONTER HP", "PONSEL", ""),
        ("DEPOT AIR MINUM ISI ULANG LANCAR", "AIR MINUM", "LANCAR"),
        ("WARUNG MAKAN MULIA KELAPA JAYA", "RUMAH MAKAN", "MULIA KELAPA JAYA"),
        ("LANCAR", None, "LANCAR"),
    ],
)
def test_the_business_type_stands_apart(text: str, type: str | None, rest: str) -> None:  # noqa: A002 - the word for it
    name = business_name(text)
    assert (name.type, " ".join(name.words)) == (type, rest)


@pytest.mark.parametrize("text", ["SALMON", "PANDAN", "BATIN", "KOSIM", "TOKOH", "MARTA", "SALEH"])
def test_ordinary_words_are_no_misspelt_trades(text: str) -> None:
    name = business_name(text)
    assert (name.type, name.words) == (None, (text,))


@pytest.mark.parametrize(
    ("text", "legal"),
    [("C.V. LANCAR", "CV"), ("CV LANCAR", "CV"), ("LANCAR, PT", "PT"), ("P.T LANCAR", "PT"),
     ("KOPERASI LANCAR", "KOPERASI"), ("KSU LANCAR", "KOPERASI"), ("UD. LANCAR", "UD"),
     ("USAHA DAGANG LANCAR", "UD"), ("LANCAR", None)],
)  # fmt: skip
def test_the_legal_form_stands_apart(text: str, legal: str | None) -> None:
    assert (business_name(text).legal_form, core(text)) == (legal, "LANCAR")


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [("LANCAR 2", "2"), ("LANCAR II", "2"), ("LANCAR2", "2"), ("LANCAR 02", "2"),
     ("LANCAR BARU", "BARU"), ("LANCAR CAB. KOTA", "CABANG KOTA"), ("LANCAR", None)],
)  # fmt: skip
def test_which_one_of_several(text: str, ordinal: str | None) -> None:
    name = business_name(text)
    assert (name.words, name.ordinal) == (("LANCAR",), ordinal)


@pytest.mark.parametrize("text", ["TOKO 99", "TOKO BARU", "TOKO II"])
def test_one_word_always_stays(text: str) -> None:
    assert business_name(text).words == (text.split()[1],)


@pytest.mark.parametrize(
    ("text", "honorific", "rest"),
    [("WARUNG BU DARMI", "BU", "DARMI"), ("WARUNG DARMI BU", "BU", "DARMI"),
     ("Pak Darmo", "PAK", "DARMO"), ("BPKDARMO", "BPK", "DARMO"), ("PAKDARMO", "PAK", "DARMO"),
     ("TOKO BUNDA", None, "BUNDA"), ("WARUNG PAK (DARMO)", "PAK", "DARMO"),
     ("TOKO H. DARMO", "H", "DARMO")],
)  # fmt: skip
def test_honorifics_stand_apart(text: str, honorific: str | None, rest: str) -> None:
    assert (business_name(text).honorific, core(text)) == (honorific, rest)


def test_an_unknown_shorthand_is_no_name() -> None:
    assert core("BKR. DARMO") == "DARMO"


@pytest.mark.parametrize("text", ["TOKO", "WARUNG MAKAN", "WARUNG TANPA NAMA", "BU", "MBAH", "CV"])
def test_a_name_without_a_distinctive_word_has_none(text: str) -> None:
    assert core(text) == ""
