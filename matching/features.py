"""What of a record is compared: one flat row, the same for Splink and for the online path."""

from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """A record in its normalised parts; ASCII capitals, None where nothing is known.

    Made by `matching.normalise.features_of` alone.
    """

    record_id: str
    source: str
    enumerator: str | None
    legal_form: str | None  # CV, PT, UD …
    honorific: str | None  # BU, PAK, HJ … in the business name
    business_type: str | None  # TOKO, BATIK, BENGKEL …: one spelling each, the most telling one
    trade: str | None  # what that type deals in; None where it says little (TOKO, USAHA)
    name: str | None  # distinctive words, joined by one space
    name_joined: str | None  # the same without spaces
    name_skeleton: str | None  # its sound
    ordinal: str | None  # 2, BARU, CABANG …: which one of several
    brand: str | None  # canonical name of a chain; told by the reference
    owner: str | None
    owner_skeleton: str | None
    bag: tuple[str, ...]  # skeletons of the words of name and owner, sorted, each once
    phone: str | None  # national number without 0 or 62
    nib: str | None  # 13 digits
    street: str | None
    street_skeleton: str | None
    site: str | None  # market, housing estate, hamlet
    house_number: str | None
    stall: str | None  # block, kiosk or stall: B-12
    rt: str | None  # 3 digits
    rw: str | None  # 3 digits
    latitude: float | None
    longitude: float | None
    accuracy: float | None  # metres
    kbli: str | None  # 5 digits, fewer where no more is known
    sls: str | None  # 14 digits


FIELDS: Final = tuple(each.name for each in fields(Features))
