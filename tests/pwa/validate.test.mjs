// Verdicts: each rule, its path and its severity.

import assert from 'node:assert/strict';
import test from 'node:test';

import { UnreadableXml } from '../../app/web/pwa/engine/errors.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { validate } from '../../app/web/pwa/engine/validate.js';
import { findings, form, lists } from './form.mjs';

const input = (...names) => names.map((name) => `<input ref="/data/${name}"/>`).join('');
const bind = (name, attributes) => `<bind nodeset="/data/${name}" ${attributes}/>`;

test('required, also by an expression', () => {
  const asked = form('<a/><b/>', bind('a', 'required="true()"') + bind('b', `required="/data/a = 'x'"`), input('a', 'b'));
  assert.deepEqual(findings(asked, '<a/><b/>'), ['/data/a required']);
  assert.deepEqual(findings(asked, '<a>x</a>'), ['/data/b required']);
  assert.deepEqual(findings(asked, '<a>y</a><b> </b>'), []);
});

const TYPES = {
  int: [['1', '-2', '+3', '007', '2147483647'], ['1.0', 'x', '2147483648', '1e3']],
  decimal: [['1', '1.5', '.5', '5.', '1e3', 'NaN'], ['1,5', 'x', '1.2.3']],
  date: [['2026-05-20', '2024-02-29', '2026-5-2'], ['2026-02-29', '2026-13-01', '20 Mei 2026', '2026-05-20T10:00:00']],
  dateTime: [['2026-05-20T10:00:00.000+07:00', '2026-05-20T10:00', '2026-05-20', '2026-05-20T10:00:00Z'], ['x', '2026-05-20T25:00', '2026-05-20T10']],
  time: [['10:30', '10:30:00.000+07:00', '23:59:59'], ['25:00', '10', '10:60']],
  geopoint: [['-6.88 109.67 0 0', '-6.88 109.67', '-6.88'], ['x', '1 2 3 4 5', '1,2']],
  geotrace: [['0 0;1 1', '0 0 0 0; 1 1 0 0;'], ['0 0;x']],
  geoshape: [['0 0;1 1;1 0;0 0'], ['x y']],
  boolean: [['1', '0', 'true', 'false'], ['yes']],
  binary: [['foto.jpg'], ['../foto.jpg', '..', 'a/b']],
  string: [['anything', ''], []],
  unheard: [['anything'], []],
};
for (const [type, [good, bad]] of Object.entries(TYPES)) {
  test(`answers of type ${type}`, () => {
    const typed = form('<a/>', bind('a', `type="${type}"`), input('a'));
    for (const text of good) assert.deepEqual(findings(typed, `<a>${text}</a>`), [], text);
    for (const text of bad) assert.deepEqual(findings(typed, `<a>${text}</a>`), ['/data/a type'], text);
  });
}

test('constraint and warning', () => {
  const held = form('<a/>', bind('a', 'type="int" constraint=". &lt; 100" se:warning=". &lt; 50" jr:constraintMsg="Terlalu banyak" se:warningMsg="{\'Bahasa Indonesia (id)\': \'Yakin?\', \'English (en)\': \'Sure?\'}"'), input('a'));
  const told = (text, language) => validate(held, readSubmission(`<data id="contoh"><a>${text}</a></data>`), lists({}), { language }).findings;
  assert.deepEqual(told('7'), []);
  assert.deepEqual(told('70'), [{ path: '/data/a', rule: 'warning', severity: 'warning', message: 'Yakin?' }]);
  assert.equal(told('70', 'en')[0].message, 'Sure?');
  assert.deepEqual(told('700').map(({ rule, message }) => [rule, message]), [['constraint', 'Terlalu banyak'], ['warning', 'Yakin?']]);
});

