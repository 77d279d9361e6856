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
    differ,
    empty,
    jaccard,
    jaro_winkler,
    known,
    levenshtein,
    neither,
    same,
    same_start,
    shared,
    unknown,
    within,
)
from matching.levels.comparison import Comparison, comparison, level, rest, silent
from matching.record import FIELD, ONLINE, PRELIST

NAME_AGREES: Final = (
    same("name_joined")
    | same("name_skeleton")
    | jaro_winkler("name_joined").at_least(0.9301)
    | contained("name_joined", 6)
)
NAME_DIFFERS: Final = known("name_joined")  # asked after NAME_AGREES
OWNER_AGREES: Final = (
    same("owner")
    | same("owner_skeleton")
    | jaro_winkler("owner").at_least(0.9301)
    | contained("owner", 6)
)
OWNER_DIFFERS: Final = known("owner")  # asked after OWNER_AGREES
ACTIVITY_AGREES: Final = same_start("kbli", 4) | (unknown("kbli") & same("business_type"))
ACTIVITY_DIFFERS: Final = known("kbli") | differ("business_type")  # asked after ACTIVITY_AGREES
BESIDE: Final = within(35) | (same("street_skeleton") & same("house_number")) | same("stall")

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
DOOR = comparison(
    "door",
    "house_number stall",
    level("same stall", same("stall")),
    level("other stall", differ("stall")),
    level("same number, same street", same("house_number") & same("street_skeleton")),
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
ORIGIN = comparison(
    "origin",
    "source enumerator",
    level("same enumerator", both("source", FIELD) & same("enumerator")),
    level("two of the field", both("source", FIELD)),
    level("two of the prelist", both("source", PRELIST)),
    level("two online", both("source", ONLINE)),
    silent(differ("source"), "two sources"),
    rest("another"),
)
ACTOR = comparison(
    "name and owner",
    "name owner",
    level("both agree", NAME_AGREES & OWNER_AGREES),
    level("name agrees, owner differs", NAME_AGREES & OWNER_DIFFERS),
    level("name agrees, owner unknown", NAME_AGREES),
    level("owner agrees, name differs", OWNER_AGREES & NAME_DIFFERS),
    level("owner agrees, name unknown", OWNER_AGREES),
    level("both differ", NAME_DIFFERS & OWNER_DIFFERS),
    level("name differs, owner unknown", NAME_DIFFERS),
    level("owner differs, name unknown", OWNER_DIFFERS),
    rest("both unknown"),
)
TRADE = comparison(
    "actor and activity",
    "name owner business_type kbli",
    level("owner agrees, activity agrees", OWNER_AGREES & ACTIVITY_AGREES),
    level("owner agrees, activity differs", OWNER_AGREES & ACTIVITY_DIFFERS),
    level("name agrees, activity agrees", NAME_AGREES & ACTIVITY_AGREES),
    level("name agrees, activity differs", NAME_AGREES & ACTIVITY_DIFFERS),
    level("activity agrees", ACTIVITY_AGREES),
    level("activity differs", ACTIVITY_DIFFERS),
    rest("activity unknown"),
)
BESIDE_EACH_OTHER = comparison(
    "next door",
    "street house_number stall",
    level("name and owner agree", BESIDE & NAME_AGREES & OWNER_AGREES),
    level("owner agrees", BESIDE & OWNER_AGREES & NAME_DIFFERS),
    level("name agrees, owner differs", BESIDE & NAME_AGREES & OWNER_DIFFERS),
    level("name agrees", BESIDE & NAME_AGREES),
    level("same activity", BESIDE & ACTIVITY_AGREES & NAME_DIFFERS),
    level("another activity", BESIDE & ACTIVITY_DIFFERS & NAME_DIFFERS),
    level("beside", BESIDE),
    level("far, name and owner agree", NAME_AGREES & OWNER_AGREES),
    level("far, name agrees", NAME_AGREES),
    level("far, owner agrees", OWNER_AGREES),
    rest("far"),
)

COMPARISONS: Final[tuple[Comparison, ...]] = (
    NAME,
    BAG,
    TYPE,
    KBLI,
    OWNER,
    PHONE,
    NIB,
    DISTANCE,
    STREET,
    DOOR,
    NEIGHBOURHOOD,
    AREA,
    ORDINAL,
    BRAND,
    FORM,
    ORIGIN,
    ACTOR,
    TRADE,
    BESIDE_EACH_OTHER,
)
