"""Submissions validated per second on one core, beside lxml evaluating as many expressions alone.

Run `python -m bench.validate [seconds]`. Ours goes from bytes to findings and values with
everything checked; lxml has just the expressions to do (`bench.lxml_alone`), in three ways:
expressions compiled once for all documents, an evaluator made for each document, and the text of
the expression each time. All take turns in this process, in its own processor time, and the median
turn counts: the ratios outlive the machine and its other business.

Also: reading the compiled XForm beside pyxform's conversion of the tables; a list of 50,000 rows
and what it does to the others; a document that is mostly repeats; peak memory after each part.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any

from pyxform.xls2xform import convert

import forms.compile
from bench.lxml_alone import Alone, alone
from forms.compile import compile_definition, definition
from forms.fill import fill
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.validate import validate
from forms.xform import read_xform
from tests.support.businesses import batik_home_producer

OFFICE = {
    "kelurahan.csv": b"name,label\n3375030005,JENGGOT\n",
    "wilayah.csv": b"name,label,kelurahan,kecamatan\n3375030005000100,RT 1,3375030005,3375030\n",
    "usaha.csv": b"name,label,idsubsls\nIDSBR0000001,BATIK SEKAR,3375030005000100\n",
}
ROUNDS = 7
LONG = 50_000  # rows of a long list
INSTANCES = 200

# a ledger: what a day brought in and cost, with the rules that such a table has
REPEATS = """
| survey |
|        | type              | name   | label   | relevant         | required | constraint              | calculation              |
|        | integer           | days   | Hari    |                  | yes      | . > 0                   |                          |
|        | begin repeat      | day    | Hari    |                  |          |                         |                          |
|        | date              | on     | Tanggal |                  | yes      | . <= date('2026-12-31') |                          |
|        | select_one yn     | open   | Buka    |                  | yes      |                         |                          |
|        | integer           | sold   | Terjual | ${open} = '1'    | yes      | . >= 0                  |                          |
|        | decimal           | price  | Harga   | ${sold} > 0      | yes      | . > 0 and . < 1000000   |                          |
|        | integer           | cost   | Biaya   | ${open} = '1'    | yes      | . >= 0                  |                          |
|        | text              | why    | Sebab   | ${open} = '2'    |          | string-length(.) < 200  |                          |
|        | calculate         | profit |         |                  |          |                         | ${sold} * ${price} - ${cost} |
|        | end repeat        |        |         |                  |          |                         |                          |
|        | calculate         | total  |         |                  |          |                         | sum(${profit})           |
|        | calculate         | count  |         |                  |          |                         | count(${day})            |
| choices |
|        | list_name | name | label |
|        | yn        | 1    | Ya    |
|        | yn        | 2    | Tidak |
| settings |
|        | form_id | version |
|        | ledger  | 1       |
"""  # noqa: E501 - a table


def turns(runs: Mapping[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """Return runs per second of each, by the median of turns taken one after the other."""
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            rates[name].append(rate(run, seconds / ROUNDS / len(runs)))
    return {name: median(found) for name, found in rates.items()}


def rate(run: Callable[[], object], seconds: float) -> float:
    """Return runs per second of this process's own time; others on the machine do not count."""
    begun, times = time.process_time(), 0
    while (spent := time.process_time() - begun) < seconds:
        run()
        times += 1
    return times / spent


