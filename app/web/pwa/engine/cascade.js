/** What follows from a change: only what depends on it is evaluated again, each in its turn. */

import { addInstance, below, removeInstance, MAX_INSTANCES } from './answers.js';
import { readValue } from './answers.js';
import { calculated, ownRelevance } from './evaluate.js';
import { wantedInstances } from './judge.js';
import { Moment, stored } from './xpath/values.js';

/** @typedef {import('./answers.js').Answers} Answers */
/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').World} World */
/** @typedef {import('./xpath/values.js').Value} Value */

/** Waiting changes of one interview. */
export class Cascade {
  /**
   * @param {Answers} answers
   * @param {World} world
   * @param {(instance: Item) => void} begun what to do with a new instance of a repeat
   */
  constructor(answers, world, begun) {
    this.answers = answers;
    this.form = answers.form;
    this.world = world;
    this.begun = begun;
    /** @type {Set<Item>[]} Items to evaluate, by the rank of their node */
    this.waiting = this.form.order.map(() => new Set());
    /** @type {Set<Item>[]} parents of repeats to count, by the rank of the repeat */
    this.uncounted = this.form.order.map(() => new Set());
    /** @type {Set<Item>} whose value or relevance is another one since the last call of `changes` */
    this.changed = new Set();
    this.depth = 0;
  }

  /** What changed since the last call. @returns {Item[]} */
  changes() {
    const found = [...this.changed];
    this.changed = new Set();
    return found;
  }

  /** Let everything be evaluated, as when a form is opened. */
  everything() {
    for (const node of this.form.order) for (const item of this.answers.of(node)) this.enqueue(item);
  }

  /** Let an Item be evaluated, and the repeats below it be counted. @param {Item} item */
  enqueue(item) {
    this.waiting[this.rank(item.node)].add(item);
    for (const repeat of item.node.repeats) if (repeat.count) this.uncounted[this.rank(repeat)].add(item);
  }

  /** @param {Node} node */
  rank(node) {
    return /** @type {number} */ (this.form.rank.get(node.path));
  }

  /** Give a leaf an answer; what depends on it waits for `run`. @param {Item} item @param {string} text */
  answer(item, text) {
    item.text = text;
    this.enqueue(item);
  }

  /** Evaluate what waits, in the order of need. */
  run() {
    for (let rank = 0; rank < this.waiting.length; rank += 1) {
      const node = this.form.order[rank];
      for (const parent of drained(this.uncounted[rank])) this.count(node, parent);
      // an instance may read another one of its own repeat: each is evaluated at most twice as often as there are
      for (let left = 2 * this.answers.of(node).length; this.waiting[rank].size && left > 0; left -= 1) {
        const [item] = this.waiting[rank];
        this.waiting[rank].delete(item);
        this.evaluate(item);
      }
      this.waiting[rank].clear();
    }
  }

  /** @param {Item} item */
  evaluate(item) {
    const { node } = item;
    const relevant = (item.parent?.relevant ?? true) && ownRelevance(node, this.world, item);
    const turned = relevant !== item.relevant;
    item.relevant = relevant;
    const value = this.valueOf(item);
    const differs = !identical(value, item.value);
    item.value = value;
    if (turned) for (const child of item.kids.values()) for (const one of Array.isArray(child) ? child : [child]) this.enqueue(one);
    if (turned || differs) this.touch(item);
  }

  /** @param {Item} item @returns {Value} */
  valueOf(item) {
    if (!item.relevant) return '';
    if (!item.node.calculate) return readValue(item.node, item.text, this.world);
    const value = calculated(this.world, item);
    item.text = stored(value, item.node.type);
    return value;
  }

  /** Let what reads an Item be evaluated. @param {Item} item */
  touch(item) {
    this.changed.add(item);
    for (const { node, depth } of this.form.dependents.get(item.node.path) ?? []) {
      let from = item;
      while (from.node.shape.depth > depth && from.parent) from = from.parent;
      if (node.count) for (const parent of reached(from, node, 1)) this.uncounted[this.rank(node)].add(parent);
      for (const one of reached(from, node, 0)) if (one !== item) this.enqueue(one);
    }
  }

  // -- repeats -----------------------------------------------------------------------------------
  /** Bring a repeat to the number of instances its count asks for. @param {Node} repeat @param {Item} parent */
  count(repeat, parent) {
    const wanted = parent.relevant ? wantedInstances(repeat, parent, this.world) : null;
    if (wanted === null) return;
    const instances = parent.kids.get(repeat.name);
    while (instances.length < Math.min(wanted, MAX_INSTANCES)) this.add(parent, repeat);
    while (instances.length > wanted) this.remove(instances[instances.length - 1]);
  }

  /** Append an instance. @param {Item} parent @param {Node} repeat @returns {Item} */
  add(parent, repeat) {
    const instance = addInstance(parent, repeat, this.answers);
    this.moved(instance);
    this.begun(instance);
    return instance;
  }

  /** Take an instance away. @param {Item} instance */
  remove(instance) {
    const after = instance.parent?.kids.get(instance.node.name).slice(instance.position) ?? [];
    removeInstance(instance, this.answers);
    for (const one of [instance, ...after]) this.moved(one);
    for (const one of below(instance)) {
      this.waiting[this.rank(one.node)].delete(one);
      this.uncounted.forEach((among) => among.delete(one));
    }
  }

  /** An instance is new, gone or in another place: all below it and what reads it. @param {Item} instance */
  moved(instance) {
    for (const one of below(instance)) {
      this.enqueue(one);
      this.touch(one);
    }
  }
}

/** Items of a node below an Item, or `up` levels above them. @param {Item} from @param {Node} node @param {number} up @returns {Item[]} */
function reached(from, node, up) {
  const names = node.path.split('/').slice(from.node.shape.depth + 2, node.shape.depth + 2 - up);
  return names.reduce((items, name) => items.flatMap((item) => item.kids.get(name) ?? []), [from]);
}

/** @template T @param {Set<T>} set @returns {T[]} */
function drained(set) {
  const found = [...set];
  set.clear();
  return found;
}

/** @param {Value} one @param {Value} other */
function identical(one, other) {
  if (one instanceof Moment && other instanceof Moment) return one.wall === other.wall && one.offset === other.offset;
  return Object.is(one, other);
}
