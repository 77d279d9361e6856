"""Reading forms: what is understood, and what is refused with a reason."""

import pytest

from forms.errors import UnreadableXml, UnsupportedForm
from forms.xform import read_xform
from tests.support.questionnaires import broken, questionnaire, report, xform

PLAIN = xform(
    """
    | type         | name  | relevant | calculation | hint |
    | start        | start |          |             |      |
    | text         | a     |          |             | Isi  |
    | note         | n     |          |             |      |
    | begin_repeat | visit |          |             |      |
    | text         | b     |          |             |      |
    | end_repeat   |       |          |             |      |
    | calculate    | c     |          | ${a}        |      |
    | image        | photo |          |             |      |
    | audit        | audit |          |             |      |"""
)


def test_a_form_is_a_tree_with_kinds_types_and_labels() -> None:
    form = read_xform(PLAIN)
    assert [(n.path, n.kind, n.type) for n in form.root.walk()] == [
        ("/data", "group", ""),
        ("/data/start", "meta", "dateTime"),
        ("/data/a", "question", "string"),
        ("/data/n", "note", "string"),
        ("/data/visit", "repeat", ""),
        ("/data/visit/b", "question", "string"),
        ("/data/c", "calculation", "string"),
        ("/data/photo", "question", "binary"),
        ("/data/meta", "group", ""),
        ("/data/meta/audit", "meta", "binary"),
        ("/data/meta/instanceID", "meta", "string"),
    ]
    assert list(form.nodes) == [node.path for node in form.root.walk()]
    assert (form.form_id, form.version, form.languages) == ("test", "1", ("default",))
    assert form.nodes["/data/a"].hints == {"default": "Isi"}
    assert form.nodes["/data/visit/b"].repeat == "/data/visit"
    assert form.text({}, "id") == ""
    assert form.text({"en": "x"}, "id") == "x"
    calculate = form.nodes["/data/c"].calculate
    assert calculate is not None
    assert (calculate.source, calculate.reads) == ("/data/a", {"/data/a"})


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<model", "<modal", "no <model>"),
        ("</model>", "</modal>", "no <model>"),
        ("<instance>", "<instanse>", "first <instance>"),
        ("h:body", "h:bodies", "no <h:body>"),
        ("<c/>", "<c/><c/>", "stands twice"),
        ('nodeset="/data/a"', "", "about nothing"),
        ('nodeset="/data/a"', 'nodeset="1 + 1"', "path of a node"),
        ('nodeset="/data/a"', 'nodeset="1 +"', "path of a node"),
        ('nodeset="/data/a"', 'nodeset="/data/a[1 = 1]"', "by a filter"),
        ('nodeset="/data/a"', 'nodeset="../../a"', "above the form's root"),
        ('calculate=" /data/a "', 'calculate="1 +"', "/data/c: calculate"),
        ('calculate=" /data/a "', 'calculate=" ../../../c2 "', "above the form's root"),
        (
            'calculate=" /data/a "',
            'calculate=" /data/a " relevant="/data/c = 1"',
            "need each other",
        ),
        ('ref="/data/a"', 'ref="/data/zz"', "/data/zz"),
        ('ref="/data/a"', "", "<input> needs ref"),
        ('ref="/data/a"', 'bind="nobody"', "no <bind> has this id"),
        ('<repeat nodeset="/data/visit"', "<repeat", "<repeat> needs nodeset"),
        ('<repeat nodeset="/data/visit"', '<repeat nodeset="/data"', "the form's root"),
        ("<bind", '<setvalue ref="/data/a" event="nap"/><bind', "<setvalue>"),
        ("<bind", '<setvalue ref="/data/q" event="odk-new-repeat"/><bind', "/data/q"),
        ("<bind", '<setvalue event="odk-new-repeat"/><bind', "nothing"),
    ],
)
def test_a_form_outside_the_subset_is_refused(old: str, new: str, reason: str) -> None:
    text = PLAIN.decode()
    assert old in text
    changed = text.replace(old, new, 1 if old.startswith(("<bind", "</", "nodeset")) else -1)
    if old in ("<model", "</model>"):
        changed = text.replace("model", "modal")
    if old == "<instance>":
        changed = text.replace("<instance>", "<other>").replace("</instance>", "</other>")
    with pytest.raises(UnsupportedForm, match=reason):
        read_xform(changed.encode())


