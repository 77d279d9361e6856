// After every answer, what was evaluated in part is what a full evaluation gives.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import test from 'node:test';

import { Cascade } from '../../app/web/pwa/engine/cascade.js';
import { load } from './judge.mjs';
import { read } from './form.mjs';
import { walk } from './walk.mjs';

const HOME = new URL('../forms/vectors/forms/', import.meta.url);
const names = existsSync(HOME) ? readdirSync(HOME).filter((name) => existsSync(new URL(`${name}/form.xml`, HOME))) : [];
const loaded = (name) => load(name, read(new URL(`${name}/form.xml`, HOME)), new URL(`${name}/media`, HOME).pathname);

test('there are forms to walk', { skip: names.length ? false : 'the vectors are not there: make vectors' }, () => {
  assert.ok(names.includes('household'));
});

for (const name of names) {
  test(`a walk through ${name}`, () => {
    const form = loaded(name);
    for (const seed of [1, 2]) assert.deepEqual(walk(form, seed, 30), [], `seed ${seed}`);
  });
}

test('a walk finds a cascade that forgets', { skip: !names.includes('household') }, (t) => {
  const { touch } = Cascade.prototype;
  t.after(() => { Cascade.prototype.touch = touch; });
  Cascade.prototype.touch = function forgetful(item) {
    this.changed.add(item);
  };
  assert.notDeepEqual(walk(loaded('household'), 1, 40), []);
});
