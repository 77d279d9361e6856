// The reader of XML: strict, bounded, namespace-aware.

import assert from 'node:assert/strict';
import test from 'node:test';

import { UnreadableXml } from '../../app/web/pwa/engine/errors.js';
import { escapeAttribute, escapeText, parseXml } from '../../app/web/pwa/engine/xml.js';

test('elements, attributes, text and namespaces', () => {
  const root = parseXml('\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><a xmlns="urn:one" xmlns:p="urn:two" x="1" p:y=\'2\'>\r\n<p:b/>t<c xmlns="">u</c></a>\n<?pi?>');
  assert.deepEqual([root.name, root.space, root.get('x'), root.get('{urn:two}y'), root.get('none')], ['a', 'urn:one', '1', '2', '']);
  assert.deepEqual(root.children.map(({ name, space }) => [name, space]), [['b', 'urn:two'], ['c', '']]);
  assert.deepEqual(root.nodes.filter((node) => typeof node === 'string'), ['\n', 't']);
  assert.equal(root.first('c').text, 'u');
});

test('entities, CDATA and comments within text', () => {
  const root = parseXml('<a b="&quot;&#10;&amp;\n">&lt;&#233;&#x1D6D1;&gt;&apos;<!-- no --><![CDATA[<b>&amp;]]><?pi ?>!</a>');
  assert.equal(root.text, "<é𝛑>'<b>&amp;!");
  assert.equal(root.get('b'), '"\n& ');
});

for (const source of [
  '', ' ', 'text', '<a>', '<a></b>', '<a', '<a b></a>', '<a b=c/>', '<a b="1" b="2"/>', '<a b="<"/>', '<a/><b/>', '<a>&nbsp;</a>', '<a>&amp</a>',
  '<a>&#0;</a>', '<a>&#xD800;</a>', '<a>&#x110000;</a>', '<a>\u0001</a>', '<a>]]></a>', '<a><!-- -- --></a>', '<a><![CDATA[</a>', '<p:a/>', '<a p:b="1"/>',
  '<1/>', '<a/ >', '<a:b:c xmlns:a="u"/>', 'x<a/>', '<a/>x', '<a xmlns:p=""/>', '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>', '< a/>', '<a b="1"c="2"/>',
  '<a>\ud800</a>', '<?xml version="1.0"?><?xml version="1.0"?><a/>', '<!DOCTYPE a><a/>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<!ELEMENT a><a/>',
]) {
  test(`refused: ${JSON.stringify(source)}`, () => assert.throws(() => parseXml(source), UnreadableXml));
}

test('depth is bounded and costs no stack', () => {
  const deep = (depth) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  assert.equal(parseXml(deep(200)).name, 'a');
  assert.throws(() => parseXml(deep(201)), /nest deeper than 200/);
  assert.throws(() => parseXml('<a>'.repeat(1_000_000)), /nest deeper than 200/);
});

test('size is bounded', () => {
  assert.throws(() => parseXml(`<a>${' '.repeat(16_000_000)}</a>`), /at most 16000000/);
});

test('a message names the place, and quotes nothing', () => {
  assert.throws(() => parseXml('<a>\n  <rahasia></b></a>'), { message: 'Not well-formed XML at line 2, column 12: send XML as the form client wrote it' });
});

test('what is written can be read', () => {
  const text = 'a<b>&"c"\r\n\t]]>é𝛑\u0001\ud800';
  const root = parseXml(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`);
  assert.equal(root.text, 'a<b>&"c"\r\n\t]]>é𝛑');
  assert.equal(root.get('b'), 'a<b>&"c"\r\n\t]]>é𝛑');
});
