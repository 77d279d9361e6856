/**
 * Questionnaire and answers → findings: every rule again, as the phone should have applied it.
 *
 * Nothing is refused here and nothing stops at the first finding. What this side cannot know (a
 * list it does not hold, chance, identity, the moment a calculation ran) is accepted as stored.
 */

import { pathOf, readAnswers } from './answers.js';
import { evaluate } from './evaluate.js';
import { Judge, valuesOf } from './judge.js';
import { defaultMessage } from './messages.js';
import { Recalculation } from './recalculate.js';
import { World } from './xpath/context.js';
import { readMoment, zoneIn } from './xpath/values.js';

/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('./schema.js').Questionnaire} Questionnaire */
/** @typedef {import('./xml.js').Element} Element */

/** Where a text was written that names no moment. */
const UNKNOWN = { offset: 0, day: 0 };

const MAX_STRANGERS = 1_000; // unknown nodes that are named; no person reads more

/**
 * Check a submission against every rule of its questionnaire.
 *
 * `today()` and `now()` are those of the interview's end, else of its start, else the moment `now`
 * with the device's zone; without any, what hangs on them is accepted. Findings come by question,
 * in the order of the form. Throws nothing for whatever was answered.
 * @param {Questionnaire} form
 * @param {{root: Element}} submission
 * @param {import('./xpath/context.js').Lists} lists
 * @param {{language?: string, now?: string}} [options]
 * @returns {{valid: boolean, findings: Finding[], values: Record<string, string>}}
 */
export function validate(form, submission, lists, { language = 'id', now = '' } = {}) {
  const told = momentsOf(form, submission.root);
  const given = readMoment(now, zoneIn(now) ?? 0);
  const moments = told.length || !given ? told : [given];
  const answers = readAnswers(form, submission.root, moments[0] ?? UNKNOWN);
  const world = new World(answers.root, lists, language);
  world.version = form.version;
  world.now = moments[0] ?? null;
  const recalculation = new Recalculation(moments, form.languages);
  evaluate(answers, world, (_, item) => recalculation.of(world, item));
  const findings = [
    ...strange(answers, language),
    ...new Judge(answers, world).findings(),
    ...recalculation.differing.map((item) => finding(pathOf(item), 'calculation', 'calculation', language)),
  ];
  return { valid: findings.every(({ severity }) => severity !== 'error'), findings, values: valuesOf(answers) };
}

/** The interview's end and start, as far as the submission tells. @param {Questionnaire} form @param {Element} root */
function momentsOf(form, root) {
  return ['end', 'start'].flatMap((name) => {
    const texts = form.clocks.filter((node) => node.preload === name).flatMap((node) => textsAt(root, node.path));
    return texts.reverse().map((text) => readMoment(text, zoneIn(text) ?? 0)).find((moment) => moment) ?? [];
  });
}

/** @param {Element} root @param {string} path */
function textsAt(root, path) {
  const found = path.split('/').slice(2).reduce((elements, name) => elements.flatMap((element) => element.all(name)), [root]);
  return found.map((element) => element.text.trim());
}

/** @param {import('./answers.js').Answers} answers @param {string} language */
function strange(answers, language) {
  return [
    ...answers.strangers.slice(0, MAX_STRANGERS).map((path) => finding(path, 'unknown', 'unknown', language)),
    ...[...answers.surplus].map((path) => finding(path, 'repeat', 'repeat.surplus', language)),
  ];
}

/** @param {string} path @param {string} rule @param {string} key @param {string} language @returns {Finding} */
const finding = (path, rule, key, language) => ({ path, rule, severity: 'error', message: defaultMessage(key, language) });