def milliseconds(run: Callable[[], object], times: int) -> float:
    """Return the median of a few runs."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        run()
        found.append((time.process_time() - begun) * 1_000)
    return round(median(found), 1)


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def tables(media: Mapping[str, bytes]) -> StaticLists:
    return StaticLists(
        {name.removesuffix(".csv"): ListTable.from_csv(body) for name, body in media.items()}
    )


def filled(form: Questionnaire, answers: Mapping[str, Any], lists: StaticLists) -> bytes:
    start, end = datetime(2026, 6, 20, 2, 30, tzinfo=UTC), datetime(2026, 6, 20, 3, 5, tzinfo=UTC)
    instance_id = "uuid:7d1a3a57-0000-4000-8000-000000000001"
    body = fill(
        form, answers, lists, instance_id=instance_id, start=start, end=end, device_id="bench"
    )
    assert validate(form, read_submission(body), lists).findings == ()
    return body


def beside_lxml(
    form: Questionnaire, body: bytes, lists: StaticLists, seconds: float
) -> dict[str, float]:
    """Full validation beside three ways of lxml alone."""
    theirs: Alone = alone(form, body)
    rates = turns(
        {
            "ours": lambda: validate(form, read_submission(body), lists),
            "compiled_once": theirs.compiled_once,
            "evaluator_per_document": theirs.evaluator_per_document,
            "text_each_time": theirs.text_each_time,
        },
        seconds,
    )
    ours = rates.pop("ours")
    return {
        "expressions": theirs.wanted,
        "expressions_lxml_takes": theirs.taken,
        "validated_per_second": round(ours, 1),
        **{f"lxml_{way}_per_second": round(found, 1) for way, found in rates.items()},
        **{f"ratio_to_lxml_{way}": round(ours / found, 2) for way, found in rates.items()},
    }


def long_list() -> bytes:
    rows = (f"IDSBR{n:07},USAHA {n},33750300050{n % 1000:05}" for n in range(2, LONG + 1))
    return OFFICE["usaha.csv"] + "\n".join(rows).encode() + b"\n"


def beside_long_list(
    form: Questionnaire, body: bytes, media: Mapping[str, bytes], seconds: float
) -> dict[str, float]:
    """Compare the same document with the list as it is and with a list of 50,000 rows."""
    short = tables(media)
    begun = time.process_time()
    long = tables({**media, "usaha.csv": long_list()})
    read = time.process_time()
    validate(form, read_submission(body), long)
    first = time.process_time()
    rates = turns(
        {
            "short": lambda: validate(form, read_submission(body), short),
            "long": lambda: validate(form, read_submission(body), long),
        },
        seconds,
    )
    return {
        "rows": LONG,
        "read_ms": round((read - begun) * 1_000, 1),
        "first_document_ms": round((first - read) * 1_000, 1),
        "rate_with_to_rate_without": round(rates["long"] / rates["short"], 2),
    }


def compiling(xform: bytes) -> dict[str, float]:
    """Time the reading of the compiled XForm beside pyxform's conversion of the same tables."""
    spent: list[float] = []

    def timed(*args: object, **given: object) -> object:
        begun = time.process_time()
        done = convert(*args, **given)
        spent.append((time.process_time() - begun) * 1_000)
        return done

    forms.compile.convert = timed
    whole = milliseconds(lambda: compile_definition(definition("se2026_l"), lists=OFFICE), 5)
    forms.compile.convert = convert
    return {
        "read_xform_ms": milliseconds(lambda: read_xform(xform), 15),
        "pyxform_convert_ms": round(median(spent), 1),
        "tables_to_xform_ms": whole,
    }


def repeats(seconds: float) -> dict[str, float]:
    """Measure a document of 200 instances."""
    form = read_xform(convert(xlsform=REPEATS, file_type=".md", form_name="data").xform.encode())
    day = {"on": "2026-06-01", "open": "1", "sold": "12", "price": "1500.5", "cost": "9000"}
    shut = {"on": "2026-06-02", "open": "2", "why": "Libur"}
    answers = {"days": str(INSTANCES), "day": [day, day, shut, day] * (INSTANCES // 4)}
    lists = StaticLists()
    body = filled(form, answers, lists)
    return {"instances": INSTANCES, **beside_lxml(form, body, lists, seconds)}


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    compiled = compile_definition(definition("se2026_l"), lists=OFFICE)
    form = read_xform(compiled.xform)
    lists = tables(compiled.media)
    body = filled(form, batik_home_producer(), lists)
    peak = {"imported_and_compiled": peak_mb()}
    outcome: dict[str, object] = {"nodes": len(form.nodes)}
    outcome |= beside_lxml(form, body, lists, seconds / 2)
    peak["documents"] = peak_mb()
    outcome["repeats"] = repeats(seconds / 4)
    outcome["compiling"] = compiling(compiled.xform)
    peak["repeats_and_compiling"] = peak_mb()
    outcome["long_list"] = beside_long_list(form, body, compiled.media, seconds / 4)
    peak["long_list"] = peak_mb()
    outcome["peak_memory_mb"] = peak
    print(json.dumps(outcome, indent=2))


if __name__ == "__main__":
    main()
