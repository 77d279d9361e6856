/** Sets of nodes: counting, summing, positions, repeats. */

import { EvaluationError, Unknown } from '../../errors.js';
import { listed } from '../operand.js';
import { setOperand } from '../paths.js';
import { toInt, toNumber } from '../values.js';

/** @typedef {import('../operand.js').Build} Build */
/** @typedef {import('../operand.js').Evaluator} Evaluator */
/** @typedef {import('../operand.js').Func} Func */

const MODULUS = 2 ** 31 - 1; // Park and Miller's minimal standard generator, as ODK specifies
const MULTIPLIER = 16807;

/** @type {Build} */
function count(context, [{ nodes }]) {
  if (!nodes) throw context.refuse('count() takes a path;');
  return (world, here) => nodes(world, here).length;
}

/** @type {Build} */
function countNonEmpty(context, [{ nodes }]) {
  if (!nodes) throw context.refuse('count-non-empty() takes a path;');
  return (world, here) => nodes(world, here).filter((item) => item.value !== '' || item.kids?.size).length;
}

/** Make a number from all numbers among the nodes; what is not a number is skipped. @param {(numbers: number[]) => number} fold @param {Pick<Func, 'least' | 'most'>} arity @returns {Func} */
function over(fold, { least, most }) {
  return {
    build: (context, operands) => {
      if (least && !operands[0].nodes) throw context.refuse('sum() takes a path;');
      const values = listed(operands);
      return (world, here) => fold(values(world, here).map(toNumber).filter((number) => !Number.isNaN(number)));
    },
    least,
    most,
  };
}

/** The place of a repeat instance, or of the node being filtered; counted from 1. @type {Build} */
function position(context, [path]) {
  if (!path) return (world) => world.index;
  const { nodes } = path;
  if (!nodes) throw context.refuse('position() takes the path of a repeat;');
  return (world, here) => nodes(world, here)[0]?.position ?? 0;
}

/** The value of a node in the n-th instance of each repeat named. @type {Build} */
function indexedRepeat(context, [{ target }, ...rest]) {
  if (!target || rest.length % 2) throw context.refuse('indexed-repeat() takes a node, then repeats each with a number;');
  /** @type {Map<string, Evaluator>} */
  const numbers = new Map();
  const lineage = target.lineage();
  for (let at = 0; at < rest.length; at += 2) {
    const repeat = rest[at].target;
    if (!repeat || !lineage.includes(repeat)) throw context.refuse('indexed-repeat() takes repeats that hold its node;');
    numbers.set(repeat.path, rest[at + 1].value);
  }
  context.facts.reads.set(target.path, 0); // any instance may be meant
  return walk(lineage.slice(1).map((shape) => ({ name: shape.name, repeat: shape.repeat, number: numbers.get(shape.path) })));
}

/** @param {{name: string, repeat: boolean, number: Evaluator | undefined}[]} steps @returns {Evaluator} */
function walk(steps) {
  return (world, here) => {
    /** @type {any} */
    let item = world.root;
    for (const { name, repeat, number } of steps) {
      item = item.kids.get(name);
      if (!repeat) continue;
      item = number ? item[Math.max(1, toInt(number(world, here))) - 1] : own(world.current, item);
      if (!item) return '';
    }
    return item.relevant ? item.value : '';
  };
}

/** The instance around the current node, or the only one. @param {import('../context.js').Item | null} node @param {any[]} instances */
function own(node, instances) {
  for (let one = node; one; one = one.parent) if (instances.includes(one)) return one;
  if (instances.length > 1) throw new EvaluationError('This node is repeated: say which one is meant');
  return instances[0];
}

/** Reorder nodes: by a seed as ODK does it, else by the device's chance. @type {NonNullable<Func['many']>} */
function randomize(context, [source, seed], tree) {
  const { nodes } = source;
  if (!nodes) throw context.refuse('randomize() takes a path;');
  if (!seed) context.facts.volatile = true;
  return { ...setOperand(tree, (world, here) => shuffled(nodes(world, here), seedOf(world, here, seed))), plural: true };
}

/**
 * The seed that a value gives; by the device's chance where there is none.
 * @param {import('../context.js').World} world
 * @param {any} here
 * @param {import('../operand.js').Operand | undefined} seed
 */
export function seedOf(world, here, seed) {
  if (seed) {
    const number = toNumber(seed.value(world, here));
    return Number.isFinite(number) ? Math.trunc(number) : 0;
  }
  if (!world.chance) throw new Unknown();
  return Math.trunc(world.chance() * MODULUS);
}

/** Fisher and Yates, from the inside out. @template T @param {T[]} values @param {number} seed @returns {T[]} */
export function shuffled(values, seed) {
  /** @type {T[]} */
  const found = [];
  let state = seed % MODULUS;
  if (state <= 0) state += MODULUS - 1;
  values.forEach((value, at) => {
    state = (state * MULTIPLIER) % MODULUS;
    const other = Math.trunc(((state - 1) / (MODULUS - 1)) * (at + 1));
    if (other !== at) found[at] = found[other];
    found[other] = value;
  });
  return found;
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'count': { build: count, least: 1, most: 1 },
  'count-non-empty': { build: countNonEmpty, least: 1, most: 1 },
  'sum': over((numbers) => numbers.reduce((sum, number) => sum + number, 0), { least: 1, most: 1 }),
  'min': over((numbers) => (numbers.length ? numbers.reduce((a, b) => Math.min(a, b)) : NaN), { least: 0, most: Infinity }),
  // as in JavaRosa, which starts from the smallest positive number, no maximum is below that
  'max': over((numbers) => (numbers.length ? numbers.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE) : NaN), { least: 0, most: Infinity }),
  'position': { build: position, least: 0, most: 1 },
  'indexed-repeat': { build: indexedRepeat, least: 3, most: 11 },
  'randomize': { build: count, least: 1, most: 2, many: randomize },
};
