/** Answers → XML as JavaRosa writes it: a submission without what is not relevant, or a draft. */

import { escapeAttribute, escapeText } from './xml.js';

/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').Questionnaire} Questionnaire */

export const ORX = 'http://openrosa.org/xforms';
const PREFIXES = /** @type {Record<string, string>} */ ({
  [ORX]: 'orx',
  'http://openrosa.org/javarosa': 'jr',
  'http://www.opendatakit.org/xforms': 'odk',
  'http://www.opendatakit.org/xforms/entities': 'entities',
});

/**
 * The submission of a tree of answers. A draft keeps what is not relevant at the moment, so that an
 * answer that is taken back takes nothing with it.
 * @param {Questionnaire} form
 * @param {Item} root
 * @param {{instanceId: string, deprecatedId?: string | null, draft?: boolean}} options
 */
export function serialise(form, root, { instanceId, deprecatedId = null, draft = false }) {
  return new Writer(form, draft).document(root, { instanceID: instanceId, deprecatedID: deprecatedId });
}

class Writer {
  /** @param {Questionnaire} form @param {boolean} draft */
  constructor(form, draft) {
    this.form = form;
    this.draft = draft;
    /** @type {Map<string, string>} namespace → prefix */
    this.spaces = new Map();
  }

  /** @param {Item} root @param {Record<string, string | null>} identity */
  document(root, identity) {
    const meta = root.kids.get('meta');
    const own = meta ? this.element(meta, identity) : '';
    const others = [...root.kids].map(([name, kid]) => (name === 'meta' ? own : this.kid(name, kid))).join('');
    const inside = meta ? others : others + this.meta(identity);
    const attributes = this.attributes(root);
    const spaces = [...this.spaces].map(([space, prefix]) => ` xmlns:${prefix}="${escapeAttribute(space)}"`).join('');
    const space = this.form.space ? ` xmlns="${escapeAttribute(this.form.space)}"` : '';
    return `<?xml version='1.0' encoding='UTF-8' ?><${root.node.name}${space}${spaces}${attributes}>${inside}</${root.node.name}>`;
  }

  /** A meta block for a form that has none. @param {Record<string, string | null>} identity */
  meta(identity) {
    const prefix = this.prefix(ORX);
    const inside = Object.entries(identity).map(([name, text]) => (text === null ? '' : `<${prefix}${name}>${escapeText(text)}</${prefix}${name}>`));
    return `<${prefix}meta>${inside.join('')}</${prefix}meta>`;
  }

  /** @param {string} space with its colon; '' for the form's own namespace */
  prefix(space) {
    if (!space) return '';
    const known = this.spaces.get(space) ?? PREFIXES[space] ?? `ns${this.spaces.size}`;
    this.spaces.set(space, known);
    return `${known}:`;
  }

  /** @param {string} name @param {Item | Item[]} kid @returns {string} */
  kid(name, kid) {
    if (name[0] === '@') return '';
    return Array.isArray(kid) ? kid.map((one) => this.element(one)).join('') : this.element(kid);
  }

  /** @param {Item} item @param {Record<string, string | null>} [identity] what the meta block has to say @returns {string} */
  element(item, identity) {
    if (!item.relevant && !this.draft) return '';
    const { node } = item;
    const name = `${this.prefix(node.space)}${node.name}`;
    let inside = node.isLeaf ? escapeText(item.text) : [...item.kids].map(([kid, child]) => this.said(kid, child, identity)).join('');
    for (const [kid, text] of Object.entries(identity ?? {})) {
      if (text === null || item.kids.has(kid)) continue;
      const prefix = this.prefix(node.space);
      inside += `<${prefix}${kid}>${escapeText(text)}</${prefix}${kid}>`;
    }
    const attributes = this.attributes(item);
    return inside ? `<${name}${attributes}>${inside}</${name}>` : `<${name}${attributes}/>`;
  }

  /** A child; in the meta block, the identity of this document. @param {string} name @param {any} kid @param {Record<string, string | null>} [identity] */
  said(name, kid, identity) {
    const text = identity && Object.hasOwn(identity, name) ? identity[name] : null;
    if (text === null) return this.kid(name, kid);
    const tag = `${this.prefix(kid.node.space)}${name}`;
    return `<${tag}>${escapeText(text)}</${tag}>`;
  }

  /** @param {Item} item */
  attributes(item) {
    const found = [];
    for (const [name, kid] of item.kids) {
      if (name[0] !== '@' || (!kid.relevant && !this.draft)) continue;
      found.push(` ${this.prefix(kid.node.space)}${name.slice(1)}="${escapeAttribute(kid.text)}"`);
    }
    return found.join('');
  }
}