test('choices: written, listed, filtered, unknown lists, codes twice', () => {
  const select = (name, inside) => `<select1 ref="/data/${name}">${inside}</select1>`;
  const chosen = form(
    '<sector/><kbli/><none/><many/>', '',
    select('sector', '<item><label>A</label><value>A</value></item><item><label>C</label><value>C</value></item>')
    + select('kbli', '<itemset nodeset="instance(\'kbli\')/root/item[sector = /data/sector]"><value ref="name"/><label ref="label"/></itemset>')
    + select('none', '<itemset nodeset="instance(\'none\')/root/item"><value ref="name"/><label ref="label"/></itemset>')
    + '<select ref="/data/many"><item><label>1</label><value>1</value></item><item><label>2</label><value>2</value></item></select>',
    '<instance id="kbli" src="jr://file-csv/kbli.csv"/><instance id="none" src="jr://file/none.csv"/>',
  );
  const kbli = lists({ kbli: 'name,label,sector\n1,Padi,A\n2,Roti,C\n' });
  assert.deepEqual(findings(chosen, '<sector>A</sector><kbli>1</kbli><none>any</none><many>2 1</many>', kbli), []);
  assert.deepEqual(findings(chosen, '<sector>A</sector><kbli>2</kbli><many>1 3</many>', kbli), ['/data/kbli choice', '/data/many choice']);
  assert.deepEqual(findings(chosen, '<sector>B</sector><many>1 1</many>', kbli), ['/data/sector choice', '/data/many choice']);
});

test('codes of a search are taken as given', () => {
  const searching = form('<shop/>', '', '<select1 ref="/data/shop" appearance="search(\'shops\')"><item><label>label</label><value>name</value></item></select1>');
  assert.deepEqual(findings(searching, '<shop>any</shop>'), []);
});

test('space around a calculated text is lost on the way', () => {
  const named = form('<a/><b/><ab/>', bind('ab', 'calculate="concat(/data/a, \' \', /data/b)"'), input('a', 'b'));
  assert.deepEqual(findings(named, '<a>40</a><ab>40</ab>'), []);
  assert.deepEqual(findings(named, '<a>40</a><ab>4</ab>'), ['/data/ab calculation']);
});

test('choices from earlier answers', () => {
  const family = form(
    '<person><name/></person><head/>', '',
    '<group ref="/data/person"><repeat nodeset="/data/person"><input ref="/data/person/name"/></repeat></group>'
    + '<select1 ref="/data/head"><itemset nodeset="/data/person[name != \'\']"><value ref="name"/><label ref="name"/></itemset></select1>',
  );
  const people = '<person><name>Ani</name></person><person><name>Budi</name></person>';
  assert.deepEqual(findings(family, `${people}<head>Budi</head>`), []);
  assert.deepEqual(findings(family, `${people}<head>Cici</head>`), ['/data/head choice']);
});

test('relevance names the outermost part', () => {
  const parted = form('<a/><g><b/><h><c/></h></g>', bind('g', "relevant=\"/data/a = 'x'\""), input('a', 'g/b', 'g/h/c'));
  assert.deepEqual(findings(parted, '<a>y</a><g><b/><h><c>1</c></h></g>'), ['/data/g relevance']);
  assert.deepEqual(findings(parted, '<a>y</a>'), []);
  assert.deepEqual(findings(parted, '<a>x</a><g><b/><h><c>1</c></h></g>'), []);
});

test('calculations: numbers, booleans, moments, languages', () => {
  const computed = form(
    '<a/><sum/><yes/><day/><end/>',
    bind('a', 'type="int"') + bind('sum', 'calculate="/data/a div 3"') + bind('yes', 'calculate="/data/a = 1"')
    + bind('day', 'type="date" calculate="today()"') + bind('end', 'jr:preload="timestamp" jr:preloadParams="end" type="dateTime"'),
    input('a'),
  );
  const end = '<end>2026-05-20T23:00:00.000+07:00</end>';
  assert.deepEqual(findings(computed, `<a>1</a><sum>0.33333333333</sum><yes>true</yes><day>2026-05-20</day>${end}`), []);
  assert.deepEqual(findings(computed, `<a>1</a><sum>0.3</sum><yes>0</yes><day>2026-05-21</day>${end}`), ['/data/sum calculation', '/data/yes calculation', '/data/day calculation']);
  assert.deepEqual(findings(computed, '<a>1</a><sum>0.333333333333333</sum><yes>1</yes><day>2020-01-01</day>'), []);
});

