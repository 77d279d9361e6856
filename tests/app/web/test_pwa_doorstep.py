"""The phone's warning at the door, beside the server's: the same marks, the same bits."""

import base64
import json
from dataclasses import asdict
from typing import Any

import pytest

from matching.doorstep import VERSION, Marker, packed, rules, shipped
from matching.record import FIELD, PRELIST, Record
from matching.truth.make import make_truth
from tests.app.web.test_pwa_engine import TESTS, node

KEY = "kunci contoh"
ODD = (
    "", "-", "N/A", "xxx", "9999", "TOKO", "Bu", "Caf\u00e9 \u00c6r\u00f8 \u21165",
    "\uff34\uff2f\uff2b\uff2f\u3000\uff2d\uff21\uff2a\uff35", "Warung\x1cSari\u00a0Rasa",
    "\u0141ukasz \u00df", "\U0001d505atik 99", "KHADIJAH TJOEN KHAKH", "AOI", "XJXJ", "a" * 400,
    "TB-2 'Jaya' #7", "\u0130stanbul \u0131", "PT. 123Sejahtera, Tbk",
)  # fmt: skip
PHONES = ("0812-3456-0017", "+62 8l2 34S6 OO17", "081234567890", "6281325550142.0",
          "021 555 0123 ext 9", "-; 0813 2555 0142",
          "7777", "08888888888", "0876543210987")  # fmt: skip
NIBS = ("9120001234567", "120001234567", "0000000000000", "91.2000.1234567", "0123456789012", "12")
KBLIS = ("56103", "G47111", "99", "4", "471", "47111.0", "00000", "")


def typed() -> list[Record]:
    """Doors of an invented town, and whatever else a hand may type."""
    doors = [each.record for each in make_truth(700, 4, noise="harsh")]
    odd = [
        Record(record_id=f"odd {n}", source=FIELD, name=text, owner=ODD[-n], address=text,
               phone=PHONES[n % len(PHONES)], nib=NIBS[n % len(NIBS)], kbli=KBLIS[n % len(KBLIS)])
        for n, text in enumerate(ODD)
    ]  # fmt: skip
    return doors + odd


def told_to_the_phone(record: Record) -> dict[str, Any]:
    kept = ("name", "owner", "address", "phone", "nib", "kbli")
    return {name: getattr(record, name) or "" for name in kept} | {"unit": record.record_id}


@pytest.fixture(scope="module")
def doors() -> list[Record]:
    return typed()


def test_phone_and_server_say_the_same_of_every_door(doors: list[Record]) -> None:
    marker, weights = Marker(KEY), shipped()
    listed = [marker.marks(each) for each in doors if each.source == PRELIST][:150]
    rows = base64.b64encode(packed(listed)).decode()
    given = {
        "rules": rules(),
        "listed": {"version": VERSION, "area": "", "key": KEY, "rows": rows},
        "typed": [told_to_the_phone(each) for each in doors],
    }
    done = node(TESTS / "doorstep.mjs", given=json.dumps(given))
    assert done.returncode == 0, done.stderr
    warned = 0
    for record, line in zip(doors, done.stdout.splitlines(), strict=True):
        phone, mine = json.loads(line), marker.marks(record)
        ours = asdict(mine)
        activity = ours.pop("activity")
        assert ours.pop("unit") == phone["unit"]
        assert phone["marks"] == {**ours, "division": activity & 15, "group": activity >> 4}, record
        scored = [(weights.quarters(mine, each), each.unit) for each in listed]
        expected = sorted((-bits, unit) for bits, unit in scored if bits >= weights.warning)
        assert phone["warnings"] == [
            {"unit": unit, "bits": -bits / 4} for bits, unit in expected
        ], record
        warned += bool(expected)
    assert warned > 100


def test_the_unit_at_whose_door_one_stands_is_not_warned_of() -> None:
    shop = Record(
        record_id="IDSBR0000001", source=PRELIST, name="Toko Contoh Makmur", owner="Sri Umpama"
    )
    rows = base64.b64encode(packed([Marker(KEY).marks(shop)])).decode()
    door = told_to_the_phone(shop)
    given = {
        "rules": rules(),
        "listed": {"version": VERSION, "area": "", "key": KEY, "rows": rows},
        "typed": [door, door | {"self": shop.record_id}],
    }
    done = node(TESTS / "doorstep.mjs", given=json.dumps(given))
    first, second = (json.loads(line)["warnings"] for line in done.stdout.splitlines())
    assert [each["unit"] for each in first] == [Marker(KEY).marks(shop).unit]
    assert second == []
