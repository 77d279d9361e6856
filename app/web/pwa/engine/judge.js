/** The rules about one answer: required, type, choice, constraint, warning, and where it may be. */

import { pathOf } from './answers.js';
import { fits } from './datatypes.js';
import { ownRelevance, unlessUnknown } from './evaluate.js';
import { defaultMessage } from './messages.js';
import { textIn } from './schema.js';
import { Item } from './xpath/context.js';
import { stored, toBool, toNumber } from './xpath/values.js';

/** @typedef {import('./answers.js').Answers} Answers */
/** @typedef {import('./schema.js').Expression} Expression */
/** @typedef {import('./schema.js').Itemset} Itemset */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').World} World */

/**
 * One rule that one answer breaks.
 *
 * path: with positions in repeats, /data/visit[2]/result
 * rule: required, constraint, type, choice, relevance, calculation, repeat, unknown or warning
 * message: for people; never quotes the answer
 * @typedef {{path: string, rule: string, severity: 'error' | 'warning', message: string}} Finding
 */

const ASKED = ['question', 'note'];

/** Judges one evaluated submission, in the world's language. */
export class Judge {
  /** @param {Answers} answers @param {World} world */
  constructor(answers, world) {
    this.answers = answers;
    this.world = world;
    /** @type {{index: number, finding: Finding}[]} with the place of the node */
    this.found = [];
  }

  /** Everything that is wrong, in the order of the form. @returns {Finding[]} */
  findings() {
    /** @type {Set<Item>} */
    const misplaced = new Set();
    for (const node of this.answers.form.nodes.values()) {
      if (node.kind === 'attribute') continue;
      for (const item of this.answers.of(node)) {
        if (item.relevant) this.item(item);
        else if (item.text) misplaced.add(outermost(item));
      }
    }
    for (const item of misplaced) this.find(item, 'relevance', 'relevance');
    return this.sorted();
  }

  /** What is wrong with one relevant node. @param {Item} item @returns {Finding[]} */
  of(item) {
    this.item(item);
    return this.sorted();
  }

  sorted() {
    const found = this.found.sort((a, b) => a.index - b.index).map(({ finding }) => finding);
    this.found = [];
    return found;
  }

  /** @param {Item} item */
  item(item) {
    if (item.node.isLeaf) this.leaf(item);
    for (const repeat of item.node.repeats) this.counts(item, repeat);
  }

  // -- one answer --------------------------------------------------------------------------------
  /** @param {Item} item */
  leaf(item) {
    const { node, text } = item;
    if (text && !fits(node.type, text)) {
      this.find(item, 'type', `type.${node.type}`);
    } else if (item.value !== '') {
      this.rules(item);
    } else if (node.required && ASKED.includes(node.kind) && this.holds(node.required, item, false)) {
      this.find(item, 'required', 'required', node.requiredMessage);
    }
  }

  /** An answer that is one of its type. @param {Item} item */
  rules(item) {
    const { node, text } = item;
    if (node.itemset && text) this.choice(item, node.itemset);
    if (node.constraint && ASKED.includes(node.kind) && !this.holds(node.constraint, item, true)) {
      this.find(item, 'constraint', 'constraint', node.constraintMessage);
    }
    if (node.warning && !this.holds(node.warning, item, true)) this.find(item, 'warning', 'warning', node.warningMessage);
    const untouchable = node.readonly && !node.calculate && !node.preload && !node.filled;
    if (untouchable && text !== node.default) this.find(item, 'warning', 'warning.readonly');
  }

  /** Codes that the question does not offer, given the other answers. @param {Item} item @param {Itemset} itemset */
  choice(item, itemset) {
    const codes = item.node.type === 'select1' ? [item.text] : item.text.split(/\s+/);
    // taken as given where the list is not held here
    const offered = (/** @type {string} */ code) => unlessUnknown(() => itemset.contains(this.world, item, code), () => true);
    if (!codes.every(offered)) this.find(item, 'choice', 'choice');
    if (new Set(codes).size < codes.length) this.find(item, 'choice', 'choice.twice');
  }

  /** Evaluate a condition; `unknown` is the answer where it cannot be known here. @param {Expression} rule @param {Item} item @param {boolean} unknown */
  holds(rule, item, unknown) {
    return unlessUnknown(() => toBool(rule.of(this.world, item)), () => unknown);
  }

  // -- repeats -----------------------------------------------------------------------------------
  /** A repeat right below a relevant group whose number is not what the form says. @param {Item} parent @param {Node} repeat */
  counts(parent, repeat) {
    const wanted = wantedInstances(repeat, parent, this.world);
    const instances = parent.kids.get(repeat.name);
    if (wanted === null || instances.length === wanted) return;
    // an instance that nobody recorded is asked whether there should have been one
    const judged = instances.length ? instances : [this.imagined(repeat, parent)];
    if (judged.some((/** @type {Item} */ one) => one.relevant)) {
      const path = `${pathOf(parent)}/${repeat.name}`;
      this.found.push({ index: parent.node.index, finding: { path, rule: 'repeat', severity: 'error', message: defaultMessage('repeat', this.world.language) } });
    }
  }

  /** @param {Node} repeat @param {Item} parent */
  imagined(repeat, parent) {
    const item = new Item(repeat, parent);
    item.relevant = ownRelevance(repeat, this.world, item);
    return item;
  }

  // -- telling -----------------------------------------------------------------------------------
  /** Note a finding with the form's message, or with ours. @param {Item} item @param {string} rule @param {string} key @param {import('./schema.js').Texts} [texts] */
  find(item, rule, key, texts) {
    this.found.push({ index: item.node.index, finding: this.finding(item, rule, key, texts) });
  }

  /** @param {Item} item @param {string} rule @param {string} key @param {import('./schema.js').Texts} [texts] @returns {Finding} */
  finding(item, rule, key, texts) {
    const { language } = this.world;
    const message = (texts && textIn(this.answers.form, texts, language)?.plain) || defaultMessage(key, language);
    return { path: pathOf(item), rule, severity: rule === 'warning' ? 'warning' : 'error', message };
  }
}

/** The outermost node around an irrelevant one that is not relevant either. @param {Item} item @returns {Item} */
function outermost(item) {
  return item.parent && !item.parent.relevant ? outermost(item.parent) : item;
}

/** How many instances there must be; null where the form leaves it open. @param {Node} repeat @param {Item} parent @param {World} world */
export function wantedInstances(repeat, parent, world) {
  const { count } = repeat;
  if (!count) return repeat.fixed;
  const asked = new Item(repeat, parent); // paths start from the repeat, of which there may be none yet
  const number = unlessUnknown(() => toNumber(count.of(world, asked)), () => null);
  if (number === null) return null;
  return number > 0 && Number.isFinite(number) ? Math.trunc(number) : 0;
}

/** The recalculated value of every relevant leaf, by its path. @param {Answers} answers @returns {Record<string, string>} */
export function valuesOf(answers) {
  /** @type {[string, string][]} */
  const found = [];
  for (const node of answers.form.nodes.values()) {
    if (!node.isLeaf || node.kind === 'attribute') continue;
    for (const item of answers.of(node)) {
      if (item.relevant) found.push([pathOf(item), node.calculate ? stored(item.value, node.type) : item.text]);
    }
  }
  return Object.fromEntries(found);
}
