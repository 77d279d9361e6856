// Any text as form, submission, list, expression or pattern: an answer, or an error of ours.

import assert from 'node:assert/strict';
import test from 'node:test';

import { FormsError, Unknown } from '../../app/web/pwa/engine/errors.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { Interview } from '../../app/web/pwa/engine/interview.js';
import { StaticLists, readCsv, readGeojson } from '../../app/web/pwa/engine/lists.js';
import { choices, pages, question } from '../../app/web/pwa/engine/screens.js';
import { validate } from '../../app/web/pwa/engine/validate.js';
import { readXform } from '../../app/web/pwa/engine/xform.js';
import { Pattern } from '../../app/web/pwa/engine/xpath/pattern.js';
import { PatternError } from '../../app/web/pwa/engine/xpath/pattern_syntax.js';
import { chanceOf } from './walk.mjs';
import { NOW, device, form, xform } from './form.mjs';

const FORM = xform(
  '<a/><r jr:template=""><b/><c/></r><d at="1"/><e/>',
  `<bind nodeset="/data/a" type="int" constraint=". &gt; 0" required="true()"/><bind nodeset="/data/r" relevant="/data/a = 1"/>
   <bind nodeset="/data/r/c" calculate="concat(../b, position(..), today())"/><bind nodeset="/data/d" type="date" calculate="date(/data/a)"/>
   <bind nodeset="/data/e" calculate="instance('l')/root/item[name = /data/a]/label"/>`,
  `<input ref="/data/a"><setvalue ref="/data/e" event="xforms-value-changed" value="round(/data/a, 2)"/></input>
   <group ref="/data/r"><label>R</label><repeat nodeset="/data/r" jr:count="/data/a"><select ref="/data/r/b"><item><label>1</label><value>1</value></item></select></repeat></group>`,
  "<instance id='l'><root><item><name>1</name><label>x</label></item></root></instance>",
);
const DATA = '<data id="contoh" version="3"><a>2</a><r><b>1</b><c>x</c></r><r><b/><c/></r><d at="2">2026-05-20</d><e/></data>';
const PIECES = [
  '<', '>', '/', '"', "'", '&', ';', '&#', '(', ')', '[', ']', '..', '.', '//', '*', '-', '+', '|', '@', '$', '::', ' ', '', '\0', '\ud800', 'é', '𝛑', '0', '1', '99999999999999999999',
  'NaN', '-1', '1e9', 'a', 'data', '/data/r', '/data/a', 'current()', 'position()', "instance('l')", 'if(', 'count(', 'sum(/data/r/b)', 'jr:choice-name(1, \'/data/r/b\')', 'nodeset', 'ref', 'type', 'repeat',
  '2026-02-30', 'T25:00', '__proto__', 'constructor', '<x/>', '<a>', '</a>', '<!--', '<![CDATA[', '<?', '<!DOCTYPE', 'xmlns=""', 'jr:count', '{', '}', '\\', '(?', 'a{9}',
];

function mutated(text, chance) {
  let found = text;
  for (let left = 1 + Math.trunc(chance() * 3); left > 0; left -= 1) {
    const at = Math.trunc(chance() * found.length);
    const piece = PIECES[Math.trunc(chance() * PIECES.length)];
    const cut = chance() < 0.5 ? 0 : Math.trunc(chance() * 12);
    found = found.slice(0, at) + piece + found.slice(at + cut);
  }
  return found;
}

function ours(work) {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof FormsError || error instanceof Unknown || error instanceof PatternError)) throw error;
    return false;
  }
}

test('forms', () => {
  const chance = chanceOf(7);
  let read = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    const xml = mutated(FORM, chance);
    let made;
    if (!ours(() => { made = readXform(xml); })) continue;
    read += 1;
    ours(() => {
      validate(made, readSubmission(DATA), new StaticLists(), { now: NOW });
      const interview = Interview.begin(made, new StaticLists(), device());
      for (const page of pages(interview)) for (const path of page.questions) [question(interview, path), choices(interview, path)];
      for (const node of made.nodes.values()) if (node.kind === 'question' && !node.repeat) interview.answer(node.path, '1', NOW);
      readSubmission(interview.submission(NOW));
    });
  }
  assert.ok(read > 300, `${read} forms could be read`);
});

test('submissions', () => {
  const chance = chanceOf(8);
  const made = form('<a/>');
  const whole = readXform(FORM);
  let read = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    const xml = mutated(DATA, chance);
    if (!ours(() => readSubmission(xml))) continue;
    read += 1;
    for (const one of [made, whole]) {
      const told = validate(one, readSubmission(xml), new StaticLists(), { now: NOW });
      assert.equal(told.valid, told.findings.every(({ severity }) => severity === 'warning'));
    }
  }
  assert.ok(read > 200, `${read} submissions could be read`);
});

test('expressions, patterns and lists', () => {
  const chance = chanceOf(9);
  const made = readXform(FORM);
  const node = made.nodes.get('/data/a');
  for (let turn = 0; turn < 5000; turn += 1) {
    const text = Array.from({ length: 1 + Math.trunc(chance() * 8) }, () => PIECES[Math.trunc(chance() * PIECES.length)]).join('');
    ours(() => made.compile(text, node));
    ours(() => new Pattern(text).matches('aaa1'));
    ours(() => readCsv(text));
    ours(() => readGeojson(text));
  }
});
