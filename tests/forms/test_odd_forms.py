"""Forms as other hands write them: valid, and unlike those that pyxform makes."""

import pytest

from forms.errors import UnsupportedForm
from forms.instance import read_submission
from forms.lists import ListTable, StaticLists
from forms.schema import Questionnaire
from forms.validate import Report, validate
from forms.xform import read_xform

OUTSIDE = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"
 xmlns:orx="http://openrosa.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities">
 <h:head><h:title>Aneh</h:title><model>{model}</model></h:head><h:body>{body}</h:body></h:html>"""


def form(instance: str, model: str = "", body: str = "") -> Questionnaire:
    text = OUTSIDE.format(model=f"<instance>{instance}</instance>{model}", body=body)
    return read_xform(text.encode())


def judged(of: Questionnaire, submission: str, lists: StaticLists | None = None) -> Report:
    named = read_submission(submission.encode(), named=bool(of.form_id))
    return validate(of, named, lists or StaticLists())


def broken(of: Questionnaire, submission: str) -> list[tuple[str, str]]:
    return [(one.rule, one.path) for one in judged(of, submission).findings]


def test_paths_may_be_relative_and_binds_named() -> None:
    shop = form(
        "<data><name/><kind/><staff><head/><pay><sum/></pay></staff></data>",
        '<bind id="k" nodeset="kind" required="true()"/><bind nodeset="./staff/head" type="int"/>'
        '<bind nodeset="staff/*/sum" constraint=". &lt; 9"/>',
        '<input ref="name"/><select1 bind="k"><item><label>A</label><value>a</value></item>'
        "</select1>"
        '<group ref="staff"><input ref="head"/><h:div><group><input ref="pay/sum"/></group></h:div>'
        '</group><trigger/><output value="1"/>',
    )
    assert [node.path for node in shop.nodes.values() if node.kind == "question"] == [
        "/data/name",
        "/data/kind",
        "/data/staff/head",
        "/data/staff/pay/sum",
    ]
    said = "<data><staff><head>x</head><pay><sum>9</sum></pay></staff></data>"
    assert broken(shop, said) == [
        ("required", "/data/kind"),
        ("type", "/data/staff/head"),
        ("constraint", "/data/staff/pay/sum"),
    ]


def test_what_is_valid_but_hardly_meant_is_told_as_a_doubt() -> None:
    doubtful = form(
        "<data><a/><b/></data>",
        '<bind nodeset="/data/gone" type="int"/>'
        '<bind nodeset="/data/a" relevant="/data/nobody = 1"/>'
        '<bind nodeset="/data/b" calculate="count(/data/a[1])"/>',
        '<input ref="/data/a"/>',
    )
    assert doubtful.doubts == (
        "A <bind> is about /data/gone, which the instance does not have",
        "/data/a: relevant: there is no node 'nobody' in /data",
        "/data/b: calculate: a filter that is no condition keeps nothing",
    )


def test_a_count_is_seen_from_the_group_around() -> None:
    counted = form(
        '<data id="c"><n/><g><m/><r jr:template=""><x/></r></g><s><x/></s></data>',
        '<bind nodeset="/data/n" type="int"/>',
        '<group ref="/data/g"><group><repeat nodeset="r" jr:count="../n"><input ref="x"/></repeat>'
        '</group></group><repeat nodeset="/data/s" jr:count="g/nobody"/>',
    )
    assert counted.nodes["/data/g/r"].repeat == "/data/g/r"
    said = '<data id="c"><n>2</n><g><m/><r><x/></r></g></data>'
    assert broken(counted, said) == [("repeat", "/data/g/r")]


def test_templates_and_copies_are_one_node() -> None:
    merged = form(
        '<data id="t"><r jr:template=""><a>1</a><b/></r><r><a>2</a><c/></r>'
        "<g><x/></g><g><x/></g></data>",
        "",
        '<repeat nodeset="/data/r" jr:noAddRemove="false()"/>',
    )
    assert list(merged.nodes["/data/r"].children) == ["a", "b", "c"]
    assert merged.nodes["/data/r/a"].default == "1"
    assert merged.nodes["/data/r"].fixed == 1
    assert merged.nodes["/data/g"].kind == "repeat"


def test_prefixed_nodes_are_known_by_their_local_names() -> None:
    prefixed = form(
        '<data id="p"><orx:meta><orx:instanceID/><orx:timeStart/></orx:meta></data>',
        '<bind nodeset="/data/orx:meta/orx:instanceID" calculate="\'x\'"/>'
        '<bind nodeset="/data/orx:meta/orx:timeStart" type="dateTime"/>',
    )
    assert prefixed.nodes["/data/meta/instanceID"].calculate is None
    assert prefixed.nodes["/data/meta/timeStart"].type == "dateTime"


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ('<setvalue event="odk-instance-load" ref="/data/r/a" value=" "/>', ""),
        ('<setvalue event="xforms-ready" ref=" r/a "> x </setvalue>', "x"),
        ('<setvalue event="jr-insert" bind="a"/>', ""),
        ('<odk:setgeopoint event="odk-new-repeat" ref="/data/r/a"/>', None),
        ('<odk:recordaudio event="odk-instance-load" ref="/data/r/a"/>', None),
    ],
)
def test_actions_fill_their_target(action: str, value: str | None) -> None:
    acting = form(
        '<data id="a"><r><a/></r></data>',
        f'<bind id="a" nodeset="/data/r/a" readonly="true()"/>{action}',
        '<repeat nodeset="/data/r"><input ref="a"/></repeat>',
    )
    assert [(one.target, one.value) for one in acting.actions] == [("/data/r/a", value)]
    assert broken(acting, '<data id="a"><r><a>5</a></r></data>') == []


def test_an_action_in_a_repeat_or_a_control_knows_where_it_stands() -> None:
    acting = form(
        '<data id="a"><r><a/><b/></r></data>',
        "",
        '<repeat nodeset="/data/r"><setvalue event="odk-new-repeat" ref="a" value="1 + 1"/>'
        '<input ref="a"><setvalue event="xforms-value-changed" ref="../b">y</setvalue></input>'
        "</repeat>",
    )
    assert [(one.target, one.trigger) for one in acting.actions] == [
        ("/data/r/a", None),
        ("/data/r/b", "/data/r/a"),
    ]


ENTITY = form(
    '<data id="e"><name/><nik/><meta><instanceID/><entity dataset="usaha" id="" create="1">'
    "<label/></entity></meta></data>",
    '<bind nodeset="/data/name" entities:saveto="nama"/>'
    '<bind nodeset="/data/meta/entity/@id" calculate="once(uuid())" type="string"/>'
    '<setvalue ref="/data/meta/entity/@id" event="odk-instance-first-load" value="uuid()"/>'
    '<bind nodeset="/data/meta/entity/label" calculate="/data/name"/>'
    '<bind nodeset="/data/nik" constraint="/data/meta/entity/@id != \'\'"/>',
    '<input ref="/data/name"/><input ref="/data/nik"/>',
)


def test_an_entity_is_declared() -> None:
    (declared,) = ENTITY.entities
    assert (declared.dataset, declared.path, declared.repeat) == (
        "usaha",
        "/data/meta/entity",
        None,
    )
    assert declared.saves == {"nama": "/data/name"}
    assert declared.id is not None
    assert declared.id.source == "once(uuid())"
    assert declared.create is not None
    assert declared.create.source == "'1'"
    assert declared.update is declared.base_version is None
    assert declared.label is not None
    assert ENTITY.actions == ()
    assert list(ENTITY.nodes["/data/meta/entity"].attributes) == ["@dataset", "@id", "@create"]
    assert "/data/meta/entity/@id" not in ENTITY.nodes


def test_attributes_are_read_and_seen_by_rules() -> None:
    said = (
        '<data id="e"><name>A</name><nik>1</nik><meta><entity dataset="usaha" create="1"{id}>'
        "<label>A</label></entity></meta></data>"
    )
    assert broken(ENTITY, said.format(id=' id="u1"')) == []
    assert broken(ENTITY, said.format(id="")) == [("constraint", "/data/nik")]


def test_entities_in_repeats_save_what_stands_in_their_repeat() -> None:
    many = form(
        '<data id="m"><all/><r><n/><meta><entity dataset="d" id="" update="">'
        "</entity></meta></r></data>",
        '<bind nodeset="/data/all" entities:saveto="x"/>'
        '<bind nodeset="/data/r/n" entities:saveto="n"/>'
        '<bind nodeset="/data/r/meta/entity/@update" calculate="../../../n != \'\'"/>',
        '<repeat nodeset="/data/r"><input ref="n"/></repeat>',
    )
    (declared,) = many.entities
    assert (declared.repeat, declared.saves) == ("/data/r", {"n": "/data/r/n"})
    assert declared.update is not None
    assert declared.id is None
    said = '<data id="m"><r><n>1</n><meta><entity dataset="d" id="u"/></meta></r></data>'
    assert judged(many, said).valid


def test_choices_may_come_from_lists_of_any_shape() -> None:
    tree = form(
        '<data id="l"><a/><b/><c/><d/></data>',
        '<instance id="deep"><places><place k="1"><name><id>Satu</id></name></place>'
        '<place k="2"><name><id>Dua</id></name></place></places></instance>'
        '<instance id="none"/><instance id="old" src="jr://instance/last-saved"/>'
        '<bind nodeset="/data/c"'
        " calculate=\"instance('deep')/places/place[@k = /data/a]/name/id\"/>"
        '<bind nodeset="/data/d" calculate="jr:choice-name(/data/a, \'/data/a\')"/>',
        '<select1 ref="/data/a">'
        "<itemset nodeset=\"instance('deep')/places/place[name/id != 'Tiga']\">"
        '<value ref="@k"/><label ref="name/id"/></itemset></select1>'
        '<select1 ref="/data/b"><itemset nodeset="instance(\'none\')/root/item"><value ref="name"/>'
        '<label ref="label"/></itemset></select1>',
    )
    said = '<data id="l"><a>{a}</a><b/><c>{c}</c><d>{c}</d></data>'
    assert broken(tree, said.format(a="2", c="Dua")) == []
    assert broken(tree, said.format(a="3", c="")) == [("choice", "/data/a")]


def test_choices_may_be_found_in_an_xml_file() -> None:
    outer = form(
        '<data id="x"><a/></data>',
        '<instance id="towns" src="jr://file/towns.xml"/>',
        "<select1 ref=\"/data/a\"><itemset nodeset=\"instance('towns')/towns/town[@open = '1']\">"
        '<value ref="code"/><label ref="label"/></itemset></select1>',
    )
    towns = (
        b"<towns><town open='1'><code>p</code></town><town open='0'><code>q</code></town></towns>"
    )
    lists = StaticLists({"towns": ListTable.from_file("towns.xml", towns)})
    said = '<data id="x"><a>{}</a></data>'
    assert judged(outer, said.format("p"), lists).valid
    assert not judged(outer, said.format("q"), lists).valid
    assert judged(outer, said.format("q")).valid


def test_choices_of_a_search_in_a_file_are_not_known_here() -> None:
    search = form(
        '<data id="s"><a/></data>',
        "",
        '<select1 ref="/data/a" appearance="search(\'f\')"><item><label>label</label>'
        "<value>code</value></item></select1>",
    )
    assert broken(search, '<data id="s"><a>anything</a></data>') == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<select1 ref="/data/a"/>', "no choices"),
        ('<input bind="x"/>', "no <bind> has this id"),
        ("<repeat/>", "<repeat> needs nodeset"),
        ('<group ref="/data/gone"/>', "/data/gone"),
        ('<select1 ref="/data/a"><itemset nodeset="/data"><value ref="x"/></itemset></select1>',
         "leads nowhere"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_refused(body: str, reason: str) -> None:
    with pytest.raises(UnsupportedForm, match=reason):
        form('<data id="n"><a/></data>', "", body)


def test_leaves_that_stand_twice_are_refused() -> None:
    with pytest.raises(UnsupportedForm, match="stands twice"):
        form("<data><a/><a/></data>")


def test_an_entity_may_be_all_that_is_said_of_attributes() -> None:
    plain = form('<data id="e"><meta><entity dataset="d" id="x"/></meta></data>')
    (declared,) = plain.entities
    assert declared.id is not None
    assert declared.id.source == "'x'"
    assert plain.nodes["/data/meta/entity"].attributes == {}


def test_a_label_that_shows_answers_is_as_the_device_told_it() -> None:
    shown = form(
        '<data id="o"><a/><b/><c/></data>',
        '<itext><translation lang="id"><text id="x"><value form="long">Panjang</value>'
        '<value form="image">jr://images/x.png</value></text><text id="y"><value>'
        '<output value="/data/a"/></value></text></translation></itext>'
        '<bind nodeset="/data/b" calculate="jr:itext(\'y\')"/>'
        '<bind nodeset="/data/c" calculate="jr:itext(\'x\')"/>',
        '<input ref="/data/a"><label ref="jr:itext(\'y\')"/></input>',
    )
    assert shown.nodes["/data/a"].labels == {"id": "…"}
    said = '<data id="o"><a>1</a><b>{b}</b><c>{c}</c></data>'
    assert broken(shown, said.format(b="1", c="Panjang")) == []
    assert broken(shown, said.format(b="anything", c="x")) == [("calculation", "/data/c")]


def test_choices_by_position_from_a_file_whose_elements_differ() -> None:
    asked = form(
        "<data><a/></data>",
        '<instance id="mixed" src="jr://file/mixed.xml"/><bind nodeset="/data/a"/>',
        '<select1 ref="/data/a"><itemset nodeset="instance(\'mixed\')/root/item'
        '[position() &lt; 3]"><value ref="name"/><label ref="label"/></itemset></select1>',
    )
    rows = b"<root><item><name>a</name></item><item><b/></item><item><name>c</name></item></root>"
    lists = StaticLists({"mixed": ListTable.from_file("mixed.xml", rows)})
    assert judged(asked, "<data><a>a</a></data>", lists).findings == ()
    (beyond,) = judged(asked, "<data><a>c</a></data>", lists).findings
    assert (beyond.rule, beyond.path) == ("choice", "/data/a")


@pytest.mark.parametrize(
    ("rule", "body"),
    [("", '<input ref="/data/a"/>'), ('<bind nodeset="/data/a" calculate="1"/>', "")],
)
def test_an_answer_whose_attributes_have_rules_is_refused(rule: str, body: str) -> None:
    attribute = '<bind nodeset="/data/a/@unit" calculate="\'kg\'"/>'
    with pytest.raises(UnsupportedForm, match="/data/a has an answer"):
        form('<data><a unit=""/></data>', attribute + rule, body)
    form('<data><a unit=""/></data>', attribute)
    with pytest.raises(UnsupportedForm, match="/data/a has an answer, and nodes of its own"):
        form("<data><a><b/></a></data>", rule, body)


def test_several_binds_of_a_node_add_up() -> None:
    first = {"a": 'type="int"', "b": 'required="true()"', "c": 'required="/data/a = 5"'}
    then = {"a": 'constraint=". != 5"', "b": 'type="int"', "c": 'required="false()"'}
    first |= {"d": 'relevant="false()"', "e": 'relevant="/data/a = 1"', "f": 'constraint="1 = 2"'}
    then |= {"d": 'type="string"', "e": 'type="string"', "f": 'constraint=". &gt; 2"'}
    twice = form(
        f"<data>{''.join(f'<{name}/>' for name in first)}</data>",
        "".join(f'<bind nodeset="/data/{name}" {rules}/>' for name, rules in first.items())
        + "".join(f'<bind nodeset="/data/{name}" {rules}/>' for name, rules in then.items()),
        "".join(f'<input ref="/data/{name}"/>' for name in first),
    )
    said = "<data><a>{a}</a><b>{b}</b><c/><d>x</d><e>{e}</e><f>{f}</f></data>"
    assert broken(twice, said.format(a="no", b="", e="", f="3")) == []
    assert broken(twice, said.format(a="5", b="x", e="x", f="2")) == [
        ("constraint", "/data/a"),
        ("type", "/data/b"),
        ("required", "/data/c"),
        ("relevance", "/data/e"),
        ("constraint", "/data/f"),
    ]
