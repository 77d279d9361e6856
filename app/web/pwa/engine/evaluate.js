/** Relevance and calculations of a whole submission, each node once, in the order of need. */

import { readValue } from './answers.js';
import { kept } from './datatypes.js';
import { Unknown } from './errors.js';
import { toBool } from './xpath/values.js';

/** @typedef {import('./answers.js').Answers} Answers */
/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').World} World */
/** @typedef {import('./xpath/values.js').Value} Value */

/** What to do where a rule asks for what cannot be known here. @template T @param {() => T} evaluate @param {() => T} otherwise @returns {T} */
export function unlessUnknown(evaluate, otherwise) {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Unknown) return otherwise();
    throw error;
  }
}

/**
 * Set `relevant` and `value` of every Item; `recalculate` answers the value of a calculated one.
 * @param {Answers} answers
 * @param {World} world
 * @param {(world: World, item: Item) => Value} recalculate
 */
export function evaluate(answers, world, recalculate) {
  for (const node of answers.form.order) {
    for (const item of answers.of(node)) {
      item.relevant = (item.parent?.relevant ?? true) && ownRelevance(node, world, item);
      if (!item.relevant) item.value = '';
      else if (node.calculate) item.value = recalculate(world, item);
    }
  }
}

/** Whether a node is relevant by its own rule, leaving aside the groups around it. @param {Node} node @param {World} world @param {Item} item */
export function ownRelevance({ relevant }, world, item) {
  // what cannot be known here is as the device says
  return !relevant || unlessUnknown(() => toBool(relevant.of(world, item)), () => hasAnswer(item));
}

/** Whether an answer is stored in a node or below it. @param {Item} item @returns {boolean} */
export function hasAnswer(item) {
  if (item.text) return true;
  for (const [name, child] of item.kids) {
    if (name[0] !== '@' && (Array.isArray(child) ? child.some(hasAnswer) : hasAnswer(child))) return true;
  }
  return false;
}

/** The calculation's value; what was stored where it cannot be known here. @param {World} world @param {Item} item @returns {Value} */
export function calculated(world, item) {
  const { calculate, type } = item.node;
  return unlessUnknown(
    () => kept(/** @type {import('./schema.js').Expression} */ (calculate).of(world, item), type),
    () => readValue(item.node, item.text, world),
  );
}
