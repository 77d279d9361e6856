"""What the owner of an invented firm answers to blocks XI to XIII: workers, years, money."""

from random import Random

from app.demo.answers import NO, YES, Told
from app.demo.firms import InventedFirm
from app.demo.kinds import Kind, kinds
from app.demo.people import CENSUS_DAY, FEMALE

_MILLION = 1_000_000
_THIS_YEAR = CENSUS_DAY.year
_MONTHS = 12
_MOBILE = "2"  # kind of business place
_HOTEL = "55110"
_MARGIN = 0.94  # of revenue may be spent
_BANDS = ((500, "1"), (1_000, "2"), (5_000, "3"), (10_000, "4"))  # up to millions of rupiah


def workers(rng: Random, firm: InventedFirm) -> Told:
    """Answer block XI; whoever is alone works unpaid."""
    kind = kinds()[firm.kind]
    low, high = kind.workers
    total = low + round((high - low) * rng.random() ** 2)  # most are small
    female = sum(rng.random() * 100 < kind.women for _ in range(total - 1))
    female += firm.owner.sex == FEMALE
    paid = round((total - 1) * kind.paid / 100 + (kind.paid == 100))  # noqa: PLR2004 - all are paid
    return {
        "workers_male": str(total - female),
        "workers_female": str(female),
        "workers_paid": str(paid),
        "workers_unpaid": str(total - paid),
    }


def operation(rng: Random, firm: InventedFirm, *, begun: int | None = None) -> Told:
    """Answer block XII: the year it began, with months where it is asked for them."""
    oldest = max(1965, firm.owner.born.year + 17)
    year = begun or round(rng.triangular(oldest, _THIS_YEAR - 1, _THIS_YEAR - 2))
    told = {"year_started": str(year)}
    if year < _THIS_YEAR - 1:
        return told
    month = rng.randint(1, 4)
    told["month_started"] = str(month)
    if year == _THIS_YEAR:
        told["months_operated"] = str(CENSUS_DAY.month - 1 - month)
    return told


def money(rng: Random, firm: InventedFirm, told: Told) -> Told:
    """Answer block XIII as it follows from workers, year and internet of `told`."""
    kind = kinds()[firm.kind]
    total = int(told["workers_male"]) + int(told["workers_female"])
    yearly = total * rng.uniform(*kind.revenue) * _MILLION
    if told["year_started"] == str(_THIS_YEAR):
        yearly /= _MONTHS
    step = 10_000 if yearly > 50 * _MILLION else 1_000
    revenue = _rounded(yearly, step)
    spent = _spent(rng, kind, revenue, int(told["workers_paid"]), step)
    answered = {
        **{leaf: str(amount) for leaf, amount in spent.items()},
        "expenditure_total": str(sum(spent.values())),
        "revenue_sales": str(revenue),
        "revenue_other": "0",
        "revenue_total": str(revenue),
    }
    if told.get("sells_online") == YES:
        answered["online_share"] = str(rng.randint(1, 16) * 5)
    return answered | _assets(rng, kind, total) | _capital(told["legal_form"])


def _spent(rng: Random, kind: Kind, revenue: int, paid: int, step: int) -> dict[str, int]:
    """Share out what is spent, so that something remains."""
    goods = revenue * kind.material / 100 * rng.uniform(0.92, 1.08)
    makes = "m" in kind.does or "f" in kind.does
    operating = revenue * (
        rng.uniform(0.03, 0.09) if makes or kind.is_trade else rng.uniform(0.12, 0.25)
    )
    other = revenue * rng.choice((0, 0, 0.01, 0.02))
    room = revenue * _MARGIN - goods - operating - other
    wages = min(paid * rng.uniform(14, 27) * _MILLION * step / 10_000, room * 0.9) if paid else 0
    spent = {
        "wages": max(_rounded(wages, step), step) if paid else 0,
        "cost_production": 0 if kind.is_trade else _rounded(goods, step),
        "cost_operating": _rounded(operating, step),
        "cost_other": _rounded(other, step),
    }
    return spent | ({"cost_goods": _rounded(goods, step)} if kind.is_trade else {})


def _assets(rng: Random, kind: Kind, total: int) -> Told:
    """Tell what the firm owns in millions of rupiah; every third owner only knows a band."""
    settled = 0 if _MOBILE in kind.place else 40 if kind.kbli == _HOTEL else 1
    land = rng.choice((0, 60, 120, 200)) * total**0.5 * settled
    other = total * kind.revenue[1] * rng.uniform(0.15, 0.6)
    if rng.random() < 1 / 3:
        band = next((code for most, code in _BANDS if land + other <= most), "5")
        return {"assets_known": NO, "assets_band": band}
    parts = [_rounded(part * _MILLION, 100_000) for part in (land, other)]
    names = ("assets_land", "assets_other", "assets_total")
    amounts = (*parts, sum(parts))
    return {"assets_known": YES} | {
        name: str(amount) for name, amount in zip(names, amounts, strict=True)
    }


def _capital(legal: str) -> Told:
    corporate = 60 if legal == "01a" else 0
    return {
        "capital_own": str(100 - corporate),
        "capital_corporate": str(corporate),
        "capital_government": "0",
        "capital_foreign": "0",
    }


def _rounded(amount: float, step: int) -> int:
    return round(amount / step) * step
