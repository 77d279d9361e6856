"""Invented changes of SLS as answers to SE2026-PSLS, by leaf name: each gives a valid document.

`fill` turns them into submissions with the lists of `OFFICE`. The kelurahan is one of Kota
Pekalongan, its SLS are invented; every name, number and code is made up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Answers = dict[str, Any]

KELURAHAN = "3375030005"
FIRST, SECOND, THIRD, ELSEWHERE = (
    f"{KELURAHAN}000100",
    f"{KELURAHAN}000200",
    f"{KELURAHAN}000300",
    "3375030012000100",
)
OFFICE: Mapping[str, bytes] = {
    "kelurahan.csv": b"name,label\n3375030005,JENGGOT\n3375030012,BANYURIP\n",
    "wilayah.csv": (
        "name,label,kelurahan,kecamatan\n"
        f"{FIRST},0001-00 RT 001 RW 001,3375030005,3375030\n"
        f"{SECOND},0002-00 RT 002 RW 001,3375030005,3375030\n"
        f"{THIRD},0003-00 RT 003 RW 001,3375030005,3375030\n"
        f"{ELSEWHERE},0001-00 RT 001 RW 001,3375030012,3375030\n"
    ).encode(),
}
_LINE = "-6.917 109.667 12 4; -6.916 109.667 12 4; -6.915 109.668 12 4"
_AREA = "-6.917 109.667 0 4; -6.916 109.667 0 4; -6.916 109.668 0 4; -6.917 109.667 0 4"
_BASE: Answers = {
    "kelurahan": KELURAHAN,
    "idsubsls": FIRST,
    "level": "1",
    "geotag": "-6.917189 109.667401 12.0 4.5",
    "reasons": "1",
    "effective_date": "2026-03-01",
    "evidence_kinds": "1 3",
    "decree_no": "141/CONTOH/2026",
    "decree_date": "2026-02-20",
    "decree_code": "https://contoh.example/surat/1",
    "evidence_photo": "decree.jpg",
    "visits_made": "1",
    "visit": [
        {
            "visit_date": "2026-06-20",
            "visit_time": "09:30:00.000+07:00",
            "visit_result": "1",
            "visit_note": "",
        }
    ],
    "respondent_name": "KETUA CONTOH",
    "respondent_role": "1",
    "consent": "1",
    "decision": "0",
    "notes": "",
}
_WALKED: Answers = {"boundary_way": "1", "boundary_line": _LINE, "new_area": _AREA}


def before(households: int, businesses: int) -> Answers:
    """Give the numbers of one SLS before the change."""
    return {"households_before": str(households), "businesses_before": str(businesses)}


def after(households: int, businesses: int, **changes: str) -> Answers:
    """Give one SLS after the change; `changes` name it and its code."""
    return {
        "rt_head": "KETUA CONTOH",
        "rt_phone": "081200000002",
        "rw_head": "KETUA RW CONTOH",
        "households_after": str(households),
        "businesses_after": str(businesses),
    } | changes


def kept(code: str = FIRST, name: str = "RT 001 RW 001") -> Answers:
    """Give the answers of an SLS that keeps an old code."""
    return {"code_origin": "1", "kept_code": code, "name_after": name}


def renumbered(code: str = f"{KELURAHAN}0009", name: str = "RT 009 RW 001") -> Answers:
    """Give the answers of an SLS that gets a new code."""
    return {"code_origin": "2", "new_code": code, "name_after": name}


def split() -> Answers:
    """Give an RT that has become two, walked and not decided yet."""
    return {
        **_BASE,
        **_WALKED,
        "change_kind": "1",
        "before": [before(180, 42)],
        "parts_after": "2",
        "after": [after(100, 22, **kept()), after(80, 20, **renumbered())],
    }


def split_into_sub_sls() -> Answers:
    """Give a large SLS divided into three loads of work, approved, its codes not from the list."""
    parts = [
        after(90, 20, **renumbered(f"{KELURAHAN}0001{number:02}", f"RT 001 RW 001 ({number})"))
        for number in (1, 2, 3)
    ]
    return (
        split()
        | {"level": "2", "before": [before(270, 60)], "parts_after": "3", "after": parts}
        | approved()
    )


def merger() -> Answers:
    """Give two RT that have become one, approved by the coordinator."""
    return {
        **_BASE,
        "change_kind": "2",
        "merged_with": SECOND,
        "reasons": "2 5",
        "before": [before(30, 4), before(25, 3)],
        "after": [after(55, 7, **kept(SECOND, "RT 002 RW 001"))],
    } | approved()


def new_name() -> Answers:
    """Give an RT with another name, without a decree."""
    return {
        **_BASE,
        "change_kind": "3",
        "reasons": "6",
        "evidence_kinds": "3",
        "after": [after(0, 0, name_after="RT 010 RW 002")],
    }


def new_boundary() -> Answers:
    """Give a boundary that moved between three RT, drawn on paper, sent back by the coordinator."""
    return {
        **_BASE,
        "change_kind": "4",
        "neighbours": f"{SECOND} {THIRD}",
        "boundary_way": "2",
        "sketch_photo": "sketch.jpg",
        "reasons": "4 8",
        "reason_other": "jalan baru",
        "evidence_kinds": "0",
        "before": [before(100, 20), before(90, 10), before(80, 30)],
        "after": [after(95, 18), after(95, 12), after(80, 30)],
    } | decided("2", "foto peta belum terbaca")


def no_such_change() -> Answers:
    """Give a change that the head of the RT denied: rejected."""
    denied = {"visits_made": "2", "visit": [visit("3", "19"), visit("6", "20")]}
    return split() | denied | decided("3", "tidak ada pemekaran di lapangan")


def decided(decision: str, note: str = "") -> Answers:
    """Give the coordinator's part of the document."""
    return {
        "decision": decision,
        "decision_note": note,
        "coordinator_name": "KOSEKA CONTOH",
        "decision_date": "2026-06-20",
        "signature": "signature.png",
    }


def approved() -> Answers:
    """Give an approval."""
    return decided("1")


def visit(result: str, day: str = "20") -> dict[str, str]:
    """Give one visit on a day of June 2026."""
    return {"visit_date": f"2026-06-{day}", "visit_result": result}


def variants() -> Mapping[str, Callable[[], Answers]]:
    """Every change of this module by name, each valid and without a finding."""
    makers: Sequence[Callable[[], Answers]] = (
        split,
        split_into_sub_sls,
        merger,
        new_name,
        new_boundary,
        no_such_change,
    )
    return {maker.__name__: maker for maker in makers}
