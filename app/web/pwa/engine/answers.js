/** The answers of one submission as a tree of Items that expressions can walk. */

import { valueOf } from './datatypes.js';
import { Item } from './xpath/context.js';

/** @typedef {import('./datatypes.js').Place} Place */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./xml.js').Element} Element */

export const MAX_INSTANCES = 1_000; // of one repeat within its parent; sums over repeats stay affordable

/** What OpenRosa clients may add to the meta block whether or not the form asks for it. */
const META = new Set([
  'instanceID', 'deprecatedID', 'instanceName', 'timeStart', 'timeEnd', 'userID', 'deviceID', 'simSerial',
  'subscriberID', 'phoneNumber', 'username', 'email', 'audit', 'background-audio', 'entity',
]);

/**
 * `items` holds, by the index of its node, every Item in document order.
 *
 * `strangers` are paths of elements that the form does not have; `surplus` are paths of repeats
 * with more instances than MAX_INSTANCES, the rest of which was left out.
 */
export class Answers {
  /** @param {import('./schema.js').Questionnaire} form @param {Place} place */
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.root = new Item(form.root, null);
    /** @type {Item[][]} */
    this.items = Array.from({ length: form.nodes.size }, () => []);
    /** @type {string[]} */
    this.strangers = [];
    /** @type {Set<string>} */
    this.surplus = new Set();
    this.of(this.root.node).push(this.root);
  }

  /** The Items of a node. @param {Node} node */
  of(node) {
    return this.items[node.index];
  }

  /** Give a leaf an answer. @param {Item} item @param {string} text */
  set(item, text) {
    item.text = text;
    item.value = readValue(item.node, text, this.place);
  }
}

/** The value an expression sees for a stored text. @param {Node} node @param {string} text @param {Place} place */
export function readValue(node, text, place) {
  return valueOf(node.type, text, place);
}

/** Lay a submission over its form; what is missing becomes empty. @param {import('./schema.js').Questionnaire} form @param {Element} element @param {Place} place */
export function readAnswers(form, element, place) {
  const answers = new Answers(form, place);
  if (element.name !== form.root.name) answers.strangers.push(`/${element.name}`);
  fillGroup(answers.root, element, answers);
  return answers;
}

/** An unanswered form: its static defaults, and the instances of repeats that it has from the beginning. @param {import('./schema.js').Questionnaire} form @param {Place} place */
export function emptyAnswers(form, place) {
  const answers = new Answers(form, place);
  addMissing(answers.root, answers, true);
  return answers;
}

/** Give an Item the children that its node has and it lacks. @param {Item} item @param {Answers} answers @param {boolean} defaults */
function addMissing(item, answers, defaults) {
  for (const [name, node] of item.node.children) {
    if (node.kind !== 'repeat') {
      item.kids.set(name, added(node, item, answers, defaults));
      continue;
    }
    item.kids.set(name, []);
    for (let copy = 0; defaults && copy < node.copies; copy += 1) addInstance(item, node, answers);
  }
}

/** @param {Node} node @param {Item} parent @param {Answers} answers @param {boolean} defaults */
function added(node, parent, answers, defaults) {
  const item = new Item(node, parent);
  answers.of(node).push(item);
  if (defaults && node.default) answers.set(item, node.default);
  addMissing(item, answers, defaults);
  return item;
}

/** Append one more instance of a repeat, with its static defaults. @param {Item} parent @param {Node} node @param {Answers} answers */
export function addInstance(parent, node, answers) {
  const instances = parent.kids.get(node.name);
  const item = new Item(node, parent, instances.length + 1);
  instances.push(item);
  answers.of(node).push(item);
  addMissing(item, answers, true);
  return item;
}

/** Take an instance of a repeat out of the tree; those after it move up. @param {Item} item @param {Answers} answers */
export function removeInstance(item, answers) {
  const instances = /** @type {Item} */ (item.parent).kids.get(item.node.name);
  instances.splice(instances.indexOf(item), 1);
  instances.forEach((/** @type {Item} */ one, /** @type {number} */ at) => { one.position = at + 1; });
  const gone = new Set(below(item));
  for (const one of gone) {
    const among = answers.of(one.node);
    if (among.some((each) => gone.has(each))) answers.items[one.node.index] = among.filter((each) => !gone.has(each));
  }
}

