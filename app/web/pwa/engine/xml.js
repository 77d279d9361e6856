/**
 * A small strict reader of XML with namespaces, and the escapes for writing it.
 *
 * The browser's DOMParser is missing in workers and in Node, and forgives too much elsewhere. This
 * one accepts what form clients write: elements, attributes, text, CDATA, comments, processing
 * instructions, the five named entities and numeric ones. A document type declaration is refused;
 * depth, size and the number of elements are bounded; comments and instructions are dropped.
 */

import { UnreadableXml } from './errors.js';

export const MAX_LENGTH = 16_000_000; // characters
export const MAX_DEPTH = 200;
export const MAX_NODES = 1_000_000;

/** @type {Record<string, string>} */
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const XML = 'http://www.w3.org/XML/1998/namespace';
const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-\u00b7]*/uy;
const SPACE = /[ \t\r\n]*/y;
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** @type {Map<string, string>} what most elements have of attributes; never written to */
const NONE = new Map();

/**
 * An element. `name` is local, `space` its namespace ('' for none); attributes are keyed by local
 * name, or by `{namespace}local`. `nodes` holds text and elements in order.
 */
export class Element {
  /** @param {string} name @param {string} space @param {string} prefix */
  constructor(name, space, prefix) {
    this.name = name;
    this.space = space;
    this.prefix = prefix;
    /** @type {Map<string, string>} */
    this.attributes = NONE;
    /** @type {(Element | string)[]} */
    this.nodes = [];
    /** @type {Element[]} */
    this.children = [];
  }

  /** Append what comes next. @param {Element | string} node */
  add(node) {
    this.nodes.push(node);
    if (typeof node !== 'string') this.children.push(node);
  }

  /** The text before the first child element. */
  get text() {
    const end = this.nodes.findIndex((node) => typeof node !== 'string');
    return this.nodes.slice(0, end < 0 ? this.nodes.length : end).join('');
  }

  /** An attribute, or ''. @param {string} name */
  get(name) {
    return this.attributes.get(name) ?? '';
  }

  /** @param {string} name */
  has(name) {
    return this.attributes.has(name);
  }

  /** Child elements of that local name. @param {string} name */
  all(name) {
    return this.children.filter((child) => child.name === name);
  }

  /** The first child element of that local name. @param {string} name */
  first(name) {
    return this.children.find((child) => child.name === name);
  }
}

/**
 * The root element of a document. Throws UnreadableXml; its message never quotes the document.
 * @param {string} source
 * @param {{maxDepth?: number}} [bounds]
 * @returns {Element}
 */
export function parseXml(source, { maxDepth = MAX_DEPTH } = {}) {
  if (source.length > MAX_LENGTH) {
    throw new UnreadableXml(`The document has ${source.length} characters; at most ${MAX_LENGTH} are accepted`);
  }
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  return new Reader(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, maxDepth).document();
}

class Reader {
  /** @param {string} source @param {number} maxDepth */
  constructor(source, maxDepth) {
    this.source = source;
    this.maxDepth = maxDepth;
    this.at = 0;
    this.count = 0;
  }

  /** @param {string} [message] */
  wrong(message = 'send XML as the form client wrote it') {
    const before = this.source.slice(0, this.at).split('\n');
    const column = before[before.length - 1].length + 1;
    return new UnreadableXml(`Not well-formed XML at line ${before.length}, column ${column}: ${message}`);
  }

  /** @param {string} text */
  sees(text) {
    return this.source.startsWith(text, this.at);
  }

  /** @param {string} text */
  take(text) {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  /** @param {RegExp} pattern */
  match(pattern) {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.source)?.[0] ?? '';
    this.at += text.length;
    return text;
  }

  /** Everything up to a mark, which is stepped over. @param {string} mark */
  until(mark) {
    const end = this.source.indexOf(mark, this.at);
    if (end < 0) throw this.wrong();
    const text = this.source.slice(this.at, end);
    if (FORBIDDEN.test(text)) throw this.wrong('it holds a character that XML cannot carry');
    this.at = end + mark.length;
    return text;
  }

  document() {
    if (/^<\?xml[ \t\n]/.test(this.source)) this.until('?>');
    this.aside();
    if (!this.sees('<')) throw this.wrong();
    const root = this.tree();
    this.aside();
    if (this.at < this.source.length) throw this.wrong();
    return root;
  }

  /** Space, comments and instructions outside the root. */
  aside() {
    for (this.match(SPACE); this.sees('<!') || this.sees('<?'); this.match(SPACE)) this.skip();
  }

  /** A comment or an instruction. */
  skip() {
    if (this.take('<!--')) {
      if (this.until('--').endsWith('-') || !this.take('>')) throw this.wrong();
    } else if (this.take('<?')) {
      if (/^xml$/i.test(this.match(NAME) || 'xml')) throw this.wrong();
      this.until('?>');
    } else {
      if (this.sees('<!DOCTYPE')) throw new UnreadableXml('A document type declaration is not accepted: remove <!DOCTYPE …>');
      throw this.wrong();
    }
  }

  /** The element that begins here with all it holds; a loop, so that depth costs no stack. */
  tree() {
    /** @type {{element: Element, qname: string, scope: Map<string, string>}[]} */
    const open = [];
    let scope = new Map([['xml', XML], ['', '']]);
    for (;;) {
      const begun = this.begin(scope);
      open[open.length - 1]?.element.add(begun.element);
      if (!begun.empty) {
        open.push(begun);
        if (open.length > this.maxDepth) throw new UnreadableXml(`Elements nest deeper than ${this.maxDepth}: not a form or a submission`);
      }
      const root = open[0]?.element ?? begun.element;
      while (open.length && this.content(open[open.length - 1].element)) this.close(open);
      if (!open.length) return root;
      scope = open[open.length - 1].scope;
    }
  }

