/**
 * Calculations once more, and whether the stored values agree.
 *
 * A device computes at its own time, in its own language. Where a result may depend on these, each
 * moment and language that the submission makes possible is tried before values are said to differ.
 */

import { readValue } from './answers.js';
import { decimal } from './datatypes.js';
import { calculated } from './evaluate.js';
import { Moment, readMoment, stored } from './xpath/values.js';

/** @typedef {import('./schema.js').Expression} Expression */
/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').World} World */
/** @typedef {import('./xpath/values.js').Value} Value */

const RELATIVE = 1e-9; // phones and servers round the last digits of a double differently

/** Recomputes values and keeps the Items whose stored value differs. */
export class Recalculation {
  /** @param {Moment[]} moments @param {string[]} languages */
  constructor(moments, languages) {
    this.moments = moments;
    this.languages = languages;
    /** @type {Item[]} */
    this.differing = [];
  }

  /** The value of a calculated Item, noted when it differs. @param {World} world @param {Item} item @returns {Value} */
  of(world, item) {
    const rule = /** @type {Expression} */ (item.node.calculate);
    // what JavaRosa evaluates at a prefixed node of a blank form it leaves alone in one that it opens again
    if (rule.volatile || item.node.prefixed) return readValue(item.node, item.text, world);
    const value = calculated(world, item);
    if (agrees(item, value)) return value;
    for (const other of this.variants(world, item, rule)) if (agrees(item, other)) return other;
    if (item.node.kind !== 'attribute') this.differing.push(item);
    return value;
  }

  /** The value at each other moment and in each other language it may depend on. @param {World} world @param {Item} item @param {Expression} rule */
  variants(world, item, rule) {
    const { now, language } = world;
    const found = [];
    for (const moment of rule.clock ? this.moments : [now]) {
      for (const code of rule.localised ? this.languages : [language]) {
        world.now = moment;
        world.language = code;
        found.push(calculated(world, item));
      }
    }
    world.now = now;
    world.language = language;
    return found;
  }
}

/** Whether two texts are one number; codes of sixteen digits are no nearer for being long. @param {string} one @param {string} other */
function isAsNumber(one, other) {
  if (/^\d+$/.test(one) && /^\d+$/.test(other)) return BigInt(one) === BigInt(other);
  return isNear(decimal(one), decimal(other));
}

/** Whether the stored text is this value: numbers within 1e-9, booleans in either spelling. @param {Item} item @param {Value} value */
function agrees({ text, node }, value) {
  const written = stored(value, node.type);
  const plain = written.trim(); // space around a text is lost on the way to the server
  if (text === written || text === plain || isAsNumber(text, plain)) return true;
  if (typeof value === 'boolean') return text === String(value);
  const moment = value instanceof Moment ? readMoment(text, value.offset) : null;
  if (!(value instanceof Moment) || !moment) return false;
  return text.includes('T') ? moment.wall === value.wall : moment.day === value.day;
}

/** @param {number | null} one @param {number | null} other */
function isNear(one, other) {
  if (one === null || other === null || !Number.isFinite(one)) return false;
  return Math.abs(one - other) <= RELATIVE * Math.max(1, Math.abs(one));
}
