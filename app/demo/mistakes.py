"""The mistakes that people make at the door, each with the finding that it leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from app.demo.answers import SOLE_TRADER, YES, Answers

Told = dict[str, str]
_ELSEWHERE = "elsewhere"  # no leaf: a sub-SLS of another kelurahan


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake: what it does to good answers, where it fits, and what it is found by."""

    leaf: str
    rule: str
    severity: str
    weight: int
    made: Callable[[Random, Told], Told]
    fits: Callable[[Told], bool] = lambda _: True


def _paid_without_wages(_: Random, told: Told) -> Told:
    total = int(told["expenditure_total"]) - int(told["wages"])
    return {"wages": "0", "expenditure_total": str(total)}


def _impossible_date(rng: Random, told: Told) -> Told:
    nik = told["owner_nik"]
    return {"owner_nik": f"{nik[:6]}{rng.randint(32, 39)}{nik[8:]}"}


def _wrong_sum(leaf: str) -> Callable[[Random, Told], Told]:
    """Forget or add a part: the total of `leaf` is some hundred thousand off."""

    def made(rng: Random, told: Told) -> Told:
        return {leaf: str(int(told[leaf]) + rng.randint(1, 9) * 100_000)}

    return made


def _loss(rng: Random, told: Told) -> Told:
    more = int(told["revenue_total"]) + rng.randint(1, 5) * 100_000
    return {
        "cost_operating": str(int(told["cost_operating"]) + more),
        "expenditure_total": str(int(told["expenditure_total"]) + more),
    }


def _has_nik(told: Told) -> bool:
    return len(told["owner_nik"]) == 16  # noqa: PLR2004 - digits of a NIK


def _is_full(told: Told) -> bool:
    return "revenue_total" in told


def _has_wages(told: Told) -> bool:
    return _is_full(told) and told["workers_paid"] != "0"


MISTAKES: Mapping[str, Mistake] = {
    "worker_totals_differ": Mistake(
        "workers_unpaid", "constraint", "error", 10,
        lambda _, told: {"workers_unpaid": str(int(told["workers_unpaid"]) + 1)}, _is_full,
    ),
    "paid_workers_without_wages": Mistake(
        "wages", "constraint", "error", 9, _paid_without_wages, _has_wages,
    ),
    "nik_date_impossible": Mistake(
        "owner_nik", "constraint", "error", 7, _impossible_date, _has_nik,
    ),
    "nik_of_15_digits": Mistake(
        "owner_nik", "constraint", "error", 5,
        lambda _, told: {"owner_nik": told["owner_nik"][:-1]}, _has_nik,
    ),
    "nib_of_12_digits": Mistake(
        "nib", "constraint", "error", 8,
        lambda _, told: {"nib": told["nib"][:-1]}, lambda told: told["has_nib"] == YES,
    ),
    "capital_shares_not_100": Mistake(
        "capital_foreign", "constraint", "error", 5,
        lambda _, told: {"capital_own": str(int(told["capital_own"]) - 10)}, _is_full,
    ),
    "expenditure_sum_wrong": Mistake(
        "expenditure_total", "constraint", "error", 8, _wrong_sum("expenditure_total"), _is_full,
    ),
    "revenue_sum_wrong": Mistake(
        "revenue_total", "constraint", "error", 5, _wrong_sum("revenue_total"), _is_full,
    ),
    "kbli_not_in_list": Mistake(
        "kbli", "choice", "error", 6, lambda _, told: {"kbli": f"{told['kbli'][:2]}000"},
    ),
    "geotag_missing": Mistake("geotag", "required", "error", 8, lambda *_: {"geotag": ""}),
    "main_product_missing": Mistake(
        "main_product", "required", "error", 6, lambda *_: {"main_product": ""},
    ),
    "postcode_missing": Mistake("postcode", "required", "error", 4, lambda *_: {"postcode": ""}),
    "owner_age_wrong": Mistake(
        "owner_age", "constraint", "error", 3, lambda rng, _: {"owner_age": rng.choice("4567")},
    ),
    "mobile_with_country_code": Mistake(
        "mobile", "constraint", "error", 6,
        lambda _, told: {"mobile": f"+62{told['mobile'][1:]}"},
        lambda told: told["mobile"].startswith("08"),
    ),
    "activity_too_short": Mistake(
        "activity", "constraint", "error", 6,
        lambda rng, _: {"activity": rng.choice(("batik", "jualan", "dagang"))},
    ),
    "sub_sls_of_another_kelurahan": Mistake(
        "idsubsls", "choice", "error", 5,
        lambda _, told: {"idsubsls": told[_ELSEWHERE]}, lambda told: bool(told[_ELSEWHERE]),
    ),
    "revenue_below_expenditure": Mistake(
        "revenue_total", "warning", "warning", 9, _loss, _is_full,
    ),
    "geotag_too_coarse": Mistake(
        "geotag", "warning", "warning", 5,
        lambda rng, told: {
            "geotag": f"{told['geotag'].rsplit(' ', 1)[0]} {rng.randint(32, 90)}.0"
        },
    ),
    "corporate_capital_of_a_sole_trader": Mistake(
        "capital_corporate", "warning", "warning", 3,
        lambda *_: {"capital_own": "40", "capital_corporate": "60"},
        lambda told: _is_full(told) and told["legal_form"] == SOLE_TRADER,
    ),
}  # fmt: skip


def mistaken(rng: Random, answers: Answers, elsewhere: str) -> tuple[str, Answers]:
    """Give the name of a mistake that fits these answers, and the answers with it.

    `elsewhere` is a sub-SLS of another kelurahan; empty: none is known.
    """
    told = {leaf: answer for leaf, answer in answers.items() if isinstance(answer, str)}
    told[_ELSEWHERE] = elsewhere
    fitting = [name for name, mistake in MISTAKES.items() if mistake.fits(told)]
    name = rng.choices(fitting, [MISTAKES[each].weight for each in fitting])[0]
    return name, {**answers, **MISTAKES[name].made(rng, told)}
