import pytest

from app.areas.codes import AreaCode, KelurahanCode, Level, SubSlsId
from app.areas.errors import BadCode


def test_a_code_knows_its_place() -> None:
    code = SubSlsId.parse(" 3375010004000201 ")
    assert code == "3375010004000201"
    assert code.level is Level.SUB_SLS
    assert code.kelurahan == KelurahanCode("3375010004")
    assert code.parent == "33750100040002"
    assert code.path == ("33", "3375", "3375010", "3375010004", "33750100040002", code)
    assert code.lane == "3375"
    assert AreaCode.parse("33").parent is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3.38E+15", "angka hasil Excel"),
        ("3,38E+15", "angka hasil Excel"),
        ("3.38e15", "angka hasil Excel"),
        ("3375010004.0", "angka hasil Excel"),
        ("337501004", "9 karakter"),
        ("", "0 karakter"),
        ("33.75.01", "bukan '33.75.01'"),
        ("٣٣٧٥", "bukan"),
        ("33O5", "bukan"),
    ],
)
def test_what_is_no_code_is_explained(text: str, says: str) -> None:
    with pytest.raises(BadCode) as wrong:
        AreaCode.parse(text)
    assert says in wrong.value.message_id
    assert wrong.value.message_en


def test_a_code_of_another_level_is_no_such_code() -> None:
    with pytest.raises(BadCode, match="16 digits"):
        SubSlsId.parse("3375010004")
    with pytest.raises(BadCode, match="10 digits"):
        KelurahanCode.parse("3375")
