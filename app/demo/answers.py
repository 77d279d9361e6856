"""What the owner of an invented firm answers to blocks I to X of SE2026-L, by leaf name."""

from collections.abc import Mapping, Sequence
from random import Random

from app.demo.firms import BRANCH, HEAD, SINGLE, SUPPORT, InventedFirm
from app.demo.kinds import Kind, kinds
from app.demo.people import FEMALE, invent_landline

Answers = dict[str, str | Sequence[Mapping[str, str]]]
Told = dict[str, str]

YES, NO = "1", "2"
SOLE_TRADER = "13"
_KELURAHAN = 10
_LARGE = 20  # workers, from which a firm has the internet
_WITH_DWELLING = ("2", "3")
_ANSWERED = ("1", "2")  # presence: found or new
_WITH_CERTIFICATE = ("10", "11", "21", "56", "2023")
_COMPANIES = ("01a", "02", "03", "05", "07")


def place(rng: Random, firm: InventedFirm, presence: str) -> Told:
    """Answer block I, and III where the building asks for it."""
    kind = kinds()[firm.kind]
    building = rng.choice(kind.building)
    hidden = {"business_kind": rng.choice(kind.place)} if building in _WITH_DWELLING else {}
    return {
        "kelurahan": firm.idsubsls[:_KELURAHAN],
        "idsubsls": firm.idsubsls,
        "building_no": str(rng.randint(1, 180)),
        "building_use": building,
        "business_no": rng.choice("11112"),
        "presence": presence,
        **(hidden if presence in _ANSWERED else {}),
    }


def geotag(rng: Random, firm: InventedFirm) -> str:
    """Give a location as a phone in the doorway tells it."""
    latitude = firm.latitude + rng.uniform(-0.00004, 0.00004)
    longitude = firm.longitude + rng.uniform(-0.00004, 0.00004)
    return f"{latitude:.6f} {longitude:.6f} {rng.uniform(3, 14):.1f} {rng.uniform(2.8, 14):.1f}"


def identity(rng: Random, firm: InventedFirm) -> Told:
    """Answer block II."""
    told = {
        "business_name": firm.business_name,
        "street": firm.street,
        "block_no": firm.house_no,
        "rt": firm.rt,
        "rw": firm.rw,
        "postcode": firm.postcode,
        "mobile": firm.owner.mobile if rng.random() < 0.95 else "9999",  # noqa: PLR2004 - share with a phone
        **_zone(rng, firm),
    }
    if firm.landline:
        told["phone"] = firm.landline
        told["email"] = f"{_web_name(firm)}@kotak.example"
        told["website"] = f"www.{_web_name(firm)}.example"
    if rng.random() < 0.12:  # noqa: PLR2004 - share with a brand of their own
        told["commercial_name"] = firm.business_name.split(" ", 1)[-1]
    return told


def permit_and_owner(rng: Random, firm: InventedFirm) -> Told:
    """Answer blocks IV to VI."""
    kind = kinds()[firm.kind]
    legal = rng.choice(kind.legal)
    if firm.network != SINGLE and legal == SOLE_TRADER:
        legal = "01a"
    keeps = legal != SOLE_TRADER or rng.random() < 0.35  # noqa: PLR2004 - share with a cash book
    records = rng.choice("223") if legal in _COMPANIES else "1"
    owner = firm.owner
    return {
        **_permit(rng, firm, kind),
        "legal_form": legal,
        "keeps_records": YES if keeps else NO,
        **({"records_kind": records} if keeps else {}),
        "owner_role": "1" if legal == SOLE_TRADER else rng.choice("12"),
        "owner_name": owner.name,
        "owner_sex": owner.sex,
        "owner_age": str(owner.age),
        "owner_nik": rng.choices([owner.nik, "7777", "8888", "9999"], [93, 4, 1, 2])[0],
    }


def activity(rng: Random, firm: InventedFirm) -> Told:
    """Answer blocks VII and VIII."""
    kind = kinds()[firm.kind]
    texts = {name: text.replace("{dish}", firm.dish.lower()) for name, text in kind.texts.items()}
    told = {name: text for name, text in texts.items() if text and name != "product"}
    does = {"makes_goods": "m", "serves_food": "f", "sells_goods": "s", "gives_services": "j"}
    told |= {leaf: YES if letter in kind.does else NO for leaf, letter in does.items()}
    told |= {"sales_place": kind.sales, "main_product": texts["product"], "kbli": kind.kbli}
    if kind.kbli.startswith("55"):
        starred = kind.kbli == "55110"
        told["hotel_stars"] = rng.choice("123") if starred else "0"
        told["hotel_rooms"] = str(rng.randint(30, 90) if starred else rng.randint(4, 22))
    return told | _network(rng, firm)