/** This Item and all below it. @param {Item} item @returns {Generator<Item>} */
export function* below(item) {
  yield item;
  for (const child of item.kids.values()) for (const one of Array.isArray(child) ? child : [child]) yield* below(one);
}

/** Read the children of a group or an instance, in one pass over what was sent. @param {Item} item @param {Element} element @param {Answers} answers */
function fillGroup(item, element, answers) {
  item.present = true;
  for (const [name, node] of item.node.children) {
    if (node.kind === 'attribute') item.kids.set(name, attribute(node, item, element, answers));
    else item.kids.set(name, node.kind === 'repeat' ? [] : null); // keeps the form's order
  }
  /** @type {Set<string>} */
  const unknown = new Set();
  for (const child of element.children) {
    const node = item.node.children.get(child.name);
    const known = item.kids.get(child.name);
    if (!node) unknown.add(child.name);
    else if (node.kind === 'repeat') fillInstance(item, node, child, answers);
    else if (known) answers.strangers.push(pathOf(known));
    else item.kids.set(child.name, filled(node, item, child, answers));
  }
  for (const [name, node] of item.node.children) if (!item.kids.get(name)) item.kids.set(name, added(node, item, answers, false));
  for (const name of unknown) if (!isMeta(item, name)) answers.strangers.push(`${pathOf(item)}/${name}`);
}

/** @param {Node} node @param {Item} parent @param {Element} element @param {Answers} answers */
function attribute(node, parent, element, answers) {
  const item = added(node, parent, answers, false);
  const name = node.name.slice(1);
  answers.set(item, (element.get(node.space ? `{${node.space}}${name}` : name)).trim());
  return item;
}

/** @param {Item} parent @param {Node} node @param {Element} element @param {Answers} answers */
function fillInstance(parent, node, element, answers) {
  const instances = parent.kids.get(node.name);
  if (instances.length >= MAX_INSTANCES) {
    answers.surplus.add(`${pathOf(parent)}/${node.name}`);
    return;
  }
  const item = new Item(node, parent, instances.length + 1);
  instances.push(item);
  answers.of(node).push(item);
  fillGroup(item, element, answers);
}

/** @param {Node} node @param {Item} parent @param {Element} element @param {Answers} answers */
function filled(node, parent, element, answers) {
  const item = new Item(node, parent);
  answers.of(node).push(item);
  if (!node.isLeaf) {
    fillGroup(item, element, answers);
    return item;
  }
  item.present = true;
  for (const [name, child] of node.children) item.kids.set(name, attribute(child, item, element, answers));
  const text = element.text.trim();
  if (text) answers.set(item, text);
  for (const child of element.children) answers.strangers.push(`${pathOf(item)}/${child.name}`);
  return item;
}

/** @param {Item} item @param {string} name */
function isMeta(item, name) {
  return item.node.name === 'meta' ? META.has(name) : name === 'meta' && !item.parent;
}

/** The path with positions in repeats: /data/visit[2]/result. @param {Item} item @returns {string} */
export function pathOf(item) {
  if (!item.node.repeat || !item.parent) return item.node.path;
  const step = `${pathOf(item.parent)}/${item.node.name}`;
  return item.node.kind === 'repeat' ? `${step}[${item.position}]` : step;
}

/** The Item at a path with positions in repeats, or undefined. @param {Item} root @param {string} path @returns {Item | undefined} */
export function itemAt(root, path) {
  const steps = path.split('/').slice(2);
  return steps.reduce((/** @type {any} */ item, step) => {
    const [, name, position] = /** @type {RegExpExecArray} */ (/^([^[]*)(?:\[(\d+)\])?$/.exec(step) ?? ['', '', '']);
    const child = item?.kids.get(name);
    return Array.isArray(child) ? child[Number(position ?? 1) - 1] : child;
  }, root);
}
