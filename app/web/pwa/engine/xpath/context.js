/** What an expression sees while it is evaluated: the answers, the lists, the clock. */

import { Unknown } from '../errors.js';

/** @typedef {import('./values.js').Value} Value */
/** @typedef {import('./values.js').Moment} Moment */
/** @typedef {import('../lists.js').ListTable} ListTable */
/** @typedef {{table(name: string): ListTable | null}} Lists the external lists this side holds, by name */

/** One node of one submission, with its value as the form engine sees it now. */
export class Item {
  /**
   * @param {import('../schema.js').Node} node
   * @param {Item | null} parent
   * @param {number} [position] among the instances of a repeat, from 1
   */
  constructor(node, parent, position = 1) {
    this.node = node;
    this.parent = parent;
    this.position = position;
    /** @type {Map<string, any>} an Item, or a list of Items where the child repeats */
    this.kids = new Map();
    this.text = '';
    /** @type {Value} */
    this.value = '';
    this.relevant = true;
    this.present = false;
  }
}

/**
 * Everything outside the node that an expression may ask for.
 *
 * `now` is null when the time of the interview is unknown. `chance` gives numbers in [0, 1) and
 * `freshId` a new UUID on a device; both are null on a server, which cannot repeat them.
 */
export class World {
  /** @param {Item} root @param {Lists} lists @param {string} language */
  constructor(root, lists, language) {
    this.root = root;
    this.current = root;
    this.lists = lists;
    this.language = language;
    /** @type {Moment | null} */
    this.now = null;
    this.index = 1;
    this.version = '';
    /** @type {Record<string, string>} properties of the device, such as deviceid */
    this.device = {};
    /** @type {(() => number) | null} */
    this.chance = null;
    /** @type {(() => string) | null} */
    this.freshId = null;
  }

  /** The external list of that name; throws Unknown when this side does not hold it. @param {string} name */
  table(name) {
    const table = this.lists.table(name);
    if (!table) throw new Unknown();
    return table;
  }

  /** The time of the interview; throws Unknown when the submission does not tell. */
  moment() {
    if (!this.now) throw new Unknown();
    return this.now;
  }

  /** How many minutes the device's wall is ahead of UTC. */
  get offset() {
    return this.now?.offset ?? 0;
  }

  /** Whole days since 1970 on the device's wall. */
  get day() {
    return this.now?.day ?? 0;
  }
}
