// Fill a form in by a seed, and after every answer hold the interview, which evaluates only what
// depends on it, against a full evaluation of the same answers.
//
//   node walk.mjs FORM MEDIA SEED STEPS → {"steps": how many answers, "differences": […]}

import { pathToFileURL } from 'node:url';

import { readAnswers, pathOf } from '../../app/web/pwa/engine/answers.js';
import { calculated, evaluate } from '../../app/web/pwa/engine/evaluate.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { Interview } from '../../app/web/pwa/engine/interview.js';
import { choices, pages } from '../../app/web/pwa/engine/screens.js';
import { World } from '../../app/web/pwa/engine/xpath/context.js';
import { stored } from '../../app/web/pwa/engine/xpath/values.js';
import { load } from './judge.mjs';
import { NOW, device, read } from './form.mjs';

/** Park and Miller's generator: numbers in [0, 1) by a seed. */
export function chanceOf(seed) {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

const SAMPLES = {
  int: ['0', '1', '2', '3', '7', '19'],
  decimal: ['0', '2.5', '100'],
  date: ['2026-05-19', '2025-12-31', '1990-01-01'],
  dateTime: ['2026-05-19T10:00:00.000+07:00'],
  time: ['08:15:00.000+07:00'],
  geopoint: ['-6.88 109.67 4 4.5', '-6.9 109.6 0 40'],
};

function sample(interview, item, chance) {
  const pick = (list) => list[Math.trunc(chance() * list.length)] ?? '';
  const { node } = item;
  if (chance() < 0.1) return '';
  if (!node.itemset) return pick(SAMPLES[node.type] ?? ['a', 'Warung Contoh', '0812345678']);
  const codes = choices(interview, pathOf(item), { limit: 60 }).map((one) => one.value);
  return node.type === 'select1' ? pick(codes) : [...new Set([pick(codes), pick(codes)])].join(' ');
}

/** Everything a person could see, by path. */
function state(answers) {
  const found = {};
  for (const items of answers.items) {
    for (const item of items) {
      const shown = item.node.calculate && item.relevant ? stored(item.value, item.node.type) : item.text;
      found[pathOf(item)] = `${item.relevant ? 'relevant' : '-'} ${shown.trim()} ${String(item.value).trim()}`;
    }
  }
  return found;
}

function full(form, lists, interview) {
  const answers = readAnswers(form, readSubmission(interview.draft()).root, interview.world);
  const world = new World(answers.root, lists, interview.language);
  Object.assign(world, { now: interview.world.now, version: form.version, device: interview.world.device, chance: interview.world.chance, freshId: interview.world.freshId });
  evaluate(answers, world, calculated);
  return state(answers);
}

/** Walk once; what differs, with the answer after which it did. */
export function walk({ form, lists }, seed, steps) {
  const chance = chanceOf(seed);
  const interview = Interview.begin(form, lists, device({ freshId: () => 'fresh' }));
  const differences = [];
  for (let step = 0; step < steps; step += 1) {
    const page = pages(interview);
    const some = page[Math.trunc(chance() * page.length)];
    let done = some.key;
    if (!some.questions.length) interview.addInstance(some.repeat, NOW);
    else if (some.repeat && chance() < 0.05 && interview.instances(some.repeat.replace(/\[\d+\]$/, '')).open) interview.removeInstance(some.repeat, NOW);
    else {
      done = some.questions[Math.trunc(chance() * some.questions.length)];
      const item = interview.item(done);
      if (!item.node.readonly) interview.answer(done, sample(interview, item, chance), NOW);
    }
    const [now, wanted] = [state(interview.answers), full(form, lists, interview)];
    for (const path of new Set([...Object.keys(now), ...Object.keys(wanted)])) {
      if (now[path] !== wanted[path]) differences.push({ step, done, path, now: now[path], wanted: wanted[path] });
    }
    if (differences.length) break;
  }
  return differences;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [path, media, seed, steps] = process.argv.slice(2);
  const loaded = load(path, read(path), media);
  process.stdout.write(`${JSON.stringify({ steps: Number(steps), differences: walk(loaded, Number(seed), Number(steps)) })}\n`);
}
