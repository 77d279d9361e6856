// The engine answers as JavaRosa did, on the vectors that JavaRosa made (`make vectors`). What
// differs stands here with its reason, and nothing else may.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { answer } from './judge.mjs';

const HOME = new URL('../forms/vectors/', import.meta.url);

const EXPRESSIONS = [
  ['an unknown function is refused when the form is read, though the branch may never be taken', /foo\(\)/],
  ['a filter on a repeat goes on to mean all instances below it, not those at the same place', /^count\(\/data\/house\[persons > 1\]\/person\)$/],
  ["JavaRosa breaks off over './name[…]'; ours answers what is meant", /^(count\()?\.\/\w+(\/\w+)?\[/],
  ['JavaRosa reckons by the Julian calendar before 1582', /'0001-01-01'/],
  ['JavaRosa cuts a letter in half, and then cannot write it', /^substr\('é𝛑ß'/],
  ['JavaRosa makes rubbish of what is no base64; ours leaves it empty', /^base64-decode/],
  ["JavaRosa's max() begins at the smallest positive number", /^max\(-/],
  ["JavaRosa passes over '..' behind a name; ours steps up", /\/\w+\/\.\.(\/|$)/],
  ['a mistake in the form: refused when the form is read', /^(format-date-time\('', '%Q'\)|today\(1\))$/],
  ['JavaRosa breaks off over lists in count-non-empty()', /^count-non-empty\(instance/],
];
const SUBMISSIONS = [
  ['now() ran at a moment that the submission does not tell: what is stored is accepted', /this_now/],
];

const lines = (name) => readFileSync(new URL(name, HOME), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const files = (name) => ({ form: new URL(`forms/${name}/form.xml`, HOME).pathname, media: new URL(`forms/${name}/media`, HOME).pathname });
const here = existsSync(new URL('expressions.jsonl', HOME)) ? false : 'the vectors are not there: make vectors';

/** What is neither the same nor listed; says which reasons nothing needs any more. */
function unlisted(t, differences, reasons) {
  for (const [reason, pattern] of reasons) if (!differences.some(({ name }) => pattern.test(name))) t.diagnostic(`to strike off: ${reason}`);
  return differences.filter(({ name }) => !reasons.some(([, pattern]) => pattern.test(name)));
}

test('expressions come out as in JavaRosa', { skip: here }, (t) => {
  const rows = lines('expressions.jsonl');
  assert.ok(rows.length > 1000);
  const differences = rows.flatMap((row) => {
    const ours = answer({ ...row, ...files(row.form) });
    return agrees(ours, row) ? [] : [{ name: row.expression, form: row.form, at: row.context, ours, theirs: row.error ? 'error' : row.value }];
  });
  assert.deepEqual(unlisted(t, differences, EXPRESSIONS), []);
});

function agrees(ours, row) {
  const broken = ours.error || ours.ok === false;
  if (row.error) return broken;
  if (broken || ours.type !== row.type) return false;
  if (row.type !== 'number') return JSON.stringify(ours.value) === JSON.stringify(row.value);
  const [one, other] = [Number(ours.value), Number(row.value)];
  return Object.is(one, other) || one === other || Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));
}

test('submissions are judged as by JavaRosa', { skip: here }, (t) => {
  const rows = lines('submissions.jsonl');
  assert.ok(rows.length > 100);
  const differences = rows.flatMap((row) => compared(answer({ submission: row.submission, ...files(row.form) }), row));
  assert.deepEqual(unlisted(t, differences, SUBMISSIONS), []);
});

const META = /^\/[^/]+\/meta(\/.*)?$/; // what a client adds there is its own affair

function compared(ours, row) {
  const told = ({ path, rule }) => `${rule} ${path}`;
  const found = new Set(ours.findings.filter(({ path, rule }) => rule !== 'warning' && !(rule === 'unknown' && META.test(path))).map(told));
  const theirs = new Set(row.findings.map(told));
  const differences = [
    ...[...found].filter((one) => !theirs.has(one)).map((one) => `ours ${one}`),
    ...[...theirs].filter((one) => !found.has(one)).map((one) => `theirs ${one}`),
    ...Object.keys(row.values).filter((path) => !same(ours.values[path] ?? '', row.values[path])).map((path) => `value ${path}`),
  ];
  return differences.map((one) => ({ name: `${row.form} ${one}`.replace(/\[\d+\]/g, ''), submission: row.submission.slice(0, 2000), ours: ours.values }));
}

const BOOLEANS = { true: '1', false: '0' };
const MIDNIGHT = /^(\d{4}-\d{2}-\d{2})(T00:00:00.*)?$/;

/** Whether two texts are one value: numbers within 1e-9, booleans in either spelling, days. */
function same(one, other) {
  const [a, b] = [BOOLEANS[one] ?? one, BOOLEANS[other] ?? other];
  if (a === b) return true;
  const days = [MIDNIGHT.exec(a)?.[1], MIDNIGHT.exec(b)?.[1]];
  if (days[0] && days[0] === days[1]) return true;
  return a.trim() !== '' && b.trim() !== '' && Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(1, Math.abs(Number(a)));
}