test('repeats that are counted, fixed, or too many', () => {
  const group = (attributes) => `<input ref="/data/n"/><group ref="/data/r"><repeat nodeset="/data/r" ${attributes}><input ref="/data/r/a"/></repeat></group>`;
  const counted = form('<n/><r jr:template=""><a/></r>', bind('n', 'type="int"'), group('jr:count="/data/n"'));
  assert.deepEqual(findings(counted, '<n>2</n><r><a/></r><r><a/></r>'), []);
  assert.deepEqual(findings(counted, '<n>2</n><r><a/></r>'), ['/data/r repeat']);
  assert.deepEqual(findings(counted, '<n>1</n>'), ['/data/r repeat']);
  const fixed = form('<n/><r><a/></r><r><a/></r>', '', group('jr:noAddRemove="true()"'));
  assert.deepEqual(findings(fixed, '<n/><r><a/></r><r><a/></r><r><a/></r>'), ['/data/r repeat']);
  const open = form('<n/><r jr:template=""><a/></r>', bind('r/a', 'type="int"'), group(''));
  assert.deepEqual(findings(open, `<n/>${'<r><a>x</a></r>'.repeat(2)}`), ['/data/r[1]/a type', '/data/r[2]/a type']);
  assert.ok(findings(open, `<n/>${'<r/>'.repeat(1001)}`).includes('/data/r repeat'));
});

test('nodes that the form does not have, or that stand twice', () => {
  const plain = form('<a/><g><b/></g>', '', input('a', 'g/b'));
  assert.deepEqual(findings(plain, '<a>1</a><a>2</a><x/><x/><g><y/></g><meta><instanceID>u</instanceID></meta>'), ['/data/a unknown', '/data/g/y unknown', '/data/x unknown']);
  assert.deepEqual(findings(plain, '<a><z/></a>'), ['/data/a/z unknown']);
  const other = validate(plain, readSubmission('<other id="contoh"/>'), lists({}));
  assert.deepEqual(other.findings.map(({ path }) => path), ['/other']);
});

test('a note keeps its text', () => {
  const noted = form('<n>Halo</n>', bind('n', 'readonly="true()"'), input('n'));
  assert.deepEqual(findings(noted, '<n>Halo</n>'), []);
  assert.deepEqual(findings(noted, '<n>Ha</n>'), ['/data/n warning']);
});

test('values are as recalculated, and warnings do not count', () => {
  const valued = form('<a/><b/>', bind('a', 'type="int" se:warning=". &lt; 5"') + bind('b', 'calculate="/data/a + 1"'), input('a'));
  const told = validate(valued, readSubmission('<data id="contoh"><a>7</a><b>8</b></data>'), lists({}));
  assert.deepEqual([told.valid, told.values], [true, { '/data/a': '7', '/data/b': '8' }]);
});

for (const xml of ['<data/>', '<data id=" "/>', '<data id="x">', '']) {
  test(`no submission: ${xml}`, () => assert.throws(() => readSubmission(xml), UnreadableXml));
}

test('a submission names itself', () => {
  const read = readSubmission('<data id="f" version="2"><orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:a</orx:instanceID><orx:deprecatedID>uuid:b</orx:deprecatedID></orx:meta></data>');
  assert.deepEqual([read.formId, read.version, read.instanceId, read.deprecatedId], ['f', '2', 'uuid:a', 'uuid:b']);
  assert.equal(readSubmission('<data id="f"/>').instanceId, null);
});
