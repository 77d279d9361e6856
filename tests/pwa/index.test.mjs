// The door of the engine: everything the app needs, and nothing of the world around it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import * as engine from '../../app/web/pwa/engine/index.js';
import { NOW, device, xform } from './form.mjs';

const HOME = new URL('../../app/web/pwa/engine/', import.meta.url);
const modules = readdirSync(HOME, { recursive: true }).filter((name) => name.endsWith('.js'));

test('a document from begin to end', () => {
  const form = engine.readXform(xform('<name/><kbli/>', '<bind nodeset="/data/name" required="true()"/>', '<input ref="/data/name"><label>Nama</label></input>'));
  const interview = engine.Interview.begin(form, new engine.MediaLists(form.files, () => null), device());
  assert.deepEqual(engine.pages(interview).flatMap((page) => page.questions.map((path) => engine.question(interview, path).label)), ['Nama']);
  assert.equal(interview.findings().length, 1);
  interview.answer('/data/name', 'Warung Maju', NOW);
  const told = engine.validate(form, engine.readSubmission(interview.submission(NOW)), new engine.StaticLists());
  assert.deepEqual([told.valid, told.values['/data/name']], [true, 'Warung Maju']);
});

test('no module reaches for the world around it', () => {
  assert.ok(modules.length > 30);
  const world = /(?<![.\w])(?:(?:document|window|navigator|localStorage|indexedDB|process|globalThis)\s*\.|(?:eval|Function|fetch|setTimeout|setInterval|require|import)\s*\()|XMLHttpRequest|Math\.random|Date\.now|new Date\(\)|crypto\.|performance\.|from '(?!\.)/;
  for (const name of modules) {
    const code = readFileSync(new URL(name, HOME), 'utf8').replace(/\/\*[^]*?\*\//g, '').replace(/\/\/ .*/g, '');
    assert.doesNotMatch(code, world, name);
  }
});

test('every module says what it is for', () => {
  for (const name of modules) assert.match(readFileSync(new URL(name, HOME), 'utf8'), /^\/\*\*/, name);
});
