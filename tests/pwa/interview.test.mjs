// An interview: what an answer sets off, and the document that comes of it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Interview, NoSuchNode } from '../../app/web/pwa/engine/interview.js';
import { NOW, NO_LISTS, begin, device, form } from './form.mjs';

const LATER = '2026-05-20T10:00:00.000+07:00';
const input = (...names) => names.map((name) => `<input ref="/data/${name}"/>`).join('');
const value = (interview, path) => interview.item(path).text;

const SHOP = form(
  '<kind/><workers/><paid/><wage/><total/><big/><meta><instanceID/></meta>',
  `<bind nodeset="/data/workers" type="int" constraint=". >= 0" required="true()"/>
   <bind nodeset="/data/paid" type="int" relevant="/data/workers &gt; 0" constraint=". &lt;= /data/workers"/>
   <bind nodeset="/data/wage" type="decimal" relevant="/data/paid &gt; 0"/>
   <bind nodeset="/data/total" type="decimal" calculate="/data/paid * /data/wage"/>
   <bind nodeset="/data/big" calculate="if(/data/total &gt; 100, 'yes', 'no')"/>
   <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`,
  input('kind', 'workers', 'paid', 'wage'),
);

test('an answer sets off what depends on it, and nothing else', () => {
  const interview = begin(SHOP);
  assert.deepEqual(interview.answer('/data/kind', 'toko', NOW), ['/data/kind']);
  assert.deepEqual(interview.answer('/data/workers', '5', NOW), ['/data/workers', '/data/paid']);
  interview.answer('/data/paid', '4', NOW);
  assert.deepEqual(interview.answer('/data/wage', '30', NOW), ['/data/wage', '/data/total', '/data/big']);
  assert.equal(value(interview, '/data/total'), '120');
  assert.equal(value(interview, '/data/big'), 'yes');
});

test('an answer that is no longer asked is kept, but not sent', () => {
  const interview = begin(SHOP);
  for (const [path, text] of [['workers', '5'], ['paid', '4'], ['wage', '30']]) interview.answer(`/data/${path}`, text, NOW);
  interview.answer('/data/workers', '0', NOW);
  assert.doesNotMatch(interview.submission(NOW), /<paid>|<wage>/);
  assert.equal(value(interview, '/data/big'), 'no');
  interview.answer('/data/workers', '6', NOW);
  assert.match(interview.submission(NOW), /<paid>4<\/paid><wage>30<\/wage><total>120<\/total>/);
});

test('findings come by question', () => {
  const interview = begin(SHOP);
  assert.deepEqual(interview.findings().map((one) => `${one.path} ${one.rule}`), ['/data/workers required']);
  interview.answer('/data/workers', '2', NOW);
  interview.answer('/data/paid', '3', NOW);
  assert.deepEqual(interview.findingsAt('/data/paid'), [
    { path: '/data/paid', rule: 'constraint', severity: 'error', message: 'Jawaban tidak memenuhi syarat pertanyaan ini.' },
  ]);
  interview.language = 'en';
  assert.equal(interview.findingsAt('/data/paid')[0].message, 'The answer does not meet the condition of this question.');
});

test('a draft goes on under its identity, with answers that are not asked now', () => {
  const interview = begin(SHOP);
  for (const [path, text] of [['workers', '5'], ['paid', '4'], ['workers', '0']]) interview.answer(`/data/${path}`, text, NOW);
  const resumed = Interview.resume(SHOP, NO_LISTS, interview.draft(), { now: LATER });
  assert.equal(resumed.instanceId, 'uuid:one');
  assert.equal(resumed.draft(), interview.draft());
  resumed.answer('/data/workers', '5', LATER);
  assert.match(resumed.submission(LATER), /<paid>4<\/paid>/);
});

test('an edit names the document that it replaces', () => {
  const sent = begin(SHOP).submission(NOW);
  const edited = Interview.edit(SHOP, NO_LISTS, sent, device({ instanceId: 'uuid:two' }));
  assert.match(edited.submission(LATER), /<meta><instanceID>uuid:two<\/instanceID><deprecatedID>uuid:one<\/deprecatedID><\/meta>/);
  const resumed = Interview.resume(SHOP, NO_LISTS, edited.draft(), { now: LATER });
  assert.deepEqual([resumed.instanceId, resumed.deprecatedId], ['uuid:two', 'uuid:one']);
});

