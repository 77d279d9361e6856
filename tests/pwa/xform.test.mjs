// Forms: what is read of them, and which are refused.

import assert from 'node:assert/strict';
import test from 'node:test';

import { UnreadableXml, UnsupportedForm } from '../../app/web/pwa/engine/errors.js';
import { readXform } from '../../app/web/pwa/engine/xform.js';
import { findings, form, lists, xform } from './form.mjs';

const input = (name) => `<input ref="/data/${name}"/>`;

test('a form tells what it is', () => {
  const read = form('<a/>', '<bind nodeset="/data/a" type="int"/>', input('a'), '<instance id="kbli" src="jr://file-csv/kbli.csv"/><instance id="places" src="jr://file/places.geojson"/><instance id="own"><root/></instance>');
  assert.deepEqual([read.formId, read.version, read.title, read.languages, read.defaultLanguage], ['contoh', '3', 'Contoh', ['default'], 'default']);
  assert.deepEqual([...read.instances], [['kbli', 'kbli'], ['places', 'places'], ['own', null]]);
  assert.deepEqual([...read.files], [['kbli', 'kbli.csv'], ['places', 'places.geojson']]);
  assert.deepEqual([...read.nodes.values()].map(({ path, kind, type }) => [path, kind, type]).filter(([path]) => !path.includes('@')), [['/data', 'group', ''], ['/data/a', 'question', 'int']]);
});

test('kinds of nodes', () => {
  const read = form(
    '<q/><n/><c/><h/><p/><meta><instanceID/></meta>',
    '<bind nodeset="/data/n" readonly="true()"/><bind nodeset="/data/c" calculate="1"/><bind nodeset="/data/p" jr:preload="property" jr:preloadParams="deviceid"/>',
    input('q') + input('n'),
  );
  const kinds = ['q', 'n', 'c', 'h', 'p', 'meta/instanceID'].map((name) => read.nodes.get(`/data/${name}`).kind);
  assert.deepEqual(kinds, ['question', 'note', 'calculation', 'hidden', 'meta', 'meta']);
});

test('nodes are evaluated after what they read', () => {
  const read = form('<a/><b/><c/>', '<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" relevant="/data/c = 1"/>');
  const rank = (name) => read.rank.get(`/data/${name}`);
  assert.ok(rank('c') < rank('b') && rank('b') < rank('a'));
});

test('references by the id of a bind, relative ones, and prefixes', () => {
  const read = form(
    '<a/><g><b/></g><orx:meta><orx:instanceID/></orx:meta>',
    '<bind id="one" nodeset="/data/a" type="int"/><bind nodeset="g/b" type="date"/><bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>',
    '<input bind="one"/><group ref="/data/g"><input ref="b"/></group>',
  );
  assert.deepEqual(findings(read, '<a>x</a><g><b>y</b></g>'), ['/data/a type', '/data/g/b type']);
  assert.equal(read.nodes.get('/data/meta/instanceID').preload, 'uid');
});

test('a later bind overrules, and one about nothing is none', () => {
  const read = form('<a/>', '<bind nodeset="/data/a" type="int" required="true()"/><bind nodeset="/data/a" type="string"/><bind nodeset="/data/z" calculate="1"/>', input('a'));
  assert.deepEqual(findings(read, '<a>x</a>'), []);
  assert.deepEqual(findings(read, ''), ['/data/a required']);
});

test('lists of any shape can be walked', () => {
  const read = form(
    '<a/><b/>', '<bind nodeset="/data/b" calculate="instance(\'world\')/world/country[@code = /data/a]/city[position() = 2]/name"/>', input('a'),
    '<instance id="world"><world><country code="id"><city><name>Pekalongan</name></city><city><name>Batang</name></city></country><country code="my"><city><name>Ipoh</name></city></country></world></instance>',
  );
  assert.deepEqual(findings(read, '<a>id</a><b>Batang</b>'), []);
  assert.deepEqual(findings(read, '<a>my</a><b/>'), []);
});

test('choices can be named in a calculation', () => {
  const read = form(
    '<a/><b/>', '<bind nodeset="/data/b" calculate="jr:choice-name(/data/a, \'/data/a\')"/>',
    '<select1 ref="/data/a"><itemset nodeset="instance(\'l\')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>',
    '<instance id="l" src="jr://file-csv/l.csv"/>',
  );
  assert.deepEqual(findings(read, '<a>1</a><b>Satu</b>', lists({ l: 'name,label\n1,Satu\n' })), []);
});

const REFUSED = {
  'no model': '<h:html xmlns:h="http://www.w3.org/1999/xhtml"/>',
  'no body': xform('<a/>').replace('<h:body></h:body>', ''),
  'no instance': xform('<a/>').replace(/<instance>.*<\/instance>/, ''),
  'two roots': xform('<a/>').replace('</instance>', '<b/></instance>'),
  'a leaf twice': xform('<a/><a/>'),
  'an unknown control': xform('<a/>', '', '<dial ref="/data/a"/>'),
  'a control about nothing': xform('<a/>', '', '<input/>'),
  'an unknown function': xform('<a/>', '<bind nodeset="/data/a" calculate="magic()"/>'),
  'no expression': xform('<a/>', '<bind nodeset="/data/a" relevant="1 +"/>'),
  'a circle': xform('<a/><b/>', '<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/a"/>'),
  'a list from the network': xform('<a/>', '', '', '<instance id="x" src="https://example.org/x.csv"/>'),
  'a list that is not there': xform('<a/>', '<bind nodeset="/data/a" calculate="instance(\'x\')/root/item/a"/>'),
  'an unknown event': xform('<a/>', '', '', '<setvalue ref="/data/a" event="full-moon" value="1"/>'),
  'a value for nothing': xform('<a/>', '', '', '<setvalue ref="/data/b" event="odk-instance-first-load" value="1"/>'),
  'choices that lead nowhere': xform('<a/>', '', '<select1 ref="/data/a"><itemset nodeset="/data/a"><value ref="x"/><label ref="y"/></itemset></select1>'),
  'choices by position': xform('<a/>', '', '<select1 ref="/data/a"><itemset nodeset="instance(\'l\')/root/item[position() = 1]"><value ref="x"/></itemset></select1>', '<instance id="l" src="jr://file/l.csv"/>'),
  'a name for choices that are none': xform('<a/><b/>', '<bind nodeset="/data/b" calculate="jr:choice-name(\'1\', \'/data/a\')"/>', input('a')),
};
for (const [name, xml] of Object.entries(REFUSED)) {
  test(`refused: ${name}`, () => assert.throws(() => readXform(xml), UnsupportedForm));
}

test('rubbish gets an error of ours', () => {
  for (const xml of ['', '<a', '\0', '<!DOCTYPE a><a/>']) assert.throws(() => readXform(xml), UnreadableXml);
});

test('a refusal says where', () => {
  assert.throws(() => form('<a/>', '<bind nodeset="/data/a" constraint="magic(.)"/>'), { message: '/data/a: constraint: The function magic() is not supported in: magic(.)' });
});
