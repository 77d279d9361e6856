/** Text: parts, tests, joining. */

import { EvaluationError } from '../../errors.js';
import { eager, listed } from '../operand.js';
import { Pattern } from '../pattern.js';
import { PatternError } from '../pattern_syntax.js';
import { toInt, toText } from '../values.js';

/** @typedef {import('../operand.js').Build} Build */
/** @typedef {import('../values.js').Value} Value */

const MAX_TEXT = 1_000_000; // what joining may build
const MAX_PATTERNS = 100; // remembered of one expression whose pattern is itself an answer

/** A position counted from 0, or from the end when negative, kept within the text. @param {Value} value @param {number} length */
function place(value, length) {
  const whole = toInt(value);
  return Math.max(0, Math.min(length, whole < 0 ? whole + length : whole));
}

/** @param {Value} value @param {Value} start @param {Value} [end] */
function substr(value, start, end = Infinity) {
  const text = toText(value);
  const [from, to] = [place(start, text.length), place(end, text.length)];
  return from <= to ? text.slice(from, to) : '';
}

/** @param {Value} value @param {Value} old @param {Value} fresh */
function translate(value, old, fresh) {
  const [source, target] = [toText(old), toText(fresh)];
  return toText(value).replace(/[^]/g, (one) => {
    const at = source.indexOf(one);
    return at < 0 ? one : target.charAt(at);
  });
}

/** @param {Value} value @param {Value} mark */
function after(value, mark) {
  const [text, sought] = [toText(value), toText(mark)];
  const at = text.indexOf(sought);
  return at < 0 ? '' : text.slice(at + sought.length);
}

/** @param {Value} value @param {Value} mark */
function before(value, mark) {
  const text = toText(value);
  return text.slice(0, Math.max(0, text.indexOf(toText(mark))));
}

/** Join every node of an only argument, or each argument. @type {Build} */
function concat(_, operands) {
  const values = listed(operands);
  return (world, here) => values(world, here).map(toText).join('').slice(0, MAX_TEXT);
}

/** @type {Build} */
function join(_, [glue, ...operands]) {
  const values = operands.length ? listed(operands) : () => [];
  return (world, here) => values(world, here).map(toText).join(toText(glue.value(world, here))).slice(0, MAX_TEXT);
}

/** Of the argument, or of the node itself. @param {(text: string) => Value} call @returns {import('../operand.js').Func} */
function ofText(call) {
  return {
    build: (_, [operand]) => (world, here) => call(toText(operand ? operand.value(world, here) : world.current.value)),
    least: 0,
    most: 1,
  };
}

/** Full match, in time linear in the answer. @type {Build} */
function regex(context, [{ value }, source]) {
  if (typeof source.constant === 'string') {
    const pattern = known(source.constant, (why) => context.refuse(`The pattern of regex() is not supported (${why})`));
    return (world, here) => pattern.matches(toText(value(world, here)));
  }
  /** @type {Map<string, Pattern>} */
  const patterns = new Map();
  return (world, here) => {
    const text = toText(source.value(world, here));
    const pattern = patterns.get(text) ?? known(text, (why) => new EvaluationError(why));
    if (patterns.size < MAX_PATTERNS) patterns.set(text, pattern);
    return pattern.matches(toText(value(world, here)));
  };
}

/** @param {string} source @param {(why: string) => Error} refuse */
function known(source, refuse) {
  try {
    return new Pattern(source);
  } catch (error) {
    throw error instanceof PatternError ? refuse(error.message) : error;
  }
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'string': eager(toText, 1),
  'string-length': ofText((text) => text.length),
  'normalize-space': ofText((text) => text.trim().replace(/[ \t\n\v\f\r]+/g, ' ')),
  'substr': eager(substr, 2, 3),
  'substring-before': eager(before, 2),
  'substring-after': eager(after, 2),
  'contains': eager((value, part) => toText(value).includes(toText(part)), 2),
  'starts-with': eager((value, part) => toText(value).startsWith(toText(part)), 2),
  'ends-with': eager((value, part) => toText(value).endsWith(toText(part)), 2),
  'translate': eager(translate, 3),
  'concat': { build: concat, least: 0, most: Infinity },
  'join': { build: join, least: 1, most: Infinity },
  'regex': { build: regex, least: 2, most: 2 },
};