  /** Read up to the next element (false) or the end of this one (true). @param {Element} element */
  content(element) {
    for (;;) {
      const end = this.source.indexOf('<', this.at);
      if (end < 0) throw this.wrong();
      const text = this.source.slice(this.at, end);
      if (text) element.add(this.plain(text));
      this.at += text.length;
      if (this.sees('</')) return true;
      if (this.take('<![CDATA[')) element.add(this.until(']]>'));
      else if (this.sees('<!') || this.sees('<?')) this.skip();
      else return false;
    }
  }

  /** @param {{qname: string}[]} open */
  close(open) {
    const { qname } = /** @type {{qname: string}} */ (open.pop());
    if (!this.take(`</${qname}`)) throw this.wrong();
    this.match(SPACE);
    if (!this.take('>')) throw this.wrong();
  }

  /** A start tag. @param {Map<string, string>} outer prefixes in force */
  begin(outer) {
    this.count += 1;
    if (this.count > MAX_NODES) throw new UnreadableXml(`More than ${MAX_NODES} elements: not a form or a submission`);
    this.at += 1;
    const qname = this.qname();
    const written = this.attributes();
    const empty = this.take('/>');
    if (!empty && !this.take('>')) throw this.wrong();
    const scope = written.size ? this.scope(written, outer) : outer;
    const { local, space, prefix } = this.named(qname, scope, true);
    const element = new Element(local, space, prefix);
    if (written.size) this.place(element, written, scope);
    return { element, qname, scope, empty };
  }

  qname() {
    const name = this.match(NAME);
    if (!/^[^:]+(:[^:]+)?$/.test(name)) throw this.wrong();
    return name;
  }

  /** @returns {Map<string, string>} by name as written */
  attributes() {
    let found = NONE;
    for (;;) {
      const space = this.match(SPACE);
      if (this.sees('>') || this.sees('/')) return found;
      if (found === NONE) found = new Map();
      if (!space) throw this.wrong();
      const name = this.qname();
      this.match(SPACE);
      if (!this.take('=') || found.has(name)) throw this.wrong();
      this.match(SPACE);
      found.set(name, this.quoted());
    }
  }

  quoted() {
    const quote = this.source[this.at];
    if (quote !== '"' && quote !== "'") throw this.wrong();
    this.at += 1;
    const text = this.until(quote);
    if (text.includes('<')) throw this.wrong();
    return this.plain(text.replace(/[\t\n]/g, ' '));
  }

  /** @param {Map<string, string>} written @param {Map<string, string>} outer */
  scope(written, outer) {
    const declared = new Map();
    for (const [name, value] of written) {
      if (name === 'xmlns') declared.set('', value);
      else if (name.startsWith('xmlns:')) {
        if (!value) throw this.wrong();
        declared.set(name.slice(6), value);
      }
    }
    return declared.size ? new Map([...outer, ...declared]) : outer;
  }

  /** @param {string} qname @param {Map<string, string>} scope @param {boolean} element */
  named(qname, scope, element) {
    const at = qname.indexOf(':');
    if (at < 0) return { local: qname, space: element ? scope.get('') ?? '' : '', prefix: '' };
    const prefix = qname.slice(0, at);
    const space = scope.get(prefix);
    if (space === undefined) throw this.wrong('a prefix stands for no namespace');
    return { local: qname.slice(at + 1), space, prefix };
  }

  /** @param {Element} element @param {Map<string, string>} written @param {Map<string, string>} scope */
  place(element, written, scope) {
    element.attributes = new Map();
    for (const [name, value] of written) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const { local, space } = this.named(name, scope, false);
      const key = space ? `{${space}}${local}` : local;
      if (element.attributes.has(key)) throw this.wrong();
      element.attributes.set(key, value);
    }
  }

  /** Text with its entities resolved. @param {string} text */
  plain(text) {
    if (text.includes(']]>')) throw this.wrong();
    if (FORBIDDEN.test(text)) throw this.wrong('it holds a character that XML cannot carry');
    return text.includes('&') ? text.replace(/&([^;&]*;?)/g, (_, name) => this.entity(name)) : text;
  }

  /** @param {string} name with its semicolon */
  entity(name) {
    const known = ENTITIES[name.slice(0, -1)];
    if (known && name.endsWith(';')) return known;
    const match = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));$/.exec(name);
    const code = match ? parseInt(match[1] ?? match[2], match[1] ? 16 : 10) : NaN;
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
    if (!character || FORBIDDEN.test(character)) throw this.wrong('an entity that XML does not have by itself');
    return character;
  }
}

/** Text as it stands in XML, without the characters that XML cannot carry. @param {string} text */
export function escapeText(text) {
  const clean = FORBIDDEN.test(text) ? text.replace(new RegExp(FORBIDDEN, 'g'), '') : text;
  return clean.replace(/[&<>\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&#13;');
}

/** Text as it stands between double quotes. @param {string} text */
export function escapeAttribute(text) {
  return escapeText(text).replace(/["\t\n]/g, (c) => (c === '"' ? '&quot;' : `&#${c.charCodeAt(0)};`));
}
