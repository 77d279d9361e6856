"""Everything that is compared between two records of businesses.

The first comparisons look at one field each. The last ones look at several at once, because same
street, same owner, same activity and same place go together among *different* businesses too:
stalls of a market, shops of one family, two businesses of one owner. Added up apart they would
count one agreement several times.
"""

from typing import Final

from matching.levels.atoms import (
    as_long_as,
    both,
    contained,
    crossed,
    crossed_within,
    differ,
    empty,
    jaccard,
    jaro_winkler,
    known,
    levenshtein,
    neither,
    next_to,
    overlap,
    same,
    same_number,
    same_start,
    shared,
    unknown,
    within,
)
from matching.levels.comparison import Comparison, comparison, fact, level, rest, silent, together
from matching.record import FIELD

NAME = comparison(
    "name",
    "name",
    silent(unknown("name_joined")),
    level("exact", same("name"), frequency="name"),
    level("joined", same("name_joined"), frequency="name"),
    level("sound", same("name_skeleton"), frequency="name"),
    level("one letter", as_long_as("name_joined", 5) & levenshtein("name_joined").at_most(1)),
    level("0.95", jaro_winkler("name_joined").at_least(0.9501)),
    level("contained", contained("name_joined", 5)),
    level("0.90", jaro_winkler("name_joined").at_least(0.9001)),
    level("0.82", jaro_winkler("name_joined").at_least(0.8201)),
    level("0.70", jaro_winkler("name_joined").at_least(0.7001)),
    rest("differs"),
    falling=True,
)
BAG = comparison(
    "bag",
    "name owner",
    silent(empty("bag")),
    level("alike", jaccard("bag").at_least(0.999) & shared("bag").at_least(2)),
    level("0.74", jaccard("bag").at_least(0.74)),
    level("0.59", jaccard("bag").at_least(0.59)),
    level("0.49", jaccard("bag").at_least(0.49)),
    level("0.33", jaccard("bag").at_least(0.33)),
    level("some", shared("bag").at_least(1)),
    rest("nothing"),
    falling=True,
)
TYPE = comparison(
    "type",
    "business_type",
    silent(unknown("business_type")),
    level("same", same("business_type")),
    rest("differs"),
    falling=True,
)
TRADE = comparison(
    "trade",
    "trade",
    silent(unknown("trade")),
    level("same", same("trade")),
    rest("differs"),
    falling=True,
)
KBLI = comparison(
    "kbli",
    "kbli",
    silent(unknown("kbli")),
    level("5 digits", same_start("kbli", 5)),
    level("4 digits", same_start("kbli", 4)),
    level("3 digits", same_start("kbli", 3)),
    level("2 digits", same_start("kbli", 2)),
    rest("differs"),
    falling=True,
)
OWNER = comparison(
    "owner",
    "owner",
    silent(unknown("owner")),
    level("exact", same("owner"), frequency="owner"),
    level("sound", same("owner_skeleton"), frequency="owner"),
    level("one letter", as_long_as("owner", 5) & levenshtein("owner").at_most(1)),
    level("0.95", jaro_winkler("owner").at_least(0.9501)),
    level("contained", contained("owner", 5)),
    level("0.90", jaro_winkler("owner").at_least(0.9001)),
    level("0.82", jaro_winkler("owner").at_least(0.8201)),
    level("0.70", jaro_winkler("owner").at_least(0.7001)),
    rest("differs"),
    falling=True,
)
PHONE = comparison(
    "phone",
    "phone",
    silent(unknown("phone")),
    level("same", same("phone")),
    level("one digit", as_long_as("phone", 8) & levenshtein("phone").at_most(1)),
    rest("differs"),
    falling=True,
)
NIB = comparison(
    "nib",
    "nib",
    silent(unknown("nib")),
    level("same", same("nib")),
    level("one digit", levenshtein("nib").at_most(1)),
    rest("differs"),
    falling=True,
)
DISTANCE = comparison(
    "distance",
    "latitude longitude",
    silent(unknown("latitude") | unknown("longitude")),
    *(level(f"{metres} m", within(metres)) for metres in (10, 20, 35, 60, 100, 180, 400, 1000)),
    rest("further"),
    falling=True,
)
STREET = comparison(
    "street",
    "street",
    silent(unknown("street")),
    level("exact", same("street")),
    level("sound", same("street_skeleton")),
    level("contained", contained("street", 4)),
    level("0.90", jaro_winkler("street").at_least(0.9001)),
    level("0.80", jaro_winkler("street").at_least(0.8001)),
    rest("differs"),
    falling=True,
)
SITE = comparison(
    "site",
    "site",
    silent(unknown("site")),
    level("same", same("site")),
    level("0.90", jaro_winkler("site").at_least(0.9001)),
    rest("differs"),
    falling=True,
)
DOOR = comparison(
    "door",
    "house_number stall",
    level("same stall", same("stall")),
    level("next stall", next_to("stall", 1)),
    level("stall close by", next_to("stall", 3)),
    level("other stall", differ("stall")),
    level("same number, same street", same("house_number") & same("street_skeleton")),
    level("number and letter, same street", same_number("house_number") & same("street_skeleton")),
    level("other number, same street", differ("house_number") & same("street_skeleton")),
    level("same number, other street", same("house_number") & known("street")),
    level("same number", same("house_number")),
    level("other number", differ("house_number")),
    silent(neither("stall") & neither("house_number")),
    rest("one knows"),
)
NEIGHBOURHOOD = comparison(
    "rt_rw",
    "rt rw",
    silent(unknown("rt") & unknown("rw")),
    level("both", same("rt") & same("rw")),
    level("rw, other rt", same("rw") & differ("rt")),
    level("one", same("rw") | same("rt")),
    rest("differs"),
)
AREA = comparison(
    "area",
    "sls",
    silent(unknown("sls")),
    level("sls", same("sls")),
    level("kelurahan", same_start("sls", 10)),
    level("kecamatan", same_start("sls", 7)),
    rest("further"),
    falling=True,
)
ORDINAL = comparison(
    "ordinal",
    "ordinal",
    silent(neither("ordinal"), "none"),
    level("same", same("ordinal")),
    level("differs", differ("ordinal")),
    rest("one has it"),
)
BRAND = comparison(
    "brand",
    "brand",
    silent(neither("brand"), "none"),
    level("same, same place", same("brand") & (within(100) | same("street_skeleton"))),
    level("same, place unknown", same("brand") & unknown("latitude") & unknown("street")),
    level("same, elsewhere", same("brand")),
    level("differs", differ("brand")),
    rest("one has it"),
)
FORM = comparison(
    "legal_form",
    "legal_form",
    silent(unknown("legal_form")),
    level("same", same("legal_form")),
    rest("differs"),
)
WORDS = comparison(
    "words",
    "name owner",
    silent(empty("bag")),
    level("three or more", shared("bag").at_least(3)),
    level("two, all of one", shared("bag").at_least(2) & overlap("bag").at_least(0.999)),
    level("two", shared("bag").at_least(2)),
    level("one, all of one", overlap("bag").at_least(0.999)),
    level("one", shared("bag").at_least(1)),
    rest("none"),
    falling=True,
)
CROSSED = comparison(
    "crossed",
    "name owner",
    silent(unknown("name_skeleton") & unknown("owner_skeleton"), "cannot be told"),
    level("same", crossed("name_skeleton", "owner_skeleton")),
    level("within", crossed_within("name_joined", "owner", 4)),
    rest("no"),
)

