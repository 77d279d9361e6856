// Expressions: what each gives, and which are refused.

import assert from 'node:assert/strict';
import test from 'node:test';

import { EvaluationError, UnsupportedForm, Unknown, XPathError } from '../../app/web/pwa/engine/errors.js';
import { StaticLists, readCsv } from '../../app/web/pwa/engine/lists.js';
import { compileExpression } from '../../app/web/pwa/engine/xpath/compile.js';
import { Item, World } from '../../app/web/pwa/engine/xpath/context.js';
import { Shape } from '../../app/web/pwa/engine/xpath/shape.js';
import { Moment, readMoment, stored } from '../../app/web/pwa/engine/xpath/values.js';

const shape = new Shape('data');
const visit = new Shape('visit', shape, true);
const here = new Shape('here', shape);
for (const name of ['n', 't']) new Shape(name, visit);
for (const name of ['empty', 'spot', 'trace', 'fence']) new Shape(name, shape);

function answers() {
  const root = new Item(null, null);
  const leaf = (parent, name, value) => {
    const item = new Item(null, parent);
    item.value = value;
    parent.kids.set(name, item);
    return item;
  };
  leaf(root, 'here', 'b c');
  leaf(root, 'empty', '');
  leaf(root, 'spot', '0.5 0.5 0 0');
  leaf(root, 'trace', '0 0;0 1;0 2');
  leaf(root, 'fence', '0 0;0 1;1 1;1 0;0 0');
  const visits = [[1, 'one'], [2, 'two'], ['', 'three']].map(([n, t], at) => {
    const item = new Item(null, root, at + 1);
    leaf(item, 'n', n);
    leaf(item, 't', t);
    return item;
  });
  root.kids.set('visit', visits);
  return root;
}

const kbli = readCsv('name,label,sector\n01111,Padi,A\n10710,Roti,C\n47211,Beras eceran,G\n');

function evaluate(expression, { at = here, item = (root) => root.kids.get('here') } = {}) {
  const around = { root: shape, instances: new Map([['kbli', 'kbli'], ['inner', kbli]]), texts: () => '', finders: new Map() };
  const compiled = compileExpression(expression, at, around);
  const root = answers();
  const world = new World(root, new StaticLists(new Map([['kbli', kbli]])), 'id');
  world.now = readMoment('2026-05-09T10:20:30.400+07:00', 420);
  world.version = '7';
  const value = compiled.of(world, item(root));
  return value instanceof Moment ? stored(value, '') : value;
}

