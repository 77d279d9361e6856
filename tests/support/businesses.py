"""Invented businesses as answers to SE2026-L, by leaf name: each gives a valid document.

`fill` turns them into submissions. The kelurahan is one of Kota Pekalongan, its sub-SLS is
invented; every name, number and NIK is made up.
"""

from collections.abc import Callable, Mapping, Sequence

Answers = dict[str, str | Sequence[Mapping[str, str]]]

_PLACE: Answers = {
    "kelurahan": "3375030005",
    "idsubsls": "3375030005000100",
    "building_no": "12",
    "building_use": "2",
    "business_no": "1",
    "presence": "1",
    "unit_id": "IDSBR0000001",
    "geotag": "-6.917189 109.667401 12.0 4.5",
    "front_photo": "front.jpg",
}
_IDENTITY: Answers = {
    "business_name": "BATIK SEKAR JLAMPRANG",
    "commercial_name": "SEKAR JLAMPRANG",
    "zone": "8",
    "zone_name": "SENTRA BATIK CONTOH",
    "street": "GG CONTOH 3",
    "block_no": "17",
    "rt": "003",
    "rw": "005",
    "postcode": "51133",
    "mobile": "081200000001",
    "phone": "0285400001",
    "email": "sekar@contoh.example",
    "website": "www.sekar.example",
    "business_kind": "1",
    "has_nib": "1",
    "nib": "1234567890123",
    "legal_form": "13",
    "keeps_records": "1",
    "records_kind": "1",
    "owner_role": "1",
    "owner_name": "SITI CONTOHWATI",
    "owner_sex": "2",
    "owner_age": "46",
    "owner_nik": "3375034107800001",
}
_ACTIVITY: Answers = {
    "activity": "membatik tulis dan cap kain primisima untuk dijual",
    "makes_goods": "1",
    "serves_food": "2",
    "sells_goods": "2",
    "gives_services": "2",
    "inputs": "kain primisima, malam, zat warna",
    "process": "digambar, dicanting, dicelup, dilorod, dijemur",
    "sales_place": "1 4 5",
    "main_product": "kain batik tulis",
    "kbli": "13134",
    "network": "1",
    "uses_internet": "1",
    "internet_uses": "1 5",
    "sells_online": "1",
    "online_channels": "1 3",
    "technology": "0",
    "green_output": "2",
    "green_inputs": "2 5",
    "creative_inputs": "1",
    "creative_kinds": "1",
    "exports": "2",
    "imports": "2",
}
_SIZE: Answers = {
    "workers_male": "1",
    "workers_female": "3",
    "workers_paid": "2",
    "workers_unpaid": "2",
    "year_started": "2009",
    "wages": "36000000",
    "cost_production": "58000000",
    "cost_operating": "7500000",
    "cost_other": "1500000",
    "expenditure_total": "103000000",
    "revenue_sales": "164000000",
    "revenue_other": "0",
    "revenue_total": "164000000",
    "online_share": "25",
    "assets_known": "1",
    "assets_land": "150000000",
    "assets_other": "42000000",
    "assets_total": "192000000",
    "capital_own": "100",
    "capital_corporate": "0",
    "capital_government": "0",
    "capital_foreign": "0",
}
_END: Answers = {
    "visits_made": "1",
    "visit": [
        {
            "visit_date": "2026-06-20",
            "visit_time": "09:30:00.000+07:00",
            "visit_result": "1",
            "visit_note": "",
        }
    ],
    "respondent_name": "SITI CONTOHWATI",
    "respondent_role": "1",
    "consent": "1",
    "notes": "",
}


def batik_home_producer() -> Answers:
    """Give a micro business: a woman draws batik at home with two paid and one unpaid helper."""
    return {**_PLACE, **_IDENTITY, **_ACTIVITY, **_SIZE, **_END}


def market_trader() -> Answers:
    """Give a trade business that states no value of its assets and has no internet."""
    return batik_home_producer() | {
        "building_use": "1",
        "business_name": "KIOS KAIN BERKAH CONTOH",
        "has_nib": "2",
        "no_nib_reason": "4",
        "activity": "menjual eceran kain batik dan sarung di pasar",
        "makes_goods": "2",
        "sells_goods": "1",
        "inputs": "kain batik, sarung",
        "sales_place": "1",
        "main_product": "kain batik",
        "kbli": "47511",
        "uses_internet": "2",
        "keeps_records": "2",
        "creative_inputs": "2",
        "wages": "12000000",
        "cost_production": "0",
        "cost_goods": "180000000",
        "cost_operating": "9000000",
        "cost_other": "0",
        "expenditure_total": "201000000",
        "revenue_sales": "240000000",
        "revenue_total": "240000000",
        "assets_known": "2",
        "assets_band": "1",
    }


