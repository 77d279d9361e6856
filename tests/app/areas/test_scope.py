import pytest

from app.areas.scope import NATION, Scope
from app.auth import scope as named_by_auth


def test_what_lies_within_another_is_left_out() -> None:
    assert Scope.of(["3375010004", "3375", "3326010", "3375"]).areas == ("3375", "3326010")
    assert Scope.of(["33", ""]) == NATION
    assert named_by_auth.Scope is Scope


@pytest.mark.parametrize(
    ("code", "included", "touched"),
    [
        ("3375010", True, True),
        ("3375010004000100", True, True),
        ("3375", False, True),
        ("", False, True),
        ("3375020", False, False),
    ],
)
def test_a_scope_holds_or_touches(code: str, *, included: bool, touched: bool) -> None:
    scope = Scope.of(["3375010"])
    assert (scope.includes(code), scope.touches(code)) == (included, touched)
    assert NATION.includes(code)
    assert not Scope(()).touches(code)


def test_lanes_are_regencies() -> None:
    assert Scope.of(["3375010", "3375020004", "3326"]).lanes() == ("3326", "3375")
    assert Scope.of(["33"]).lanes() == ()