const RESULTS = {
  // operators
  '1 + 2 * 3': 7, '7 mod -3': 1, '-7 mod 3': -1, '1 div 0': Infinity, '- - 2': 2, '3 > 2 > 1': false,
  "'a' = 'a'": true, "1 = '1,0'": true, "'1' = '1.0'": false, 'true() = 1': true, "not('')": true,
  '1 = 1 OR 1 div 0': true, '0.1 + 0.2 = 0.3': true, "'x' < 'y'": false, '1<2 and 2<3 and 3<4': true,
  // numbers
  'round(2.5)': 3, 'round(-2.5)': -2, 'round(1.005, 2)': 1.01, 'round(1251, -2)': 1300, 'int(-3.7)': -3,
  "number('1e3')": NaN, "number(' 12 ')": 12, 'pow(2, 10)': 1024, 'abs(-2)': 2, 'sqrt(9)': 3, 'exp10(2)': 100,
  'log10(1000)': 3, 'pi()': Math.PI, 'atan2(0, 1)': 0,
  // texts
  'string(3.0)': '3', 'string(3000000000)': '3.0E9', 'string(0.5)': '0.5', 'string(1 = 1)': 'true',
  "substr('hello', 1, 3)": 'el', "substr('hello', -3)": 'llo', "substring-before('a-b', '-')": 'a',
  "substring-after('a-b', '-')": 'b', "substring-after('ab', '-')": '', "translate('abc', 'ab', 'x')": 'xc',
  "max(-5, '', -3) > 0": true, "max(-5, 2)": 2,
  "normalize-space('  a   b ')": 'a b', "string-length('héllo')": 5, 'string-length()': 3, "concat('a', 1, true())": 'a1true',
  "join('-', 'a', 'b')": 'a-b', "join(' ', /data/visit/t)": 'one two three', "contains('abc', 'b')": true,
  "starts-with('abc', 'ab')": true, "ends-with('abc', 'bc')": true,
  "regex('a1', '[a-z][0-9]')": true, "regex('a1b', '[a-z][0-9]')": false, "regex(/data/here, concat('b', ' c'))": true,
  "digest('abc', 'MD5', 'hex')": '900150983cd24fb0d6963f7d28e17f72',
  "digest('abc', 'SHA-1', 'hex')": 'a9993e364706816aba3e25717850c26c9cd0d89d',
  "digest('abc', 'SHA-256', 'hex')": 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  "digest('', 'SHA-384')": 'OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb',
  "base64-decode('aGVsbG8=')": 'hello',
  // choices
  "selected(/data/here, 'b')": true, "selected(., 'd')": false, 'count-selected(.)': 2, 'selected-at(., 1)': 'c', 'selected-at(., 5)': '',
  // dates
  'today()': '2026-05-09T00:00:00.000+07:00', 'now()': '2026-05-09T10:20:30.400+07:00', "date('2026-05-10') - today()": 1,
  "format-date('2026-05-09', '%e/%n/%Y')": '9/5/2026', "format-date-time(now(), '%H:%M:%S.%3')": '10:20:30.400',
  "decimal-time('2026-01-01T12:00:00.000+07:00')": 0.5, "decimal-date-time('1970-01-02T07:00:00.000+07:00')": 1,
  "string(date('2026-01-05'))": '2026-01-05', "date('')": '', "today() > date('2026-05-08')": true, 'date(1)': '1970-01-02T00:00:00.000+07:00',
  "format-date(date-time('2026-05-09T23:30:00.000Z'), '%Y-%m-%d %H')": '2026-05-10 06',
  // flow
  "if(1 = 1, 'yes', 1 div 0)": 'yes', "coalesce('', 'b')": 'b', 'coalesce(1, 2)': 1, "once('x')": 'b c', 'version()': '7', 'depend(4, 5)': 4,
  "boolean-from-string('TRUE')": true, "boolean('false')": true, 'checklist(1, 2, true(), true(), true())': false,
  'weighted-checklist(3, 5, true(), 2, false(), 9, true(), 2)': true,
  // nodes
  'count(/data/visit)': 3, 'count-non-empty(/data/visit/n)': 2, 'sum(/data/visit/n)': 3, 'max(/data/visit/n)': 2, 'min(3, 1, 2)': 1,
  'sum(/data/visit[position() > 1]/n)': 2, "/data/visit[t = 'two']/n": 2, 'indexed-repeat(/data/visit/t, /data/visit, 2)': 'two',
  'indexed-repeat(/data/visit/t, /data/visit, 9)': '', 'position(/data/visit)': 1, 'count(/data/*)': 1, 'count(../*)': 1, 'count(../visit/*)': 6, '/data/visit[2]/t': '', "count(instance('kbli')/root/item['a'])": 0, '/data/empty': '', '/data/nothing': '', 'count(/data/nothing)': 0, "../nothing = ''": true, 'current()/../empty': '',
  "join(',', randomize(/data/visit/t, 42))": 'one,two,three', 'self::node()': 'b c', 'parent::node()/empty': '',
  // places
  "round(distance('0 0 0 0', '0 1 0 0'))": 111319, 'round(distance(/data/trace))': 222638, 'round(area(/data/trace))': 0,
  'geofence(/data/spot, /data/fence)': true, 'round(area(/data/fence))': 12390941585,
  // lists
  "instance('kbli')/root/item[name = '10710']/label": 'Roti', "instance('kbli')/root/item[name = 10710]/label": 'Roti',
  "count(instance('kbli')/root/item[sector != 'A'])": 2, "instance('inner')/root/item[position() = 2]/name": '10710',
  "instance('kbli')/root/item[name = '99999']/label": '', "pulldata('kbli', 'label', 'name', '01111')": 'Padi',
  "count(instance('kbli')/root/*)": 3, "instance('kbli')/root/item[sector = 'C' and name = '10710']/label": 'Roti',
};

for (const [expression, expected] of Object.entries(RESULTS)) {
  test(expression, () => assert.deepEqual(evaluate(expression), expected));
}

test('a path through a repeat means the same instance', () => {
  const inside = { at: visit.children.get('t'), item: (root) => root.kids.get('visit')[1].kids.get('t') };
  for (const path of ['/data/visit/n', '../n', 'current()/../n', 'sum(/data/visit/n)', '/data/*/n']) {
    assert.equal(evaluate(path, inside), 2, path);
  }
  assert.equal(evaluate('position(..)', inside), 2);
  assert.equal(evaluate('sum(../../visit/n)', inside), 3);
});

test('several nodes have no one value', () => {
  assert.throws(() => evaluate("/data/visit/t = 'one'"), EvaluationError);
  assert.throws(() => evaluate("instance('kbli')/root/item/label"), EvaluationError);
});

test('what this side cannot know is said', () => {
  for (const expression of ['uuid()', 'random()', "property('deviceid')", "pulldata('none', 'a', 'b', 'c')"]) {
    assert.throws(() => evaluate(expression), Unknown);
  }
  assert.throws(() => evaluate("date('soon')"), EvaluationError);
});

for (const expression of ['1 +', '(1', "'a", '1 2', '/data/', '#', '(('.repeat(100), `(1${'+1'.repeat(90)})${'+1'.repeat(90)}`, '1'.padEnd(30_000, '+1'), 'x[']) {
  test(`no XPath: ${expression.slice(0, 20)}`, () => assert.throws(() => evaluate(expression), XPathError));
}

for (const expression of [
  "sum(1)", "area('0 0')", 'current()', '//a', '/data/a | /data/b', '../..', 'unknown()', 'ancestor::a', '$a', 'text()', 'if(1)', "instance('none')/root/item",
  "regex('a', '(?<a>b)')", "regex('a', 'a++')", "format-date(today(), '%Q')", "(1)[1]",
]) {
  test(`beyond the subset: ${expression}`, () => assert.throws(() => evaluate(expression), UnsupportedForm));
}

test('a hostile pattern costs no more than its text is long', () => {
  assert.equal(evaluate(`regex('${'a'.repeat(5000)}b', '(a*)*c')`), false);
  assert.equal(evaluate(`regex('${'a'.repeat(5000)}', '(a|a)*')`), true);
});
