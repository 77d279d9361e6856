"""Submissions validated per second on one core, beside lxml evaluating as many expressions alone.

Run `python -m bench.validate [seconds]`. Both sides take turns in this process, on the same full
document of SE2026-L: ours from bytes to findings with everything checked; lxml with its XPath
engine alone, document parsed and expressions compiled beforehand, over the form's expressions, with
ODK's functions lent to it in Python. The few it cannot take are made up by repeating others, so
that both evaluate the same number. The ratio outlives the machine.
"""

import itertools
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from lxml import etree

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
ROUNDS = 5


def sources(form: Questionnaire) -> Iterator[tuple[str, str]]:
    for node in form.nodes.values():
        rules = (node.relevant, node.required, node.constraint, node.calculate, node.warning)
        yield from ((node.path, rule.source) for rule in rules if rule is not None)


def text(value: object) -> str:
    nodes = value if isinstance(value, list) else [value]
    return str(getattr(nodes[0], "text", nodes[0]) or "") if nodes else ""


def lend_functions() -> None:
    lent = etree.FunctionNamespace(None)
    lent["regex"] = lambda _, value, pattern: re.fullmatch(pattern, text(value)) is not None
    lent["if"] = lambda _, test, then, other: then if test else other
    lent["coalesce"] = lambda _, one, other: one if text(one) else other
    lent["selected"] = lambda _, value, code: code in text(value).split()
    lent["count-selected"] = lambda _, value: float(len(text(value).split()))
    lent["selected-at"] = lambda _, value, at: text(value).split()[int(at)]
    lent["int"] = lambda _, value: float(int(float(text(value) or 0)))


def floor(form: Questionnaire, body: bytes) -> tuple[Callable[[], None], int]:
    root = etree.fromstring(body)
    nodes = {form.root.path: root}
    for path in form.nodes:
        nodes[path] = next(iter(root.xpath(path)), root)
    known = []
    for path, source in sources(form):
        try:
            expression = etree.XPath(source)
            expression(nodes[path])
        except etree.XPathError:
            continue
        known.append((expression, nodes[path]))
    wanted = sum(1 for _ in sources(form))
    work = list(itertools.islice(itertools.cycle(known), wanted))

    def run() -> None:
        for expression, node in work:
            expression(node)

    return run, len(known)


def rate(run: Callable[[], object], seconds: float) -> float:
    """Return runs per second of this process's own time; others on the machine do not count."""
    begun, times = time.process_time(), 0
    while (spent := time.process_time() - begun) < seconds:
        run()
        times += 1
    return times / spent


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    lend_functions()
    compiled = compile_definition(definition("se2026_l"), lists=OFFICE)
    form = read_xform(compiled.xform)
    lists = StaticLists(
        {
            name.removesuffix(".csv"): ListTable.from_csv(body)
            for name, body in compiled.media.items()
        }
    )
    start, end = datetime(2026, 6, 20, 2, 30, tzinfo=UTC), datetime(2026, 6, 20, 3, 5, tzinfo=UTC)
    body = fill(
        form,
        batik_home_producer(),
        lists,
        instance_id="uuid:7d1a3a57-0000-4000-8000-000000000001",
        start=start,
        end=end,
        device_id="bench",
    )
    assert validate(form, read_submission(body), lists).findings == ()
    alone, taken = floor(form, body)
    turns = [
        (
            rate(lambda: validate(form, read_submission(body), lists), seconds / ROUNDS / 2),
            rate(alone, seconds / ROUNDS / 2),
        )
        for _ in range(ROUNDS)
    ]
    ours, theirs = (sorted(side)[ROUNDS // 2] for side in zip(*turns, strict=True))
    outcome = {
        "nodes": len(form.nodes),
        "expressions": sum(1 for _ in sources(form)),
        "expressions_lxml_takes": taken,
        "validated_per_second": round(ours, 1),
        "lxml_alone_per_second": round(theirs, 1),
        "ratio": round(ours / theirs, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(outcome, indent=2))


if __name__ == "__main__":
    main()
