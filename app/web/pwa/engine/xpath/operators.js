/** Operators as closures, with shortcuts for the comparisons that forms are made of. */

import { equal, toBool, toNumber } from './values.js';

/** @typedef {import('./operand.js').Evaluator} Evaluator */
/** @typedef {import('./operand.js').Operand} Operand */
/** @typedef {import('./values.js').Value} Value */

/** @type {Record<string, (one: Value, other: Value) => boolean>} */
const COMPARISONS = {
  '=': equal,
  '!=': (one, other) => !equal(one, other),
  '<': (one, other) => toNumber(one) < toNumber(other),
  '<=': (one, other) => toNumber(one) <= toNumber(other),
  '>': (one, other) => toNumber(one) > toNumber(other),
  '>=': (one, other) => toNumber(one) >= toNumber(other),
};

/** @type {Record<string, (one: number, other: number) => number>} */
const ARITHMETIC = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  'div': (one, other) => one / other,
  'mod': (one, other) => one % other, // with the sign of the dividend, as XPath and Java have it
};

/** `and` / `or`, stopping at the first part that decides. @param {string} name @param {Evaluator[]} tests @returns {Evaluator} */
export function logic(name, tests) {
  const decisive = name === 'or';
  return (world, here) => {
    for (const test of tests) if (toBool(test(world, here)) === decisive) return decisive;
    return !decisive;
  };
}

/** Compile one binary operator. @param {string} name @param {Operand} left @param {Operand} right @returns {Evaluator} */
export function binary(name, left, right) {
  const [one, other] = [left.value, right.value];
  if (!Object.hasOwn(COMPARISONS, name)) {
    const apply = ARITHMETIC[name];
    return (world, here) => apply(toNumber(one(world, here)), toNumber(other(world, here)));
  }
  if ((name === '=' || name === '!=') && typeof right.constant === 'string') {
    return againstText(one, right.constant, name === '=');
  }
  const compare = COMPARISONS[name];
  return (world, here) => compare(one(world, here), other(world, here));
}

/** @param {Evaluator} left @param {string} text @param {boolean} wanted @returns {Evaluator} */
function againstText(left, text, wanted) {
  return (world, here) => {
    const value = left(world, here);
    return (typeof value === 'string' ? value === text : equal(value, text)) === wanted;
  };
}