def surroundings(rng: Random, firm: InventedFirm) -> Told:
    """Answer blocks IX and X."""
    kind = kinds()[firm.kind]
    told = {
        **_internet(rng, firm, kind),
        "green_output": "2" if kind.green not in ("", "0") else rng.choice("3332"),
        "green_inputs": kind.green or "0",
        "creative_inputs": YES if kind.creative else NO,
        "exports": NO,
        "imports": NO,
        **({"creative_kinds": kind.creative} if kind.creative else {}),
    }
    if kind.key in ("batik_shop", "cloth_trader", "sarong", "weaving") and rng.random() < 0.15:  # noqa: PLR2004 - share that exports
        told |= {"exports": YES, "export_share": str(rng.randint(1, 8) * 5)}
    if kind.kbli.startswith(_WITH_CERTIFICATE):
        told |= _certificates(rng, kind)
    return told


def _zone(rng: Random, firm: InventedFirm) -> Told:
    kind = kinds()[firm.kind]
    if "pasar" in kind.texts["activity"] and kind.is_trade:
        return {"zone": "9", "zone_name": "PASAR CONTOH"}
    if kind.creative and rng.random() < 0.2:  # noqa: PLR2004 - share in a craft centre
        return {"zone": "8", "zone_name": "SENTRA KERAJINAN CONTOH"}
    return {"zone": "10"}


def _web_name(firm: InventedFirm) -> str:
    return "".join(letter for letter in firm.business_name.lower() if letter.isalnum())


def _permit(rng: Random, firm: InventedFirm, kind: Kind) -> Told:
    if not firm.nib:
        reason = rng.choices("12345", [12, 18, 45, 22, 3])[0]
        other = {"no_nib_other": "menunggu anak yang paham komputer"} if reason == "5" else {}
        return {"has_nib": NO, "no_nib_reason": reason, **other}
    told = {"has_nib": YES, "nib": firm.nib}
    if rng.random() < 0.5:  # noqa: PLR2004 - share that shows the sheet
        told |= {"nib_kbli": kind.kbli, "nib_kbli_edition": rng.choice(("2020", "2020", "2025"))}
    return told


def _network(rng: Random, firm: InventedFirm) -> Told:
    if firm.network == HEAD:
        return {"network": HEAD, "network_units": "3"}
    if firm.network in (BRANCH, SUPPORT):
        return {
            "network": firm.network,
            "head_name": firm.head,
            "head_address": f"{firm.street} RAYA",
            "head_regency": rng.choice(("KOTA PEKALONGAN", "KOTA SEMARANG", "KABUPATEN BATANG")),
            "head_phone": invent_landline(rng),
        }
    return {"network": SINGLE}


def _internet(rng: Random, firm: InventedFirm, kind: Kind) -> Told:
    """Answer block IX: the young, the companies and those who sell online use the internet."""
    online = "4" in kind.sales
    likely = 0.9 if online or firm.landline else 0.75 - firm.owner.age / 100
    surely = kind.key == "online_shop" or firm.network != SINGLE or kind.workers[1] > _LARGE
    if not (surely or rng.random() < likely):
        return {"uses_internet": NO, "technology": "0"}
    told = {"uses_internet": YES, "internet_uses": rng.choice(("4 5", "5", "3 5", "4"))}
    told |= {
        "sells_online": NO,
        "technology": rng.choices(["0", "6", "1", "1 6"], [85, 9, 4, 2])[0],
    }
    if online or rng.random() < 0.35:  # noqa: PLR2004 - share that takes orders by messages
        channels = ("1 2 3", "2 3", "3") if kind.does != "f" else ("3 5", "5", "2 3")
        told |= {"sells_online": YES, "internet_uses": rng.choice(("1 5", "1 4 5", "1"))}
        told["online_channels"] = rng.choice(channels)
    return told


def _certificates(rng: Random, kind: Kind) -> Told:
    told = {"halal": rng.choices("123", [35, 25, 40])[0]}
    if not kind.kbli.startswith("56"):
        told["bpom"] = rng.choices("123", [25, 15, 60])[0]
    return told


def owner_at_home(rng: Random, firm: InventedFirm, other: str) -> Told:
    """Answer who gave the answers: mostly the owner, else somebody called `other`."""
    if rng.random() < 0.8:  # noqa: PLR2004 - share of owners met
        return {"respondent_name": firm.owner.name, "respondent_role": "1", "consent": YES}
    role = rng.choice("45") if firm.owner.sex == FEMALE else "4"
    return {"respondent_name": other, "respondent_role": role, "consent": YES}
