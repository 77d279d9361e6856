// Judge by the phone's engine: JSON lines in, JSON lines out.
//
//   {"form": path, "media": folder, "submission": xml, "file"?: name, "language"?: "id", "now"?: moment}
//     → {"file", "valid", "findings", "values"}, the line of `se2026 forms validate`
//   {"form", "media", "submission", "context": "/data/visit[1]/n", "expression": "…", "now"?: moment}
//     → {"type", "value"}, or {"error": true, "message"} where it has no value
//
// "path" instead of "submission" names a file. A form may be sent once, as {"op": "load", "form":
// name, "xml": text, "media": folder}, and is then known by that name; other operations need no
// "op". What is refused answers {"ok": false, "kind": name of the error, "error": why}.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

import { FormsError, Unknown } from '../../app/web/pwa/engine/errors.js';
import { itemAt, readAnswers } from '../../app/web/pwa/engine/answers.js';
import { calculated, evaluate } from '../../app/web/pwa/engine/evaluate.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { MediaLists } from '../../app/web/pwa/engine/media.js';
import { validate } from '../../app/web/pwa/engine/validate.js';
import { readXform } from '../../app/web/pwa/engine/xform.js';
import { World } from '../../app/web/pwa/engine/xpath/context.js';
import { Moment, readMoment, zoneIn } from '../../app/web/pwa/engine/xpath/values.js';

const forms = new Map();

/** Read a form and remember it, with its lists in a folder. */
export function load(name, xml, media) {
  const form = readXform(xml);
  const read = (file) => {
    const path = join(media ?? '', file);
    return media && existsSync(path) ? readFileSync(path, 'utf8') : null;
  };
  const loaded = { form, lists: new MediaLists(form.files, read) };
  forms.set(name, loaded);
  return loaded;
}

/** The answer to one line. */
export function answer(line) {
  try {
    if (line.op === 'load') {
      load(line.form, line.xml, line.media);
      return { ok: true };
    }
    const { form, lists } = forms.get(line.form) ?? load(line.form, readFileSync(line.form, 'utf8'), line.media);
    const submission = readSubmission(line.submission ?? readFileSync(line.path, 'utf8'));
    if (line.expression !== undefined) return evaluated(form, lists, submission, line);
    const file = line.file ?? (line.path ? basename(line.path) : '');
    return { file, ...validate(form, submission, lists, { language: line.language, now: line.now }) };
  } catch (error) {
    if (error instanceof FormsError) return { ok: false, kind: error.constructor.name, error: error.message };
    throw error;
  }
}

/** The value of one expression at one node of a submission, whose calculations ran before. */
function evaluated(form, lists, submission, { context, expression, now, language }) {
  const moment = now ? readMoment(now, zoneIn(now) ?? 0) : null;
  const answers = readAnswers(form, submission.root, moment ?? { offset: 0, day: 0 });
  const world = new World(answers.root, lists, language ?? form.defaultLanguage);
  world.version = form.version;
  world.now = moment;
  evaluate(answers, world, calculated);
  const item = itemAt(answers.root, context);
  if (!item) return { error: true, message: `there is no ${context}` };
  try {
    return typed(form.compile(expression, item.node), world, item);
  } catch (error) {
    if (error instanceof FormsError || error instanceof Unknown) return { error: true, message: error.message };
    throw error;
  }
}

function typed(compiled, world, item) {
  world.current = item;
  const nodes = compiled.nodes?.(world, item);
  if (nodes && nodes.length > 1) return { type: 'nodeset', value: nodes.map((one) => (one.node ? one.text : one.value)) };
  const value = compiled.of(world, item);
  if (value instanceof Moment) return { type: 'date', value: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { type: 'number', value: String(value) };
  return { type: typeof value, value };
}

if (process.argv[1] === import.meta.filename) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim()) process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
  }
}