test('a submission is written as its form is', () => {
  const written = form('<a/><g><b/><c/></g><orx:meta><orx:instanceID/></orx:meta>', '<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>', input('a'));
  const interview = begin(written);
  interview.answer('/data/a', '<&> "é"', NOW);
  assert.equal(interview.submission(NOW), '<?xml version=\'1.0\' encoding=\'UTF-8\' ?><data xmlns:orx="http://openrosa.org/xforms" id="contoh" version="3">'
    + '<a>&lt;&amp;&gt; "é"</a><g><b/><c/></g><orx:meta><orx:instanceID>uuid:one</orx:instanceID></orx:meta></data>');
});

test('a form without a meta block gets one', () => {
  assert.match(begin(form('<a/>')).submission(NOW), /<orx:meta><orx:instanceID>uuid:one<\/orx:instanceID><\/orx:meta><\/data>$/);
});

test('the device fills what it knows', () => {
  const clocks = form(
    '<start/><end/><today/><deviceid/><meta><instanceID/></meta>',
    `<bind nodeset="/data/start" type="dateTime" jr:preload="timestamp" jr:preloadParams="start"/>
     <bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
     <bind nodeset="/data/today" type="date" jr:preload="date" jr:preloadParams="today"/>
     <bind nodeset="/data/deviceid" jr:preload="property" jr:preloadParams="deviceid"/>
     <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`,
  );
  assert.match(begin(clocks).submission(LATER), new RegExp(
    `<start>${NOW}</start><end>${LATER}</end><today>2026-05-20</today><deviceid>gawai-1</deviceid>`.replaceAll(/[.+]/g, '\\$&'),
  ));
});

const HOUSE = form(
  '<size/><person jr:template=""><name/><age/><ever/></person><oldest/><adults/>',
  `<bind nodeset="/data/size" type="int"/>
   <bind nodeset="/data/person/age" type="int" relevant="../name != ''"/>
   <bind nodeset="/data/person/ever" calculate="concat(position(..), ':', ../name)"/>
   <bind nodeset="/data/oldest" calculate="max(/data/person/age)"/>
   <bind nodeset="/data/adults" calculate="count(/data/person[age &gt;= 17])"/>`,
  '<input ref="/data/size"/><group ref="/data/person"><repeat nodeset="/data/person"><input ref="/data/person/name"/><input ref="/data/person/age"/></repeat></group>',
);

test('instances of a repeat come and go', () => {
  const interview = begin(HOUSE);
  interview.removeInstance('/data/person[1]', NOW);
  for (const [name, age] of [['Ani', '40'], ['Budi', '60'], ['Cici', '7']]) {
    const path = interview.addInstance('/data/person', NOW);
    interview.answer(`${path}/name`, name, NOW);
    interview.answer(`${path}/age`, age, NOW);
  }
  assert.deepEqual([value(interview, '/data/oldest'), value(interview, '/data/adults')], ['60', '2']);
  assert.deepEqual(interview.answer('/data/person[3]/age', '8', NOW), ['/data/person[3]/age']);
  interview.removeInstance('/data/person[2]', NOW);
  assert.deepEqual([value(interview, '/data/oldest'), value(interview, '/data/adults')], ['40', '1']);
  assert.equal(value(interview, '/data/person[2]/ever'), '2:Cici');
  assert.throws(() => interview.answer('/data/person[3]/age', '1', NOW), NoSuchNode);
});

test('a count makes the instances', () => {
  const counted = form(
    '<n/><m/><person jr:template=""><name/></person>',
    '<bind nodeset="/data/n" type="int"/><bind nodeset="/data/m" calculate="count(/data/person)"/>',
    '<input ref="/data/n"/><group ref="/data/person"><repeat nodeset="/data/person" jr:count=" /data/n "><input ref="/data/person/name"/></repeat></group>',
  );
  const interview = begin(counted);
  assert.deepEqual(interview.instances('/data/person'), { count: 0, open: false });
  interview.answer('/data/n', '3', NOW);
  assert.deepEqual(interview.instances('/data/person'), { count: 3, open: false });
  assert.equal(value(interview, '/data/m'), '3');
  interview.answer('/data/n', '1', NOW);
  assert.equal(value(interview, '/data/m'), '1');
});

