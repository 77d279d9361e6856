"""The invented businesses of the city, and what the register knew of them beforehand."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from app.demo.chance import chance, column
from app.demo.city import InventedArea, leaves
from app.demo.kinds import Kind, kinds, pick_kind
from app.demo.people import Owner, invent_landline, invent_nib, invent_owner
from app.demo.spelling import respelt, sound_of

COLUMNS = (
    "unit_id", "idsbr", "idsubsls", "business_name", "owner_name", "address", "kbli", "phone", "nib"
)  # fmt: skip
_KECAMATAN, _SLS = 7, 14
_NEARBY = 0.0006  # degrees, some 65 m
_CHAIN = "minimarket"  # the kind of which one firm has three shops with one NIB
_CHAIN_NIB = "9900000000017"
SINGLE, HEAD, BRANCH, SUPPORT = "1", "2", "3", "6"


@dataclass(frozen=True, slots=True)
class InventedFirm:
    """A business as it is; `listed` is what the prelist says of it, empty for one it lacks."""

    unit_id: str
    idsubsls: str
    kind: str
    business_name: str
    owner: Owner
    nib: str  # empty: has none
    landline: str
    street: str
    house_no: str
    rt: str
    rw: str
    postcode: str
    latitude: float
    longitude: float
    dish: str = ""
    network: str = SINGLE
    head: str = ""  # name of its head office
    twin_of: str | None = None  # unit that the prelist lists a second time as this one
    listed: Mapping[str, str] | None = None

    @property
    def address(self) -> str:
        """Give the address in one line."""
        return f"{self.street} NO {self.house_no} RT {self.rt}/RW {self.rw}".replace(" NO - ", " ")


def invent_prelist(areas: Sequence[InventedArea], seed: int) -> list[InventedFirm]:
    """Give the units of the prelist, by sub-SLS; some 2 % are listed twice under two names."""
    firms: list[InventedFirm] = []
    taken: set[tuple[str, str]] = set()
    for area in leaves(areas):
        rng = chance(seed, "firms", area.code)
        assert area.expected_load is not None
        for _ in range(round(area.expected_load * rng.uniform(0.88, 1.0))):
            if firms and firms[-1].idsubsls == area.code and rng.random() < 0.022:  # noqa: PLR2004 - share of twins
                firms.append(_twin(rng, firms[-1]))
            else:
                firms.append(invent_firm(rng, area, taken))
    numbered = _numbered(_chained(firms), chance(seed, "register"))
    return [replace(firm, listed=_listed(firm, seed)) for firm in numbered]


def prelist_csv(firms: Sequence[InventedFirm]) -> bytes:
    """Give the prelist as a file for `se2026 prelist import`."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(firm.listed for firm in firms if firm.listed)
    return out.getvalue().encode()


def invent_firm(rng: Random, area: InventedArea, taken: set[tuple[str, str]]) -> InventedFirm:
    """Give a business of a sub-SLS whose name no other has in its SLS; `taken` remembers them."""
    kind = pick_kind(rng, area.code[:_KECAMATAN])
    owner = invent_owner(rng, area.code[:_KECAMATAN], women=kind.women)
    dish = rng.choice(column("brands", "dish"))
    name = _name(rng, kind, owner, dish)
    while (area.code[:_SLS], sound_of(name)) in taken:
        owner = invent_owner(rng, area.code[:_KECAMATAN], women=kind.women)
        name = _name(rng, kind, owner, dish)
    taken.add((area.code[:_SLS], sound_of(name)))
    return replace(_placed(rng, area, kind, owner, name), dish=dish)


def names_taken(firms: Iterable[InventedFirm]) -> set[tuple[str, str]]:
    """Give SLS and name key of firms, as `invent_firm` remembers them."""
    return {(firm.idsubsls[:_SLS], sound_of(firm.business_name)) for firm in firms}


def spot_of(firm: InventedFirm) -> InventedArea:
    """Give the surroundings of a firm as an area in which others can be invented."""
    return InventedArea(
        code=firm.idsubsls,
        name=f"RT {firm.rt} RW {firm.rw}",
        kemendagri_code=None,
        kemendagri_name=None,
        postal_code=firm.postcode,
        latitude=firm.latitude,
        longitude=firm.longitude,
        area_km2=None,
    )


