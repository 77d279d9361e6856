// What a screen shows: pages, labels, choices.

import assert from 'node:assert/strict';
import test from 'node:test';

import { choiceLabel, choices, messageAt, pages, question } from '../../app/web/pwa/engine/screens.js';
import { NOW, begin, form, lists } from './form.mjs';

const ITEXT = `<itext>
  <translation lang="Bahasa Indonesia (id)" default="true()">
    <text id="name:label"><value>Nama usaha</value><value form="image">jr://images/papan.png</value></text>
    <text id="kind:label"><value>Jenis <output value=" /data/place/name "/></value></text><text id="kind:hint"><value>Pilih satu</value></text>
    <text id="kind-0"><value>Toko</value></text><text id="kind-1"><value>Bengkel</value></text><text id="place"><value>Tempat</value></text>
  </translation>
  <translation lang="English (en)">
    <text id="name:label"><value>Name of the business</value></text>
    <text id="kind:label"><value>Kind of <output value=" /data/place/name "/></value></text><text id="kind:hint"><value>-</value></text>
    <text id="kind-0"><value>Shop</value></text><text id="kind-1"><value>Workshop</value></text><text id="place"><value>Place</value></text>
  </translation></itext>
  <instance id="kinds"><root><item><itextId>kind-0</itextId><name>shop</name></item><item><itextId>kind-1</itextId><name>work</name></item></root></instance>
  <instance id="kbli" src="jr://file-csv/kbli.csv"/>`;

const FORM = form(
  '<place><name/><kind/><floor/></place><sector/><kbli/><visit jr:template=""><day/><note/></visit>',
  `<bind nodeset="/data/place/name" required="true()" jr:requiredMsg="Isi dulu"/>
   <bind nodeset="/data/place/floor" type="int" relevant="/data/place/kind = 'shop'" readonly="/data/place/name = ''"/>`,
  `<group ref="/data/place"><label ref="jr:itext('place')"/>
     <input ref="/data/place/name"><label ref="jr:itext('name:label')"/></input>
     <select1 ref="/data/place/kind" appearance="minimal"><label ref="jr:itext('kind:label')"/><hint ref="jr:itext('kind:hint')"/>
       <itemset nodeset="instance('kinds')/root/item"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
     <range ref="/data/place/floor" start="0" end="9" step="1"><label>Lantai</label></range>
   </group>
   <select1 ref="/data/sector"><item><label>Pertanian</label><value>A</value></item><item><label>Industri</label><value>C</value></item></select1>
   <select1 ref="/data/kbli"><itemset nodeset="instance('kbli')/root/item[sector = /data/sector]"><value ref="name"/><label ref="label"/></itemset></select1>
   <group ref="/data/visit"><label>Kunjungan</label><repeat nodeset="/data/visit"><input ref="/data/visit/day"/>
     <group appearance="field-list"><input ref="/data/visit/note"/></group></repeat></group>`,
  ITEXT,
);
const KBLI = lists({ kbli: 'name,label,sector\n01111,Padi sawah,A\n10710,Roti dan kue,C\n10720,Gula merah,C\n' });

test('pages follow groups, relevance and repeats', () => {
  const interview = begin(FORM, KBLI);
  const shown = () => pages(interview).map(({ titles, repeat, questions }) => [titles.join('/'), repeat, ...questions]);
  assert.deepEqual(shown(), [
    ['Tempat', null, '/data/place/name', '/data/place/kind'],
    ['', null, '/data/sector', '/data/kbli'],
    ['Kunjungan', '/data/visit[1]', '/data/visit[1]/day'],
    ['Kunjungan', '/data/visit[1]', '/data/visit[1]/note'],
    ['Kunjungan', '/data/visit'],
  ]);
  interview.answer('/data/place/kind', 'shop', NOW);
  interview.addInstance('/data/visit', NOW);
  assert.deepEqual(shown()[0], ['Tempat', null, '/data/place/name', '/data/place/kind', '/data/place/floor']);
  assert.equal(shown().length, 7);
});

test('labels, hints and states in both languages', () => {
  const interview = begin(FORM, KBLI);
  interview.answer('/data/place/name', 'Toko Maju', NOW);
  const kind = question(interview, '/data/place/kind');
  assert.deepEqual([kind.label, kind.hint, kind.control, kind.appearance, kind.list], ['Jenis Toko Maju', 'Pilih satu', 'select1', 'minimal', 'kinds']);
  const name = question(interview, '/data/place/name');
  assert.deepEqual([name.required, name.value, name.media.image], [true, 'Toko Maju', 'jr://images/papan.png']);
  const floor = question(interview, '/data/place/floor');
  assert.deepEqual([floor.relevant, floor.readonly, floor.parameters.end], [false, false, '9']);
  assert.equal(messageAt(interview, '/data/place/name', 'required'), 'Isi dulu');
  interview.language = 'en';
  assert.equal(question(interview, '/data/place/kind').label, 'Kind of Toko Maju');
});

test('choices are filtered, searched and named', () => {
  const interview = begin(FORM, KBLI);
  const offered = (path, search) => choices(interview, path, search).map(({ value, label }) => `${value} ${label}`);
  assert.deepEqual(offered('/data/place/kind'), ['shop Toko', 'work Bengkel']);
  assert.deepEqual(offered('/data/sector'), ['A Pertanian', 'C Industri']);
  assert.deepEqual(offered('/data/kbli'), []);
  interview.answer('/data/sector', 'C', NOW);
  assert.deepEqual(offered('/data/kbli'), ['10710 Roti dan kue', '10720 Gula merah']);
  assert.deepEqual(offered('/data/kbli', { query: 'KUE roti' }), ['10710 Roti dan kue']);
  assert.deepEqual(offered('/data/kbli', { query: '107', limit: 1 }), ['10710 Roti dan kue']);
  assert.deepEqual(offered('/data/place/name'), []);
  assert.equal(choiceLabel(interview, '/data/kbli', '10720'), 'Gula merah');
  interview.language = 'en';
  assert.deepEqual(offered('/data/place/kind', { query: 'work' }), ['work Workshop']);
});
