"""Every target survives its first inputs, those that once broke it, and what is made to hurt."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.errors import FormsError
from forms.instance import read_submission
from forms.xform import read_xform
from forms.xpath.parse import parse
from forms.xpath.pattern import Pattern, PatternError
from tests.fuzz import targets
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, form_bytes

pytestmark = pytest.mark.unmeasured

MOST_SECONDS = 120  # of the processor, for one input: only what never ends is caught
MOST_MEGABYTES = 1_500


class EndlessError(AssertionError):
    """A target took longer than anything may."""


@contextmanager
def bounded() -> Iterator[None]:
    """Fail what would run for ever, or take all memory."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEGABYTES * 1024


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_survives_its_seeds(name: str) -> None:
    tried = 0
    for body in seeds(name):
        with bounded():
            TARGETS[name](body)
        tried += 1
    assert tried > 0


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.binary(max_size=300))
def test_a_target_survives_any_bytes(name: str, data: bytes) -> None:
    TARGETS[name](data)


DEEP = 3_000
EXPRESSIONS = {
    "brackets": "(" * DEEP + "1" + ")" * DEEP,
    "open brackets": "(" * 19_000,
    "calls": "not(" * DEEP + "1" + ")" * DEEP,
    "predicates": "/data/visit" + "[1" * DEEP + "]" * DEEP,
    "predicates in a row": "/data/visit" + "[1]" * 5_000,
    "minus": "-" * 19_000 + "1",
    "plus": "1" + " + 1" * 4_000,
    "powers": "(" * 30 + "9" + " * 99999999999999999999)" * 30,
    "equals": "1" + " = 1" * 4_000,
    "and": "1" + " and 1" * 3_000,
    "or of and": " or ".join(["(1 and 1)"] * 1_500),
    "unions": " | ".join(["/data/visit"] * 1_500),
    "steps": "/data" + "/visit" * 2_500,
    "parents": "../" * 6_000 + "n",
    "arguments": f"concat({', '.join(['1'] * 5_000)})",
    "digits": "9" * 19_000,
    "text": f"'{'x' * 19_000}'",
    "longer than allowed": "1 " * 20_000,
    "filters in filters": "/data/visit[paid = " * 30 + "1" + "]" * 30,
    "chains in brackets": "(" * 38 + "1" + (" + 1" * 50 + ")") * 38,
    "chains of equality in brackets": "(" * 5 + "1" + (" = 1" * 99 + ")") * 5,
    "a repeat of a text": "substr(" * 200 + "'a'" + ", 0, 99999999999)" * 200,
    "rounds": "round(1e308 * 10, 99999999)",
    "pow": "pow(9, 999999999)",
    "format": "format-date('2026-06-15', '%Y" + "%Y" * 4_000 + "')",
    "checklist": f"checklist(-1, -1, {', '.join(['1'] * 2_000)})",
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions_made_to_hurt(name: str) -> None:
    with bounded():
        TARGETS["xpath"](EXPRESSIONS[name].encode())


@pytest.mark.parametrize(
    "name", ["brackets", "calls", "predicates", "plus", "chains in brackets", "longer than allowed"]
)
def test_too_deep_or_too_long_is_refused_by_name(name: str) -> None:
    with pytest.raises(FormsError):
        parse(EXPRESSIONS[name])


PATTERNS = {
    "doubled stars": ("(a*)*b", "a" * 5_000),
    "nested pluses": ("(((a+)+)+)+$", "a" * 3_000 + "b"),
    "alternatives": ("(a|aa)+", "a" * 5_000 + "c"),
    "counted in counted": ("((a{1,50}){1,50}){1,50}", "a" * 2_000),
    "far counts": ("a{999999}", "a"),
    "deep groups": ("(" * 3_000 + "a" + ")" * 3_000, "a"),
    "looks": ("(?=.*a)(?=.*b)(?!.*c).{8,}", "ab" * 5_000),
    "many alternatives": ("|".join(f"x{n}" for n in range(4_000)), "x3999"),
    "long class": (f"[{'a-z' * 5_000}]+", "q" * 1_000),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_made_to_hurt(name: str) -> None:
    pattern, text = PATTERNS[name]
    with bounded(), suppress(PatternError):
        assert Pattern(pattern).matches(text) in (True, False)


def deep(tag: str, levels: int) -> bytes:
    return f"<data id='test'>{f'<{tag}>' * levels}{f'</{tag}>' * levels}</data>".encode()


DOCUMENTS = {
    "nested": deep("visit", 50_000),
    "nested a little too deep": deep("visit", 250),
    "wide": b"<data id='test'>" + b"<visit/>" * 99_000 + b"</data>",
    "wider than allowed": b"<data id='test'>" + b"<n/>" * 200_000 + b"</data>",
    "attributes": b"<data id='test' " + b" ".join(b"a%d='1'" % n for n in range(20_000)) + b"/>",
    "text": b"<data id='test'><word>" + b"a" * 2_000_000 + b"</word></data>",
    "number": b"<data id='test'><n>" + b"9" * 500_000 + b"</n></data>",
    "choices": b"<data id='test'><many>" + b"1 " * 500_000 + b"</many></data>",
    "laughs": b"<!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><data id='test'>&b;</data>",
    "outside": b"<!DOCTYPE d SYSTEM 'file:///etc/passwd'><data id='test'/>",
    "namespaces": b"<data id='test' "
    + b" ".join(b"xmlns:n%d='u'" % n for n in range(9_000))
    + b"/>",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_made_to_hurt(name: str) -> None:
    with bounded():
        TARGETS["submission"](DOCUMENTS[name])
        TARGETS["form"](DOCUMENTS[name])
        TARGETS["codecs"](DOCUMENTS[name])


@pytest.mark.parametrize("name", ["nested", "wider than allowed", "laughs", "outside"])
def test_too_deep_too_wide_or_with_entities_is_refused_by_name(name: str) -> None:
    with pytest.raises(FormsError):
        read_submission(DOCUMENTS[name])


def rules_of(calculation: str) -> bytes:
    return form_bytes().replace(targets.PLACE.encode(), calculation.encode())


def test_a_form_whose_calculations_double_at_each_step_is_bounded() -> None:
    """Each of 40 calculations reads the one before twice: told in words it would be 2⁴⁰ long."""
    names = [f"c{number}" for number in range(40)]
    tree = "".join(f"<{name}/>" for name in names)
    rules = ["/data/n"] + [
        f"if(/data/{name} = '1' or /data/{name} = '2', '1', '0')" for name in names
    ]
    binds = "".join(
        f'<bind nodeset="/data/{name}" calculate="{rule}" relevant="/data/n = 1"/>'
        for name, rule in zip(names, rules, strict=False)
    )
    body = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f'<h:head><model><instance><data id="x"><n/>{tree}</data></instance>{binds}'
        "</model></h:head><h:body><input ref='/data/n'/></h:body></h:html>"
    )
    assert len(read_xform(body.encode()).nodes) == 42
    with bounded():
        TARGETS["form"](body.encode())
