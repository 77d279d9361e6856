// Documents that JavaRosa filled in, answered once more question by question: what the phone's
// engine then writes holds the same nodes with the same values.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { pathOf, readAnswers } from '../../app/web/pwa/engine/answers.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { Interview } from '../../app/web/pwa/engine/interview.js';
import { zoneIn } from '../../app/web/pwa/engine/xpath/values.js';
import { load } from './judge.mjs';
import { device, read } from './form.mjs';

const HOME = new URL('../forms/vectors/', import.meta.url);
const NOW = '2026-05-20T10:30:00.000+07:00';
const PLACE = { offset: zoneIn(NOW), day: 0 };
const BOOLEANS = { true: '1', false: '0' };
const CHANCE = /uuid\(|random\(/;
const rows = existsSync(new URL('submissions.jsonl', HOME))
  ? readFileSync(new URL('submissions.jsonl', HOME), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
  : [];

/** Answer what a document answers, in the order of the form. */
function replay(interview, item) {
  for (const [name, child] of item.kids) {
    if (name[0] === '@') continue;
    if (Array.isArray(child)) {
      size(interview, `${pathOf(item)}/${name}`, child.length);
      for (const instance of child) replay(interview, instance);
    } else if (!child.node.isLeaf) replay(interview, child);
    else if (child.node.kind === 'question' && !child.node.calculate && interview.item(pathOf(child)).relevant) {
      if (interview.item(pathOf(child)).text !== child.text) interview.answer(pathOf(child), child.text, NOW);
    }
  }
}

function size(interview, path, wanted) {
  const { count, open } = interview.instances(path);
  if (!open) return;
  for (let have = count; have < wanted; have += 1) interview.addInstance(path, NOW);
  for (let have = count; have > wanted; have -= 1) interview.removeInstance(`${path}[${have}]`, NOW);
}

/** Texts by path of the leaves that a document has, without what depends on chance or on the device. */
function texts(form, xml) {
  const found = {};
  for (const item of readAnswers(form, readSubmission(xml).root, PLACE).items.flat()) {
    const { node } = item;
    const own = node.preload || node.name === 'instanceID' || node.name === 'audit' || CHANCE.test(node.calculate?.source ?? '') || node.filled;
    const asked = node.kind === 'question' || node.kind === 'calculation'; // notes are not answered
    if (asked && item.present && !own) found[pathOf(item)] = BOOLEANS[item.text] ?? item.text;
  }
  return found;
}

/** The paths of what differs; numbers may in their last digits, booleans in their spelling. */
function differing(one, other) {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => {
    const [a, b] = [one[path], other[path]];
    const near = Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.abs(Number(a));
    return a !== b && !(a && b && near);
  });
}

test('documents come out as JavaRosa wrote them', { skip: rows.length ? false : 'the vectors are not there: make vectors' }, () => {
  const forms = new Map();
  let same = 0;
  const different = [];
  for (const { form: name, submission, valid } of rows) {
    if (!valid) continue;
    if (!forms.has(name)) forms.set(name, load(name, read(new URL(`forms/${name}/form.xml`, HOME)), new URL(`forms/${name}/media`, HOME).pathname));
    const { form, lists } = forms.get(name);
    const interview = Interview.begin(form, lists, device({ now: NOW }));
    replay(interview, readAnswers(form, readSubmission(submission).root, PLACE).root);
    const paths = differing(texts(form, submission), texts(form, interview.submission(NOW)));
    if (!paths.length) same += 1;
    else if (!paths.every((path) => mutated(form, submission, path))) different.push({ name, paths, submission });
  }
  assert.deepEqual(different, []);
  assert.ok(same > 100, `${same} documents came out the same`);
});

/** Whether a node was taken out of a document, or an id in it follows from chance elsewhere. */
function mutated(form, submission, path) {
  const name = path.slice(path.lastIndexOf('/') + 1).replace('@', '');
  return !new RegExp(`[<: ]${name}[ />=]`).test(submission) || /_id$|@id$/.test(path);
}
