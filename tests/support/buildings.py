"""Invented buildings as answers to SE2026-P, by leaf name: each gives a valid document.

`fill` turns them into submissions. The kelurahan is one of Kota Pekalongan, its sub-SLS is
invented; every name, number and code is made up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answers = dict[str, Any]

_PLACE: Answers = {
    "kelurahan": "3375030005",
    "idsubsls": "3375030005000100",
    "segment_no": "010",
    "building_no": "12",
    "building_state": "1",
    "geotag": "-6.917189 109.667401 12.0 4.5",
    "front_photo": "front.jpg",
    "street": "GG CONTOH 3",
    "block_no": "17",
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
    "respondent_phone": "081200000001",
    "consent": "1",
    "notes": "",
}
PROBES = ("home", "rental", "mobile", "online", "stall", "build", "other")


def business(**changes: str) -> Answers:
    """Give a new micro business at home, with the answers that `changes` replace."""
    return {
        "in_prelist": "2",
        "business_name": "BATIK CONTOH SARI (SITI)",
        "activity": "membatik cap kain sarung untuk dijual",
        "business_kind": "1",
        "owner_name": "SITI CONTOHWATI",
        "mobile": "081200000001",
        "workers_total": "3",
        "sales_band": "1",
        "sticker": "SE26-00000001",
    } | changes


def listed(unit_id: str = "IDSBR0000001", **changes: str) -> Answers:
    """Give a business of the prelist."""
    return business(
        in_prelist="1",
        unit_id=unit_id,
        business_name="BATIK SEKAR JLAMPRANG",
        sticker=f"SE26-{unit_id[-4:]}",
        **changes,
    )


def household(
    *businesses: Mapping[str, Any], occupant: str = "BUDI CONTOH", **counts: int
) -> Answers:
    """Give a household with so many businesses for each probe, `home=2`, and their entries."""
    told: Answers = {"part_kind": "1", "occupant": occupant, "part_answer": "1"}
    for probe in PROBES:
        told[f"probe_{probe}"] = "1" if probe in counts else "2"
        if probe in counts:
            told[f"n_{probe}"] = str(counts[probe])
    return told | {"business": list(businesses)}


def shop(*businesses: Mapping[str, Any], **changes: Any) -> Answers:
    """Give a business place with as many businesses as there are entries."""
    return {
        "part_kind": "2",
        "occupant": "TOKO CONTOH JAYA",
        "part_answer": "1",
        "premises_businesses": str(len(businesses)),
        "business": list(businesses),
    } | changes


def building(use: str, *parts: Mapping[str, Any], **changes: Any) -> Answers:
    """Give a building in use with these parts."""
    return {
        **_PLACE,
        "building_use": use,
        "floors": "1",
        "parts": str(len(parts)),
        "part": list(parts),
        **_END,
    } | changes


def batik_house() -> Answers:
    """Give a house where a family draws batik, and sells it by the internet besides."""
    return building(
        "2",
        household(
            listed(),
            business(business_name="DARING CONTOH (BUDI)", sticker="SE26-00000002"),
            home=1,
            online=1,
        ),
    )


def quiet_dwelling() -> Answers:
    """Give a dwelling without any business, and no sign of one."""
    return building("3", household(), signs="0")


def hawker_dwelling() -> Answers:
    """Give a dwelling whose people work elsewhere: a hawker, a stall, a builder, a fish farmer."""
    rows = (
        business(
            business_name=f"USAHA CONTOH {kind}",
            business_kind=kind,
            sticker=f"SE26-0000010{kind}",
            workers_total="1",
        )
        for kind in ("2", "3", "4", "6")
    )
    return building("3", household(*rows, mobile=1, stall=1, build=1, other=1))


def market() -> Answers:
    """Give a market on two floors: shops, an empty kiosk, one that was not met, and a firm."""
    return building(
        "1",
        shop(listed(business_kind="7"), floor_no="1"),
        shop(
            business(business_kind="7", business_name="KAIN CONTOH", sticker="SE26-00000021"),
            business(business_kind="7", business_name="JAHIT CONTOH", sticker="SE26-00000022"),
            floor_no="1",
        ),
        {"part_kind": "4", "floor_no": "2"},
        {"part_kind": "2", "floor_no": "2", "occupant": "KIOS CONTOH", "part_answer": "3"},
        shop(
            business(
                business_kind="7",
                business_name="PT CONTOH TEKSTIL RAYA",
                workers_total="240",
                sales_band="4",
                sticker="",
            ),
            floor_no="2",
            part_answer="2",
        ),
        building_name="PASAR CONTOH",
        floors="2",
        visits_made="3",
        visit=[visit("2", "18"), visit("2", "19"), visit("2", "20")],
        respondent_role="3",
    )


def mosque_with_canteen() -> Answers:
    """Give a place of worship with a cooperative, and a guard who lives there."""
    room = {
        "part_kind": "3",
        "occupant": "SERAMBI CONTOH",
        "part_answer": "1",
        "premises_businesses": "1",
        "business": [business(business_kind="7", business_name="KOPERASI CONTOH", sales_band="8")],
    }
    return building(
        "4",
        room,
        household(occupant="PENJAGA CONTOH"),
        building_name="MASJID CONTOH",
        hidden_business="1",
    )


def government_office() -> Answers:
    """Give an office of the government without any business: nothing is listed."""
    return _unlisted(building_use="5", building_name="KANTOR CONTOH", hidden_business="2")


def barn() -> Answers:
    """Give a building out of scope."""
    return _unlisted(building_use="6", out_of_scope_kind="3", hidden_business="2")


def institution() -> Answers:
    """Give a dormitory without business."""
    return _unlisted(building_use="8", building_name="PANTI CONTOH", hidden_business="2")


def virtual_office() -> Answers:
    """Give a virtual office with two firms registered."""
    return building(
        "7",
        shop(
            business(business_kind="7", business_name="PT CONTOH SATU", sales_band="2"),
            business(business_kind="7", business_name="PT CONTOH DUA", sales_band="3",
                     workers_total="12", sticker=""),
        ),
        building_name="KANTOR VIRTUAL CONTOH",
    )  # fmt: skip


def empty_building() -> Answers:
    """Give an empty house: place, photo, visits."""
    return _unlisted(building_state="2", visit=[visit("6")])


def ruin() -> Answers:
    """Give a building under construction."""
    return _unlisted(building_state="3", visit=[visit("6")])


def not_found() -> Answers:
    """Give a building of the map that nobody could find."""
    return _unlisted(building_state="4", visit=[visit("6")])


def non_response() -> Answers:
    """Give a house that was seen, where nobody answered at three visits."""
    return _unlisted(
        building_state="9",
        building_use="3",
        visits_made="3",
        visit=[visit("3", "18"), visit("4", "19"), visit("3", "20")],
        nonresponse_reason="2",
    )


def refusal() -> Answers:
    """Give a shop that refused at the first visit."""
    return _unlisted(
        building_state="9",
        building_use="1",
        building_name="TOKO CONTOH",
        visit=[visit("5")],
        nonresponse_reason="1",
    )


def visit(result: str, day: str = "20") -> dict[str, str]:
    """Give one visit on a day of June 2026."""
    return {"visit_date": f"2026-06-{day}", "visit_result": result}


def variants() -> Mapping[str, Callable[[], Answers]]:
    """Every building of this module by name, each valid and without a finding."""
    makers: Sequence[Callable[[], Answers]] = (
        batik_house,
        quiet_dwelling,
        hawker_dwelling,
        market,
        mosque_with_canteen,
        government_office,
        barn,
        institution,
        virtual_office,
        empty_building,
        ruin,
        not_found,
        non_response,
        refusal,
    )
    return {maker.__name__: maker for maker in makers}


def _unlisted(**changes: Any) -> Answers:
    return {**_PLACE, **_END} | changes