def _placed(rng: Random, area: InventedArea, kind: Kind, owner: Owner, name: str) -> InventedFirm:
    assert area.latitude is not None
    assert area.longitude is not None
    large = kind.workers[1] > 9  # noqa: PLR2004 - workers; such firms have permits and telephones
    branch = rng.random() * 100 < kind.branch
    return InventedFirm(
        unit_id="",
        idsubsls=area.code,
        kind=kind.key,
        business_name=name,
        owner=owner,
        nib=invent_nib(rng) if rng.random() < (0.75 if large else 0.4) else "",
        landline=invent_landline(rng) if rng.random() < (0.5 if large else 0.03) else "",
        street=rng.choice(column("brands", "street")),
        house_no=str(rng.randint(1, 140)) if rng.random() < 0.8 else "-",  # noqa: PLR2004 - share with a number
        rt=area.name[3:6],
        rw=area.name[10:13],
        postcode=area.postal_code or "51111",
        latitude=round(area.latitude + rng.uniform(-_NEARBY, _NEARBY), 6),
        longitude=round(area.longitude + rng.uniform(-_NEARBY, _NEARBY), 6),
        network=SUPPORT if kind.key == "warehouse" else BRANCH if branch else SINGLE,
        head=f"PT {_brand(rng)} CONTOH" if branch or kind.key == "warehouse" else "",
    )


def _name(rng: Random, kind: Kind, owner: Owner, dish: str) -> str:
    form = rng.choice(kind.names)
    told = {"brand": _brand(rng), "first": owner.first.upper(), "title": owner.title, "dish": dish}
    return form.format_map(told)


def _brand(rng: Random) -> str:
    brand = rng.choice(column("brands", "brand"))
    return f"{brand} {rng.choice(column('brands', 'tail'))}" if rng.random() < 0.7 else brand  # noqa: PLR2004 - share of two words


def _twin(rng: Random, firm: InventedFirm) -> InventedFirm:
    """List a firm again, from another source: mostly under its owner's name, or spelt otherwise."""
    word = kinds()[firm.kind].texts["product"].split()[0].upper().replace("{DISH}", firm.dish)
    owned = f"{firm.owner.name} ({word})"
    spelt = respelt(rng, firm.business_name, firm.owner.name)
    name = spelt if rng.random() < 0.1 else owned  # noqa: PLR2004 - few twins share an exact key
    return replace(firm, business_name=name, twin_of="?", network=SINGLE, head="")


def _chained(firms: Sequence[InventedFirm]) -> list[InventedFirm]:
    """Make one enterprise of three shops that share a NIB: its head office and two branches."""
    shops = [at for at, firm in enumerate(firms) if firm.kind == _CHAIN and not firm.twin_of]
    places = shops[:3]
    chained = list(firms)
    for number, place in enumerate(places):
        chained[place] = replace(
            firms[place],
            business_name=f"MINIMARKET SUMBER CONTOH {number + 1}",
            nib=_CHAIN_NIB,
            network=BRANCH if number else HEAD,
            head="PT SUMBER CONTOH" if number else "",
        )
    return chained


def _numbered(firms: Sequence[InventedFirm], rng: Random) -> list[InventedFirm]:
    """Give every firm its number in the register, with the gaps that such numbers have."""
    numbered: list[InventedFirm] = []
    number = 75_000_000
    for firm in firms:
        number += rng.randint(1, 9)
        twin = numbered[-1].unit_id if firm.twin_of else None
        numbered.append(replace(firm, unit_id=str(number), twin_of=twin))
    return numbered


def _listed(firm: InventedFirm, seed: int) -> Mapping[str, str]:
    """Tell what the register knows: seldom everything, and not always in the owner's words."""
    rng = chance(seed, "listed", firm.unit_id)
    shares = {"owner": 0.85, "kbli": 0.9, "phone": 0.45, "nib": 0.8}
    known = {name: rng.random() < share for name, share in shares.items()}
    kind = kinds()[firm.kind]
    other = pick_kind(rng, firm.idsubsls[:_KECAMATAN])
    mobile = firm.owner.mobile
    written = rng.choice((mobile, f"+62{mobile[1:]}", f"{mobile[:4]}-{mobile[4:8]}-{mobile[8:]}"))
    return {
        "unit_id": firm.unit_id,
        "idsbr": firm.unit_id,
        "idsubsls": firm.idsubsls,
        "business_name": firm.business_name,
        "owner_name": firm.owner.name if known["owner"] else "",
        "address": firm.address,
        "kbli": (kind.kbli if rng.random() < 0.94 else other.kbli) if known["kbli"] else "",  # noqa: PLR2004 - share that is still right
        "phone": written if known["phone"] and not firm.twin_of else "",
        "nib": firm.nib if known["nib"] and not firm.twin_of else "",
    }
