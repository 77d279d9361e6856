import pytest

from matching.normalise.people import bag_of, owner_sound, owner_words


@pytest.mark.parametrize(
    "text",
    ["H. Moch. Yusuf, S.E.", "MUHAMMAD YUSUF", "Muh Yusuf", "M. YUSUF", "Bpk. H.M. Yusuf",
     "MOHAMAD YUSUF S.Pd", "MOKHAMMAD YUSUF (ALM)", "DRS. H. MUH. YUSUF, M.M."],
)  # fmt: skip
def test_one_owner_in_many_spellings(text: str) -> None:
    assert owner_words(text) == ("MUHAMMAD", "YUSUF")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ABDURRAHMAN", "Abd. Rahman"), ("ABDUL ROHMAN", "ABDURROCHMAN"), ("NURHAYATI", "Nur Hayati"),
     ("ST. AMINAH", "Siti Aminah"), ("ACHMAD SOEKARDI", "AHMAD SUKARDI"), ("DJOKO", "JOKO"),
     ("TJIPTO", "CIPTO"), ("FATIMAH", "PATIMAH"), ("YUSUF", "MUHAMMAD YUSUF"),
     ("CHOIRUL", "KHOIRUL"), ("SYAIFUL", "SAIFUL")],
)  # fmt: skip
def test_owners_that_sound_alike(one: str, other: str) -> None:
    assert owner_sound(owner_words(one)) == owner_sound(owner_words(other))
    assert bag_of((), owner_words(one)) == bag_of((), owner_words(other))


@pytest.mark.parametrize(("one", "other"), [("BUDI", "BUDIMAN"), ("SRI WAHYUNI", "SRI WARSITI")])
def test_owners_that_do_not(one: str, other: str) -> None:
    assert owner_sound(owner_words(one)) != owner_sound(owner_words(other))


@pytest.mark.parametrize("text", [None, "-", "BU", "9999", "Tidak ada"])
def test_nobody(text: str | None) -> None:
    assert owner_words(text) == ()
    assert owner_sound(()) is None


def test_a_bag_holds_name_and_owner_without_order_and_single_letters() -> None:
    assert bag_of(("SUBUR",), ("ALI", "B")) == bag_of(("ALI",), ("SUBUR",)) == ("AL", "SBR")
    assert bag_of((), ("MUHAMMAD",)) == ("MD",)