@pytest.mark.parametrize(
    "rows",
    [
        "| calculate | a | ${b} | |\n| calculate | b | ${a} | |",
        "| text | a | | ${b} = 1 |\n| text | b | | ${a} = 1 |",
        "| begin_group | g | | ${a} = 1 |\n| text | a | | |\n| end_group | | | |",
        "| calculate | a | count(/data/*) | |",
        "| calculate | a | ${a} + 1 | |",
    ],
)
def test_rules_that_need_each_other_are_named(rows: str) -> None:
    with pytest.raises(UnsupportedForm, match="need each other: /data"):
        questionnaire(f"| type | name | calculation | relevant |\n{rows}")


def test_deep_forms_are_refused_not_crashed_on() -> None:
    depth = 90
    opened = "".join(f"<g{n}>" for n in range(depth))
    closed = "".join(f"</g{n}>" for n in reversed(range(depth)))
    text = PLAIN.decode().replace("<c/>", f"<c/>{opened}<x/>{closed}")
    assert len(read_xform(text.encode()).nodes) > depth
    with pytest.raises(UnreadableXml, match="nest deeper"):
        read_xform(
            text.replace("<x/>", "<x><y><z/></y></x>")
            .replace("<z/>", "<z>" * 10 + "</z>" * 10)
            .encode()
        )


def test_messages_of_ours_may_stand_in_every_language() -> None:
    form = questionnaire(
        """
        | type    | name | label::Bahasa Indonesia (id) | label::English (en) |\
          bind::se:warning | bind::se:warningMsg::Bahasa Indonesia (id) |\
          bind::se:warningMsg::English (en) |
        | integer | age  | Umur ${age}                  | -                   |\
          . < 90 | Umur tidak lazim | Unusual age |
        | integer | kids | Anak                         | Children            | . < 20 | | |
        | integer | cows | Sapi                         | Cows                | . < 99 | {x | |""",
        settings="| form_id | version | namespaces |\n"
        '| test | 1 | se="https://se2026.bps.go.id/ns/xforms/warning" |',
    )
    assert form.nodes["/data/age"].labels == {"id": "Umur …"}
    answers = {"age": "95", "kids": "30", "cows": "100"}
    found = report(form, answers)
    assert found.valid
    assert [(f.rule, f.severity) for f in found.findings] == [("warning", "warning")] * 3
    assert found.findings[0].message == "Umur tidak lazim"
    assert found.findings[1].message.startswith("Jawaban tidak lazim")
    english = report(form, answers, language="en").findings
    assert english[0].message == "Unusual age"
    assert english[1].message.startswith("An unusual answer")
    assert broken(form, {"age": "5"}) == []


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("jr:itext('hello')", {"id": "Halo", "en": "Hello"}),
        ("jr:itext('nobody')", {}),
        ("plain  text", {"id": "plain text", "en": "plain text"}),
        ("{'English (en)': 'Hi', 'id': ''}", {"en": "Hi"}),
        ("{broken", {"id": "{broken", "en": "{broken"}),
        ("{1, 2}", {"id": "{1, 2}", "en": "{1, 2}"}),
        ("", {}),
    ],
)
def test_a_message_is_read_as_it_is_written(written: str, texts: dict[str, str]) -> None:
    itext = (
        '<itext><translation lang="Bahasa Indonesia (id)" default="true()">'
        '<text id="hello"><value form="audio">jr://a</value><value>Halo</value></text>'
        '<text id="mute"><value form="audio">jr://a</value></text></translation>'
        '<translation lang="English (en)"><text id="hello"><value>Hello</value></text>'
        "</translation></itext>"
    )
    text = PLAIN.decode().replace("<instance>", f"{itext}<instance>", 1)
    bind = '<bind nodeset="/data/a" type="string"'
    assert bind in text
    form = read_xform(
        text.replace(bind, f'{bind} constraint=". = 1" jr:constraintMsg="{written}"').encode()
    )
    assert form.nodes["/data/a"].constraint_message == texts
    assert form.texts("hello", "en") == "Hello"
    assert form.texts("hello", "fr") == "Halo"
    assert form.texts("nobody", "en") == ""
