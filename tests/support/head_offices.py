"""Invented head offices as answers to SE2026-L.KP, by leaf name: each gives a valid document."""

from collections.abc import Callable, Mapping

from tests.support.businesses import Answers

_HEAD: Answers = {
    "unit_id": "IDSBR0000201",
    "business_name": "PT GROSIR CONTOH SENTOSA",
    "legal_form": "01a",
    "nib": "1234567890125",
    "npwp": "0123456789012346",
    "main_product": "kain dan pakaian",
    "kbli": "46411",
    "head_address": "JL CONTOH BESAR 21 KAUMAN",
    "head_province": "33",
    "head_regency": "3375",
    "contact_name": "RINI CONTOHSARI",
    "contact_phone": "081200000201",
    "contact_email": "cabang@grosir.example",
    "units_branch": "2",
    "units_representative": "0",
    "units_factory": "0",
    "units_supporting": "1",
    "branches_stated": "3",
    "money_unit": "1000",
    "head_workers": "24",
    "head_expenditure": "4100000",
    "head_revenue": "0",
}
_END: Answers = {
    "respondent_name": "RINI CONTOHSARI",
    "respondent_position": "kepala bagian umum",
    "signed_on": "2026-05-28",
    "consent": "1",
}


def shop(**changed: str) -> dict[str, str]:
    """Give a shop in the head office's own city."""
    return {
        "branch_kind": "3",
        "branch_name": "TOKO BANJARSARI",
        "branch_status": "1",
        "branch_province": "33",
        "branch_regency": "3375",
        "branch_address": "JL CONTOH PASAR 3",
        "branch_phone": "0285400202",
        "branch_kbli": "47511",
        "branch_male": "6",
        "branch_female": "11",
        "branch_expenditure": "21500000",
        "branch_revenue": "23900000",
    } | changed


def shop_elsewhere(**changed: str) -> dict[str, str]:
    """Give a shop in a regency that the list does not name, which received a letter of its own."""
    return (
        shop(
            branch_name="CABANG CIREBON",
            branch_code="IDSBR0000202",
            branch_province="32",
            branch_regency="3200",
            branch_regency_other="Kota Cirebon",
            branch_address="JL CONTOH UTARA 12",
        )
        | changed
    )


def store(**changed: str) -> dict[str, str]:
    """Give a store that serves the firm only."""
    told = shop(branch_kind="6", branch_name="GUDANG SOKO", branch_male="4", branch_female="0")
    told |= {"branch_expenditure": "900000"}
    del told["branch_kbli"], told["branch_revenue"]
    return told | changed


def trading_head_office() -> Answers:
    """Give a head office with two shops and a store, in thousands of rupiah."""
    return {
        **_HEAD,
        "branch": [shop(), shop_elsewhere(), store()],
        "workers_stated": "38",
        "spent_total": "43900000",
        "earned_total": "47800000",
        **_END,
    }


def hotel_chain_begun_in_2026() -> Answers:
    """Give a head office whose only unit opened in 2026 and has no amounts of 2025 yet."""
    opened = shop(branch_name="HOTEL CONTOH TEGAL", branch_regency="3376", branch_status="3")
    for leaf in ("branch_male", "branch_female", "branch_expenditure", "branch_revenue"):
        del opened[leaf]
    return trading_head_office() | {
        "legal_form": "03",
        "main_product": "kamar hotel",
        "kbli": "55110",
        "units_branch": "1",
        "units_supporting": "0",
        "branches_stated": "1",
        "money_unit": "1",
        "head_expenditure": "2100000000",
        "head_revenue": "3200000000",
        "branch": [opened | {"branch_kbli": "55110"}],
        "workers_stated": "0",
        "spent_total": "0",
        "earned_total": "0",
    }


def variants() -> Mapping[str, Callable[[], Answers]]:
    """Every head office of this module by name, each valid and without a finding."""
    makers = (trading_head_office, hotel_chain_begun_in_2026)
    return {maker.__name__: maker for maker in makers}
