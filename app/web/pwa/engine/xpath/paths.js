/**
 * Paths over the answers: resolved against the form's shape when compiled.
 *
 * As in JavaRosa, an absolute path from within a repeat means the same instance of that repeat,
 * nodes that are not relevant are not in any node set, several nodes have no one value, and a name
 * that the form does not have leads to no node at all.
 */

import { EvaluationError } from '../errors.js';
import { step as makeStep } from './syntax.js';

/** @typedef {import('./context.js').Item} Item */
/** @typedef {import('./operand.js').Operand} Operand */
/** @typedef {import('./operand.js').ManyItems} ManyItems */
/** @typedef {import('./shape.js').Shape} Shape */
/** @typedef {import('./syntax.js').Step} Step */
/** @typedef {(world: import('./context.js').World, items: Item[]) => Item[]} Move */
/** @typedef {(world: import('./context.js').World, here: any) => Item} Start */

/** The path can lead nowhere; the message says at which step. */
export class DeadPath extends Error {}

/** A step names a node that the form does not have. */
export class LostPath extends Error {}

/**
 * Compile steps from `start`; `origin` finds the start Item (undefined: the context node).
 *
 * Also answers the shapes it may read, and how deep a node it shares with `start`. Throws DeadPath and LostPath.
 * @param {import('./syntax.js').Path} path
 * @param {Shape} start
 * @param {Step[]} steps
 * @param {Start | undefined} origin
 * @param {(step: Step, shape: Shape) => Move} filters
 * @returns {{operand: Operand, shapes: Shape[], shared: number}}
 */
export function itemPath(path, start, steps, origin, filters) {
  const trail = new Trail(start, filters);
  for (const step of steps) trail.follow(step);
  return { operand: trail.operand(path, origin), shapes: trail.shapes, shared: trail.lowest };
}

/**
 * Rewrite absolute steps as steps from `here` through the deepest ancestor they share. As in
 * JavaRosa, '*' stands for the node on the way to `here`.
 * @param {Shape} here
 * @param {Shape} root
 * @param {Step[]} steps
 */
export function relativeTo(here, root, steps) {
  if (steps[0].axis !== 'child' || (steps[0].name !== root.name && steps[0].name !== '*')) {
    throw new LostPath(steps[0].name);
  }
  const lineage = here.lineage();
  let shared = 1;
  while (shared < steps.length && shared < lineage.length && same(lineage[shared], steps[shared])) shared += 1;
  const ups = Array.from({ length: here.depth + 1 - shared }, () => makeStep('parent', ''));
  return [...ups, ...steps.slice(shared)];
}

/** Steps in which '*' stands for the node on the way to `here`, as in JavaRosa. @param {Shape} here @param {Step[]} steps @returns {Step[]} */
export function named(here, steps) {
  const lineage = here.lineage();
  let depth = here.depth;
  let along = true; // whether the steps are still on the way
  return steps.map((step) => {
    if (step.axis === 'self') return step;
    depth += step.axis === 'parent' ? -1 : 1;
    if (step.axis === 'parent' || !along) return step;
    const own = lineage[depth];
    const found = own && step.name === '*' ? { ...step, name: own.name } : step;
    along = own !== undefined && found.name === own.name;
    return found;
  });
}

/** @param {Shape} shape @param {Step} step */
function same(shape, step) {
  return step.axis === 'child' && !step.predicates.length && (step.name === shape.name || step.name === '*');
}

/** The moves of one path while its steps are followed through the shape. */
class Trail {
  /** @param {Shape} start @param {(step: Step, shape: Shape) => Move} filters */
  constructor(start, filters) {
    this.shapes = [start];
    this.filters = filters;
    this.ups = 0;
    this.lowest = start.depth; // how near to the root it ever was
    /** @type {string[]} */
    this.downs = [];
    /** @type {Move[]} */
    this.moves = [];
    this.plural = false;
  }

  /** @param {Step} step */
  follow(step) {
    if (step.axis === 'child' && step.name !== '*') {
      this.down(step);
      return;
    }
    if (step.predicates.length) throw new DeadPath("a filter on '.', '..' or '*' is not supported");
    if (step.axis === 'parent') this.up();
    else if (step.axis === 'child') this.spread();
  }

