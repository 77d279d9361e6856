import pytest

from matching.normalise.addresses import address_of


@pytest.mark.parametrize(
    "text",
    ["RT 003/RW 005", "RT.03 RW.05", "RT 3 / RW 5", "RT03RW05", "rt/rw 03/05", "RT 3/5",
     "RT. 3 / 5", "R.T. 3 R.W. 5", "RW 05 RT 03", "003/005", "RT 3 RW V", "RT:03,RW:05",
     "RT/RW: 003 / 005", "JL ANGSANA NO 12 RT 3 RW 5 KEL. LOR", "GG. SAWO 003/005, DESA LOR"],
)  # fmt: skip
def test_rt_and_rw_in_any_layout(text: str) -> None:
    address = address_of(text)
    assert (address.rt, address.rw) == ("003", "005")


def test_rt_alone_and_rw_alone() -> None:
    assert (address_of("RT 4").rt, address_of("RT 4").rw) == ("004", None)
    assert (address_of("RW 4").rt, address_of("RW 4").rw) == (None, "004")


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Jl. Angsana No. 12A", "ANGSANA", "12A"),
        ("JLN ANGSANA NOMOR 12 A", "ANGSANA", "12A"),
        ("JALAN RAYA ANGSANA NO: 12", "ANGSANA", "12"),
        ("JL ANGSANA 12", "ANGSANA", "12"),
        ("JL ANGSANA, 12, RT 3", "ANGSANA", "12"),
        ("Jl.Angsana #12", "ANGSANA", "12"),
        ("JL ANGSANA NO 12/3", "ANGSANA", "12/3"),
        ("JL. JEND. ANGSANA", "ANGSANA", None),
        ("ANGSANA", "ANGSANA", None),
        ("GG. SAWO III NO 4", "GANG SAWO 3", "4"),
        ("GANG SAWO 3", "GANG SAWO", "3"),
        ("GG 5 NO 3", "GANG 5", "3"),
        ("JL RAYA", "RAYA", None),
        ("NO 7", None, "7"),
        ("RT 3 RW 5", None, None),
        ("12345", None, None),
        ("DEPAN JL ANGSANA", "ANGSANA", None),
    ],
)
def test_street_and_house_number(text: str, street: str | None, number: str | None) -> None:
    address = address_of(text)
    assert (address.street, address.house_number) == (street, number)


@pytest.mark.parametrize(
    "text",
    ["BLOK B NO 12", "Blok B-12", "BLOK B/12", "BLK B 12", "KIOS B12", "LOS B NO. 12",
     "PASAR SENEN BLOK B NO.12 LT 2", "PERUM SAWO B-12", "Ps. Senen, B-12"],
)  # fmt: skip
def test_block_and_stall(text: str) -> None:
    address = address_of(text)
    assert (address.stall, address.house_number) == ("B-12", None)


def test_a_market_is_a_site_not_a_street() -> None:
    address = address_of("PSR. SENEN LOS 4 JL ANGSANA")
    assert (address.site, address.street, address.stall) == ("PASAR SENEN", "ANGSANA", "4")


def test_names_of_areas_are_no_streets() -> None:
    assert address_of("KEL. LOR KEC. KIDUL KOTA BARAT").street is None
