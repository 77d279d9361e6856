"""From a record as it was written to what is compared; pure, the same for batch and online.

`features_of` is a function of the record and of `NORMALISER_VERSION` alone: a changed result
raises the version, and a model says for which version it was trained.
"""

from typing import Final

from matching.features import Features
from matching.normalise.addresses import address_of
from matching.normalise.names import Name, business_name
from matching.normalise.numbers import activity_code, area_code, business_number, phone_number
from matching.normalise.people import bag_of, owner_sound, owner_words
from matching.normalise.places import accuracy_of, position
from matching.normalise.sound import skeleton_of
from matching.record import Record

NORMALISER_VERSION: Final = 2


def features_of(record: Record) -> Features:
    """Give the features of a record; never raises, whatever the record holds."""
    name, owner = _name_and_owner(record)
    address = address_of(record.address)
    joined = "".join(name.words)
    fix = position(record.latitude, record.longitude)
    return Features(
        record_id=record.record_id,
        source=record.source,
        enumerator=record.enumerator or None,
        legal_form=name.legal_form,
        honorific=name.honorific,
        business_type=name.type,
        trade=name.trade,
        name=" ".join(name.words) or None,
        name_joined=joined or None,
        name_skeleton=skeleton_of(joined) if joined else None,
        ordinal=name.ordinal,
        brand=None,
        owner=" ".join(owner) or None,
        owner_skeleton=owner_sound(owner),
        bag=bag_of(name.words, owner),
        phone=phone_number(record.phone),
        nib=business_number(record.nib),
        street=address.street,
        street_skeleton=skeleton_of(address.street) if address.street else None,
        site=address.site,
        house_number=address.house_number,
        stall=address.stall,
        rt=address.rt,
        rw=address.rw,
        latitude=fix[0] if fix else None,
        longitude=fix[1] if fix else None,
        accuracy=accuracy_of(record.accuracy),
        kbli=activity_code(record.kbli),
        sls=area_code(record.sls),
    )


def _name_and_owner(record: Record) -> tuple[Name, tuple[str, ...]]:
    """Part name and owner; put right where the two fields were exchanged."""
    name = business_name(record.name)
    owner = owner_words(record.owner)
    if owner and not name.type and not name.legal_form:
        other = business_name(record.owner)
        if other.type or other.legal_form:
            return other, owner_words(record.name) or owner_words(other.owner)
    return name, owner or owner_words(name.owner)
