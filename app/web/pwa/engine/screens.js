/**
 * What a screen shows of an interview: pages in order, and each question with its label, its hint,
 * its choices and its state, in the interview's language.
 */

import { pathOf } from './answers.js';
import { unlessUnknown } from './evaluate.js';
import { textIn } from './schema.js';
import { toBool, toText } from './xpath/values.js';

/** @typedef {import('./interview.js').Interview} Interview */
/** @typedef {import('./schema.js').Control} Control */
/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').Texts} Texts */

/**
 * A page: consecutive questions of one group, or all questions of a group that asks for a common
 * page. `titles` are the labels of the groups around it; `repeat` is the instance it stands in, or,
 * on a page without questions, the repeat (without a position) that asks for one more.
 * @typedef {{key: string, titles: string[], repeat: string | null, questions: string[]}} Page
 *
 * @typedef {object} Question one question as it stands now
 * @property {string} path
 * @property {string} kind question or note
 * @property {string} control input, select1, select, rank, upload, trigger, range or secret
 * @property {string} type
 * @property {string} label
 * @property {string} hint
 * @property {Record<string, string>} media image, audio, video, and guidance of hints
 * @property {string} appearance
 * @property {Record<string, string>} parameters of the control: mediatype, start, end, step, …
 * @property {boolean} relevant
 * @property {boolean} required
 * @property {boolean} readonly
 * @property {boolean} calculated
 * @property {string} value as stored
 * @property {string | null} list name of the list it chooses from; null for an open question
 */

/** The pages that are relevant now, in order. @param {Interview} interview @returns {Page[]} */
export function pages(interview) {
  const found = new Pages(interview);
  found.visit(interview.form.body, interview.answers.root, { titles: [], repeat: null, common: false });
  return found.pages;
}

/** @typedef {{titles: string[], repeat: string | null, common: boolean}} Place */

class Pages {
  /** @param {Interview} interview */
  constructor(interview) {
    this.interview = interview;
    /** @type {Page[]} */
    this.pages = [];
    this.open = false; // whether the last page takes the next question
  }

  /** @param {Control[]} controls @param {Item} scope the instance around @param {Place} place */
  visit(controls, scope, place) {
    for (const control of controls) {
      if (control.kind === 'group') this.group(control, scope, place);
      else if (control.kind === 'repeat') this.repeat(control, scope, place);
      else this.question(control, scope, place);
    }
  }

  /** @param {Control} control @param {Item} scope @param {Place} place */
  question(control, scope, place) {
    const item = this.within(scope, control.path);
    if (!item?.relevant) return;
    if (!this.open) this.pages.push({ key: pathOf(item), titles: place.titles, repeat: place.repeat, questions: [] });
    this.open = true;
    this.pages[this.pages.length - 1].questions.push(pathOf(item));
  }

  /** @param {Control} control @param {Item} scope @param {Place} place */
  group(control, scope, place) {
    const item = control.path ? this.within(scope, control.path) : null;
    const repeats = control.children.some((child) => child.kind === 'repeat');
    if (item ? !item.relevant : control.path && !repeats) return;
    const node = this.interview.form.nodes.get(control.path);
    const title = node ? rendered(this.interview, node.labels, node, item ?? scope).text : '';
    const common = place.common || isCommon(control);
    if (!place.common) this.open = false;
    this.visit(control.children, scope, { ...place, titles: title ? [...place.titles, title] : place.titles, common });
    if (!place.common) this.open = false;
  }

  /** @param {Control} control @param {Item} scope @param {Place} place */
  repeat(control, scope, place) {
    const at = control.path.lastIndexOf('/');
    const parent = this.within(scope, control.path.slice(0, at));
    if (!parent?.relevant) return;
    const common = place.common || isCommon(control);
    for (const instance of parent.kids.get(control.path.slice(at + 1))) {
      if (!instance.relevant) continue;
      this.open = false;
      this.visit(control.children, instance, { ...place, repeat: pathOf(instance), common });
    }
    this.open = false;
    const path = `${pathOf(parent)}/${control.path.slice(at + 1)}`;
    if (this.interview.instances(path).open) this.pages.push({ key: path, titles: place.titles, repeat: path, questions: [] });
  }