test('actions run at their events', () => {
  const acting = form(
    '<made/><name/><copy/><stamp/><visit jr:template=""><no/><result/><since/></visit>',
    '<bind nodeset="/data/stamp" type="dateTime"/>',
    `<setvalue ref="/data/made" event="odk-instance-first-load" value="concat('dari ', '${'x'}')"/>
     <input ref="/data/name"><setvalue ref="/data/copy" event="xforms-value-changed" value="/data/name"/></input>
     <input ref="/data/copy"><setvalue ref="/data/stamp" event="xforms-value-changed" value="now()"/></input>
     <group ref="/data/visit"><repeat nodeset="/data/visit">
       <setvalue ref="/data/visit/no" event="odk-instance-first-load odk-new-repeat" value="position(..)"/>
       <input ref="/data/visit/result"><setvalue ref="/data/visit/since" event="xforms-value-changed" value="concat(../no, '!')"/></input>
     </repeat></group>`,
  );
  const interview = begin(acting);
  assert.equal(value(interview, '/data/made'), 'dari x');
  interview.answer('/data/name', 'Warung', LATER);
  assert.deepEqual([value(interview, '/data/copy'), value(interview, '/data/stamp')], ['Warung', LATER]);
  interview.addInstance('/data/visit', NOW);
  assert.deepEqual(['[1]', '[2]'].map((at) => value(interview, `/data/visit${at}/no`)), ['1', '2']);
  interview.answer('/data/visit[2]/result', 'selesai', NOW);
  assert.deepEqual(['[1]', '[2]'].map((at) => value(interview, `/data/visit${at}/since`)), ['', '2!']);
  const resumed = Interview.resume(acting, NO_LISTS, interview.draft(), { now: LATER });
  assert.equal(value(resumed, '/data/visit[1]/no'), '1');
});

test('once() keeps, and chance comes from the device', () => {
  const chancy = form('<a/><id/><seen/>', '<bind nodeset="/data/id" calculate="once(uuid())"/><bind nodeset="/data/seen" calculate="concat(/data/a, random())"/>', input('a'));
  const interview = begin(chancy);
  const first = value(interview, '/data/id');
  interview.answer('/data/a', 'x', NOW);
  assert.equal(value(interview, '/data/id'), first);
  assert.equal(value(interview, '/data/seen'), 'x0.5');
  assert.equal(value(Interview.resume(chancy, NO_LISTS, interview.draft(), device()), '/data/id'), first);
});

test('entities carry their attributes', () => {
  const entity = form(
    '<name/><meta><instanceID/><entity dataset="usaha" id="" create="1"><label/></entity></meta>',
    `<bind nodeset="/data/meta/entity/@id" calculate="once(uuid())"/><bind nodeset="/data/meta/entity/label" calculate="/data/name"/>
     <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>`,
    input('name'),
  );
  const interview = begin(entity);
  interview.answer('/data/name', 'Toko A', NOW);
  assert.match(interview.submission(NOW), /<entity dataset="usaha" id="fresh-1" create="1"><label>Toko A<\/label><\/entity>/);
});

test('a wrong call says so', () => {
  const interview = begin(SHOP);
  for (const path of ['/data/none', '/data', '/data/meta']) assert.throws(() => interview.answer(path, 'x', NOW), NoSuchNode);
  assert.throws(() => interview.addInstance('/data/kind', NOW), NoSuchNode);
  assert.throws(() => Interview.resume(form('<a/>'), NO_LISTS, '<data id="other"/>', { now: NOW }), /of the form other, not of contoh/);
  assert.throws(() => Interview.resume(SHOP, NO_LISTS, '<data id="contoh"/>', { now: NOW }), /no instanceID/);
  assert.throws(() => interview.at('yesterday'), /The clock gives no moment/);
});
