"""The hard cases, by name: what makes two records look alike, or unlike, against the truth."""

from typing import Final

SAME_OWNER: Final = "same_owner"  # two businesses of one owner at one address
FAMILY: Final = "family"  # next door, one family, one trade
SAME_NAME: Final = "same_name"  # two of one name in one SLS
CHAIN: Final = "chain"  # shops of one brand
STALL: Final = "stall"  # stalls of one market
ADJOINING: Final = "adjoining"  # one business in two stalls
SUCCESSION: Final = "succession"  # closed, and another at the same address
BRANCH: Final = "branch"  # head office and branch
SWAPPED: Final = "swapped"  # owner written as name, name as owner
HUB_PHONE: Final = "hub_phone"  # the village office's telephone
SENTINEL: Final = "sentinel"  # 9999 for what is not known
CENTROID: Final = "centroid"  # the point of the SLS, not of the business
NAMELESS: Final = "nameless"  # no name, or a description for one
OTHER_SLS: Final = "other_sls"  # filed under the SLS next to it
TWO_OFFICERS: Final = "two_officers"  # visited by two enumerators

SITUATIONS: Final = (*(SAME_OWNER, FAMILY, SAME_NAME, CHAIN, STALL, ADJOINING, SUCCESSION, BRANCH),)
ALL: Final = (
    *SITUATIONS,
    *(SWAPPED, HUB_PHONE, SENTINEL, CENTROID, NAMELESS, OTHER_SLS, TWO_OFFICERS),
)
JOIN: Final = "+"  # a record of several classes: chain+centroid