  up() {
    const parent = this.shapes.length === 1 && this.shapes[0].parent;
    if (!parent) throw new DeadPath("'..' leads above the form's root");
    this.shapes = [parent];
    if (this.moves.length) {
      this.moves.push((_, items) => [...new Set(items.flatMap((item) => item.parent ?? []))]);
    } else if (this.downs.length) {
      this.downs.pop();
    } else {
      this.ups += 1;
    }
    this.lowest = Math.min(this.lowest, parent.depth);
  }

  spread() {
    this.toMoves();
    this.shapes = this.shapes.flatMap((shape) => [...shape.children.values()].filter((child) => child.name[0] !== '@'));
    this.moves.push(everyChild);
    this.plural = true;
  }

  /** @param {Step} step */
  down(step) {
    const found = this.shapes.flatMap((shape) => shape.children.get(step.name) ?? []);
    if (!found.length) throw new LostPath(step.name);
    this.shapes = found;
    if (found.some((shape) => shape.repeat) || step.predicates.length || this.moves.length) {
      this.toMoves();
      this.moves.push(children(step.name));
      this.plural ||= found.some((shape) => shape.repeat);
    } else {
      this.downs.push(step.name);
    }
    if (step.predicates.length) this.moves.push(this.filters(step, found[0]));
  }

  toMoves() {
    this.moves.push(...this.downs.map(children));
    this.downs = [];
  }

  /** @param {import('./syntax.js').Path} tree @param {Start | undefined} origin @returns {Operand} */
  operand(tree, origin) {
    const target = this.shapes.length === 1 ? this.shapes[0] : undefined;
    if (this.moves.length) {
      const nodes = many(oneItem(origin, this.ups, []), this.moves);
      return { ...setOperand(tree, nodes), plural: this.plural, target };
    }
    const one = oneItem(origin, this.ups, this.downs);
    const nodes = (/** @type {any} */ world, /** @type {any} */ here) => {
      const item = one(world, here);
      return item.relevant ? [item] : [];
    };
    const value = !origin && !this.ups && !this.downs.length
      ? (/** @type {any} */ _, /** @type {any} */ here) => here.value
      : (/** @type {any} */ world, /** @type {any} */ here) => one(world, here).value;
    return { tree, value, values: (world, here) => nodes(world, here).map(valueOf), nodes, target };
  }
}

/** A node set as an operand: its one value, and all of them. @param {import('./syntax.js').Expr} tree @param {ManyItems} nodes @returns {Operand} */
export function setOperand(tree, nodes) {
  return {
    tree,
    value: (world, here) => onlyValue(nodes(world, here)),
    values: (world, here) => nodes(world, here).map(valueOf),
    nodes,
  };
}

/** @param {{value: import('./values.js').Value}} item */
const valueOf = (item) => item.value;

/** @param {{value: import('./values.js').Value}[]} items */
function onlyValue(items) {
  if (items.length > 1) throw new EvaluationError('This node is repeated: say which one is meant');
  return items.length ? items[0].value : '';
}

/** @param {string} name @returns {Move} */
export function children(name) {
  return (_, items) => items.flatMap((item) => item.kids.get(name) ?? []);
}

/** @type {Move} */
export function everyChild(_, items) {
  return items.flatMap((item) => [...item.kids].flatMap(([name, child]) => (name[0] === '@' ? [] : child)));
}

/** @param {Start | undefined} origin @param {number} ups @param {string[]} downs @returns {Start} */
function oneItem(origin, ups, downs) {
  return (world, here) => {
    let item = origin ? origin(world, here) : here;
    for (let up = 0; up < ups; up += 1) item = item.parent;
    for (const name of downs) item = item.kids.get(name);
    return item;
  };
}

/** @param {Start} find @param {Move[]} moves @returns {ManyItems} */
function many(find, moves) {
  return (world, here) => {
    let items = [find(world, here)];
    for (const move of moves) items = move(world, items);
    return items.filter((item) => item.relevant);
  };
}
