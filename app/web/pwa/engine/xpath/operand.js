/** Compiled pieces of an expression, and how functions are declared. */

/** @typedef {import('./values.js').Value} Value */
/** @typedef {import('./context.js').World} World */
/** @typedef {import('./shape.js').Shape} Shape */
/** @typedef {any} Here what '.' stands for: an Item of the submission, or a row in a filter on a list */
/** @typedef {(world: World, here: Here) => Value} Evaluator */
/** @typedef {(world: World, here: Here) => Value[]} ManyValues */
/** @typedef {(world: World, here: Here) => any[]} ManyItems */
/** @typedef {(world: World, item: any, value: string) => string} ChoiceFinder the label of a choice */

/**
 * A compiled sub-expression.
 *
 * `values` and `nodes` are there for paths only; `plural` where more than one node may answer;
 * `constant` where it is a literal.
 * @typedef {{tree: import('./syntax.js').Expr, value: Evaluator, values?: ManyValues,
 *   nodes?: ManyItems, plural?: boolean, target?: Shape, constant?: Value}} Operand
 */

/**
 * What compiling found out about an expression.
 *
 * reads: paths of nodes it depends on, each with the depth of the node that a change in it is felt
 * below: /data/visit (depth 1) where only expressions of the same visit read it
 * itemsets: paths of the questions whose choices it names
 * clock: asks for today() or now(); localised: its result depends on the language
 * volatile: may differ each time: chance, identity, the time of day
 */
export class Facts {
  constructor() {
    /** @type {Map<string, number>} */
    this.reads = new Map();
    /** @type {Set<string>} */
    this.itemsets = new Set();
    this.clock = false;
    this.localised = false;
    this.volatile = false;
  }
}

/**
 * What a function may ask while it is compiled.
 * @typedef {{facts: Facts, itemsetAt: (path: string) => ChoiceFinder,
 *   texts: (world: World, id: string) => string, path: (text: string) => Operand,
 *   refuse: (what: string) => Error}} Context
 */

/** @typedef {(context: Context, operands: Operand[]) => Evaluator} Build */

/**
 * A function with its arity.
 * @typedef {{build: Build, least: number, most: number,
 *   many?: (context: Context, operands: Operand[], tree: import('./syntax.js').Expr) => Operand}} Func
 */

/** @typedef {Record<string, Func>} Functions */

/** Every node's value; a single value counts as one node. @param {Operand} operand @returns {ManyValues} */
export function allValues(operand) {
  const { value, values } = operand;
  return values ?? ((world, here) => [value(world, here)]);
}

/**
 * The nodes of an only argument, else the value of each argument.
 * @param {Operand[]} operands
 * @returns {ManyValues}
 */
export function listed(operands) {
  if (operands.length === 1) return allValues(operands[0]);
  const each = operands.map((operand) => operand.value);
  return (world, here) => each.map((value) => value(world, here));
}

/**
 * Declare a function of its evaluated arguments; `most` defaults to `least`.
 * @param {(...values: any[]) => Value} call
 * @param {number} least
 * @param {number} [most]
 * @returns {Func}
 */
export function eager(call, least, most = least) {
  return { build: (_, operands) => applied(call, operands.map((operand) => operand.value)), least, most };
}

/** @param {(...values: any[]) => Value} call @param {Evaluator[]} parts @returns {Evaluator} */
function applied(call, parts) {
  const [one, two] = parts;
  if (parts.length === 1) return (world, here) => call(one(world, here));
  if (parts.length === 2) return (world, here) => call(one(world, here), two(world, here));
  return (world, here) => call(...parts.map((part) => part(world, here)));
}
