/** Logic, choice between branches, and what only the device knows. */

import { Unknown } from '../../errors.js';
import { eager, listed } from '../operand.js';
import { toBool, toInt, toNumber, toText } from '../values.js';

/** @typedef {import('../operand.js').Build} Build */
/** @typedef {import('../values.js').Value} Value */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LONGEST = 1_000;

/** Lazy: the branch not taken is not evaluated. @type {Build} */
function either(_, [test, then, other]) {
  return (world, here) => (toBool(test.value(world, here)) ? then : other).value(world, here);
}

/** @type {Build} */
function coalesce(_, [one, other]) {
  return (world, here) => {
    const value = one.value(world, here);
    return value === '' || Number.isNaN(value) ? other.value(world, here) : value;
  };
}

/** Keep what the node already holds; evaluate only into an empty one. @type {Build} */
function once(context, [fresh]) {
  context.facts.volatile = true;
  return (world, here) => (world.current.value === '' ? fresh.value(world, here) : world.current.value);
}

/** @type {Build} */
function random(context) {
  context.facts.volatile = true;
  return (world) => chance(world);
}

/** @param {import('../context.js').World} world */
function chance(world) {
  if (!world.chance) throw new Unknown();
  return world.chance();
}

/** A new UUID, or that many characters by chance. @type {Build} */
function uuid(context, [length]) {
  context.facts.volatile = true;
  if (length) {
    return (world, here) => {
      const size = Math.max(0, Math.min(LONGEST, toInt(length.value(world, here))));
      return Array.from({ length: size }, () => ALPHABET[Math.trunc(chance(world) * ALPHABET.length)]).join('');
    };
  }
  return (world) => {
    if (!world.freshId) throw new Unknown();
    return world.freshId();
  };
}

/** A property of the device, on the device. @type {Build} */
function property(context, [name]) {
  context.facts.volatile = true;
  return (world, here) => {
    const key = toText(name.value(world, here));
    if (!Object.hasOwn(world.device, key)) throw new Unknown();
    return world.device[key];
  };
}

/** -1 stands for no limit. @type {Build} */
function checklist(_, [lowest, highest, ...ticks]) {
  const values = listed(ticks);
  return (world, here) => {
    const [least, most] = [toInt(lowest.value(world, here)), toInt(highest.value(world, here))];
    const count = values(world, here).filter(toBool).length;
    return (least < 0 || count >= least) && (most < 0 || count <= most);
  };
}

/** Ticks and weights in pairs, or as two paths. @type {Build} */
function weightedChecklist(context, [lowest, highest, ...pairs]) {
  if (pairs.length % 2) throw context.refuse('weighted-checklist() takes its ticks and weights in pairs;');
  const ticks = listed(pairs.filter((_, at) => at % 2 === 0));
  const weights = listed(pairs.filter((_, at) => at % 2 === 1));
  return (world, here) => {
    const worth = weights(world, here).map(toNumber);
    let score = 0;
    ticks(world, here).forEach((tick, at) => { score += toBool(tick) ? worth[at] : 0; });
    return score >= toNumber(lowest.value(world, here)) && score <= toNumber(highest.value(world, here));
  };
}

/** @param {Value} value @returns {Build} */
const constant = (value) => () => () => value;

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'if': { build: either, least: 3, most: 3 },
  'coalesce': { build: coalesce, least: 2, most: 2 },
  'once': { build: once, least: 1, most: 1 },
  'depend': eager((value) => value, 1, Infinity),
  'random': { build: random, least: 0, most: 0 },
  'uuid': { build: uuid, least: 0, most: 1 },
  'property': { build: property, least: 1, most: 1 },
  'version': { build: () => (world) => world.version, least: 0, most: 0 },
  'not': eager((value) => !toBool(value), 1),
  'true': { build: constant(true), least: 0, most: 0 },
  'false': { build: constant(false), least: 0, most: 0 },
  'boolean': eager(toBool, 1),
  'boolean-from-string': eager((value) => ['1', 'true'].includes(toText(value).toLowerCase()), 1),
  'checklist': { build: checklist, least: 2, most: Infinity },
  'weighted-checklist': { build: weightedChecklist, least: 4, most: Infinity },
};