NAMED = fact(
    "name",
    "name",
    level(
        "name agrees",
        same("name_joined")
        | same("name_skeleton")
        | jaro_winkler("name_joined").at_least(0.9301)
        | contained("name_joined", 6),
    ),
    level(
        "name is close", jaro_winkler("name_joined").at_least(0.8201) | contained("name_joined", 4)
    ),
    level("name differs", known("name_joined")),
    rest("name unknown"),
)
OWNED = fact(
    "owner",
    "owner",
    level(
        "owner agrees",
        same("owner_skeleton") | jaro_winkler("owner").at_least(0.9301) | contained("owner", 5),
    ),
    level("owner is close", jaro_winkler("owner").at_least(0.8001)),
    level("owner differs", known("owner")),
    rest("owner unknown"),
)
ACTIVE = fact(
    "activity",
    "kbli trade",
    level("activity agrees", same_start("kbli", 4) | (same_start("kbli", 2) & same("trade"))),
    level("activity is related", same_start("kbli", 3) | same("trade")),
    level("activity differs", known("kbli") | differ("trade")),
    rest("activity unknown"),
)
PLACED = fact(
    "place",
    "street site house_number stall",
    level("same door", same("stall") | (same("street_skeleton") & same("house_number"))),
    level("next stall", next_to("stall", 2)),
    level("other door", differ("stall") | (same("street_skeleton") & differ("house_number"))),
    level("near", within(35)),
    level("apart", known("latitude") | differ("street_skeleton")),
    rest("place unknown"),
)
CALLED = fact(
    "phone",
    "phone",
    level("phone agrees", same("phone")),
    level("phone differs", known("phone")),
    rest("phone unknown"),
)
WHO = fact(
    "who",
    "name owner phone",
    level(
        "somebody agrees",
        same("name_joined")
        | same("owner_skeleton")
        | same("name_skeleton")
        | shared("bag").at_least(1)
        | same("phone")
        | jaro_winkler("name_joined").at_least(0.8201)
        | jaro_winkler("owner").at_least(0.8201)
        | crossed_within("name_joined", "owner", 4),
    ),
    level("name and owner differ", known("name_joined") & known("owner")),
    level("name differs", known("name_joined")),
    level("owner differs", known("owner")),
    rest("nobody known"),
)
SOURCED = fact(
    "source",
    "source enumerator",
    level("same enumerator", both("source", FIELD) & same("enumerator")),
    level("same source", same("source")),
    rest("two sources"),
)

COMPARISONS: Final[tuple[Comparison, ...]] = (
    NAME,
    BAG,
    WORDS,
    CROSSED,
    TYPE,
    TRADE,
    KBLI,
    OWNER,
    PHONE,
    NIB,
    DISTANCE,
    STREET,
    SITE,
    DOOR,
    NEIGHBOURHOOD,
    AREA,
    ORDINAL,
    BRAND,
    FORM,
    together(NAMED, OWNED),
    together(NAMED, ACTIVE),
    together(OWNED, ACTIVE),
    together(NAMED, PLACED),
    together(OWNED, PLACED),
    together(ACTIVE, PLACED),
    together(WHO, PLACED),
    together(WHO, ACTIVE),
    together(WHO, SOURCED),
    together(CALLED, NAMED),
    together(CALLED, OWNED),
    together(SOURCED, NAMED),
    together(SOURCED, OWNED),
    together(SOURCED, ACTIVE),
    together(SOURCED, PLACED),
)