def food_stall_begun_in_2026() -> Answers:
    """Give a new food stall: money of the last full month, halal asked, BPOM not."""
    return batik_home_producer() | {
        "presence": "2",
        "new_kind": "1",
        "building_use": "3",
        "business_kind": "3",
        "business_name": "WARUNG MEGONO (TARMI CONTOH)",
        "activity": "memasak dan menyajikan nasi megono di tempat",
        "makes_goods": "2",
        "serves_food": "1",
        "inputs": "beras, nangka muda, kelapa",
        "main_product": "nasi megono",
        "kbli": "56102",
        "halal": "2",
        "workers_male": "0",
        "workers_female": "1",
        "workers_paid": "0",
        "workers_unpaid": "1",
        "year_started": "2026",
        "month_started": "2",
        "months_operated": "4",
        "wages": "0",
        "cost_production": "4200000",
        "cost_operating": "600000",
        "cost_other": "0",
        "expenditure_total": "4800000",
        "revenue_sales": "7500000",
        "revenue_total": "7500000",
    }


def hotel_branch() -> Answers:
    """Give a branch of a limited company with stars, rooms and a head office elsewhere."""
    return batik_home_producer() | {
        "building_use": "1",
        "business_name": "HOTEL MELATI CONTOH CABANG PEKALONGAN",
        "legal_form": "01a",
        "records_kind": "3",
        "owner_role": "2",
        "activity": "menyewakan kamar hotel harian dan ruang rapat",
        "makes_goods": "2",
        "gives_services": "1",
        "main_product": "kamar hotel",
        "kbli": "55110",
        "hotel_stars": "3",
        "hotel_rooms": "64",
        "network": "3",
        "head_name": "PT MELATI CONTOH",
        "head_address": "JL CONTOH RAYA 1",
        "head_regency": "KOTA SEMARANG",
        "workers_male": "22",
        "workers_female": "18",
        "workers_paid": "40",
        "workers_unpaid": "0",
        "wages": "1600000000",
        "cost_production": "0",
        "cost_operating": "2300000000",
        "cost_other": "100000000",
        "expenditure_total": "4000000000",
        "revenue_sales": "5200000000",
        "revenue_total": "5200000000",
        "assets_land": "21000000000",
        "assets_other": "3000000000",
        "assets_total": "24000000000",
        "capital_own": "0",
        "capital_corporate": "100",
    }


def supporting_unit() -> Answers:
    """Give a warehouse of a firm: the interview ends after the network block."""
    return hotel_branch() | {"network": "6", "kbli": "52101", "main_product": "penyimpanan barang"}


def not_found() -> Answers:
    """Give a unit of the prelist that nobody could find: straight to the visits."""
    return batik_home_producer() | {"presence": "00", "visit": [_visit("6")]}


def closed() -> Answers:
    """Give a unit that has closed."""
    return batik_home_producer() | {
        "presence": "3",
        "closed_year": "2024",
        "visit": [_visit("6")],
    }


def duplicate() -> Answers:
    """Give a unit that is another one of the prelist."""
    return batik_home_producer() | {
        "presence": "4",
        "duplicate_of": "IDSBR0000002",
        "visit": [_visit("6")],
    }


def non_response() -> Answers:
    """Give a unit that refused at the third visit."""
    return batik_home_producer() | {
        "presence": "9",
        "visits_made": "3",
        "visit": [_visit("3", "18"), _visit("4", "19"), _visit("5", "20")],
        "nonresponse_reason": "1",
    }


def variants() -> Mapping[str, Callable[[], Answers]]:
    """Every business of this module by name, each valid and without a finding."""
    makers = (
        batik_home_producer,
        market_trader,
        food_stall_begun_in_2026,
        hotel_branch,
        supporting_unit,
        not_found,
        closed,
        duplicate,
        non_response,
    )
    return {maker.__name__: maker for maker in makers}


def _visit(result: str, day: str = "20") -> dict[str, str]:
    return {"visit_date": f"2026-06-{day}", "visit_result": result}