  /** The node at a path of the form, in the same instance. @param {Item} scope @param {string} path @returns {Item | null} */
  within(scope, path) {
    let item = /** @type {any} */ (scope);
    while (item.parent && !`${path}/`.startsWith(`${item.node.path}/`)) item = item.parent;
    for (const name of path.split('/').slice(item.node.shape.depth + 2)) {
      item = item?.kids.get(name);
      if (Array.isArray(item)) return null;
    }
    return item ?? null;
  }
}

/** @param {Control} control */
const isCommon = (control) => control.element.get('appearance').split(/\s+/).includes('field-list');

/** One question as it stands now. @param {Interview} interview @param {string} path @returns {Question} */
export function question(interview, path) {
  const item = interview.item(path);
  const { node } = item;
  const control = controlAt(interview.form.body, node.path);
  const label = rendered(interview, node.labels, node, item);
  const hint = rendered(interview, node.hints, node, item);
  const holds = (/** @type {import('./schema.js').Expression | null} */ rule) =>
    rule !== null && unlessUnknown(() => toBool(rule.of(interview.world, item)), () => false);
  return {
    path,
    kind: node.kind,
    control: control?.kind ?? '',
    type: node.type,
    label: label.text,
    hint: hint.text,
    media: { ...hint.media, ...label.media },
    appearance: node.appearance,
    parameters: Object.fromEntries(control?.element.attributes ?? []),
    relevant: item.relevant,
    required: holds(node.required),
    readonly: holds(node.readonlyRule),
    calculated: node.calculate !== null,
    value: item.relevant ? item.text : '',
    list: node.itemset ? node.itemset.name : null,
  };
}

/** @type {WeakMap<Control[], Map<string, Control>>} */
const BY_PATH = new WeakMap();

/** @param {Control[]} body @param {string} path */
function controlAt(body, path) {
  let known = BY_PATH.get(body);
  if (!known) {
    known = new Map();
    const add = (/** @type {Control[]} */ controls) => controls.forEach((one) => {
      if (one.kind !== 'group' && one.kind !== 'repeat') known?.set(one.path, one);
      add(one.children);
    });
    add(body);
    BY_PATH.set(body, known);
  }
  return known.get(path);
}

/** A text with its outputs resolved, as Markdown the form's author wrote. @param {Interview} interview @param {Texts} texts @param {Node} node @param {Item} item */
function rendered(interview, texts, node, item) {
  const found = textIn(interview.form, texts, interview.language);
  if (!found) return { text: '', media: {} };
  const parts = found.pieces.map((piece) => {
    if (typeof piece === 'string') return piece;
    const rule = interview.form.output(piece.source, node);
    return rule ? unlessUnknown(() => toText(rule.of(interview.world, item)), () => '') : '';
  });
  return { text: parts.join('').trim(), media: found.media };
}

/** The label of a group, of a repeat or of a question. @param {Interview} interview @param {string} path */
export function labelAt(interview, path) {
  const item = interview.item(path);
  return rendered(interview, item.node.labels, item.node, item).text;
}

/** A message of a finding's rule with its outputs resolved: 'required', 'constraint' or 'warning'. @param {Interview} interview @param {string} path @param {string} rule */
export function messageAt(interview, path, rule) {
  const item = interview.item(path);
  const { node } = item;
  const texts = { required: node.requiredMessage, constraint: node.constraintMessage, warning: node.warningMessage }[rule];
  return texts ? rendered(interview, texts, node, item).text : '';
}

/**
 * The choices offered now: all of a short list, or the first that have every word of a query.
 * @param {Interview} interview
 * @param {string} path
 * @param {{query?: string, limit?: number}} [search]
 * @returns {{value: string, label: string, media: Record<string, string>}[]}
 */
export function choices(interview, path, { query = '', limit = Infinity } = {}) {
  const item = interview.item(path);
  const { world } = interview;
  const { itemset } = item.node;
  if (!itemset) return [];
  const found = unlessUnknown(() => (query.trim() || limit < Infinity ? itemset.search(world, item, query, limit) : itemset.choices(world, item)), () => []);
  return found.map((choice) => ({ value: choice.value, label: choice.label(world), media: choice.media?.(world) ?? {} }));
}

/** The label of one choice. @param {Interview} interview @param {string} path @param {string} value */
export function choiceLabel(interview, path, value) {
  const item = interview.item(path);
  return unlessUnknown(() => item.node.itemset?.label(interview.world, item, value) ?? '', () => '');
}
