/** Labels, hints and messages of a form, by language. */

/** @typedef {import('./schema.js').Text} Text */
/** @typedef {import('./schema.js').Texts} Texts */
/** @typedef {import('./xml.js').Element} Element */

const REFERENCE = /^\s*jr:itext\(\s*['"]([^]*)['"]\s*\)\s*$/;
const PAIR = /(['"])((?:\\.|(?!\1)[^\\])*)\1\s*:\s*(['"])((?:\\.|(?!\3)[^\\])*)\3/g;
const BLANK = '…'; // stands for an answer that a label would show: it must not reach a message

/** @type {Texts} */
export const NO_TEXTS = new Map();

/** 'Bahasa Indonesia (id)' → 'id'; a name without a code stays as it is. @param {string} name */
export function languageCode(name) {
  return /^.*\(\s*([A-Za-z][\w-]*)\s*\)\s*$/.exec(name)?.[1] ?? name;
}

/** The translations of one form. Languages are known by the code in brackets. */
export class Itext {
  /** @param {Element} model */
  constructor(model) {
    /** @type {Map<string, Map<string, Text>>} by language, then by id */
    this.byLanguage = new Map();
    this.default = '';
    for (const translation of model.first('itext')?.all('translation') ?? []) {
      const code = languageCode(translation.get('lang'));
      if (!this.default || translation.get('default')) this.default = code;
      this.byLanguage.set(code, new Map(translation.all('text').map((text) => [text.get('id'), valueOf(text)])));
    }
  }

  /** Codes in the order of the form; ['default'] for a form without translations. */
  get languages() {
    return this.byLanguage.size ? [...this.byLanguage.keys()] : ['default'];
  }

  /** One text in a language, else in the default one; null when there is none. @param {string} id @param {string} language */
  text(id, language) {
    return this.byLanguage.get(language)?.get(id) ?? this.byLanguage.get(this.default)?.get(id) ?? null;
  }

  /** One text in every language that has it. @param {string} id @returns {Texts} */
  texts(id) {
    const found = [...this.byLanguage].flatMap(([code, texts]) => {
      const text = texts.get(id);
      return text ? [/** @type {[string, Text]} */ ([code, text])] : [];
    });
    return new Map(found);
  }

  /** The same text in every language of the form. @param {Text} text @returns {Texts} */
  everywhere(text) {
    return new Map(this.languages.map((code) => [code, text]));
  }

  /** A message attribute: `jr:itext('…')`, plain text, or pyxform's text by language. @param {string} source @returns {Texts} */
  message(source) {
    if (!source) return NO_TEXTS;
    const reference = REFERENCE.exec(source);
    if (reference) return this.texts(reference[1]);
    const written = source.trim();
    const pairs = written.startsWith('{') && written.endsWith('}') ? [...source.matchAll(PAIR)] : [];
    if (!pairs.length) return this.everywhere(new Written([source]));
    return new Map(pairs.map((pair) => [languageCode(unquoted(pair[2])), new Written([unquoted(pair[4])])]));
  }

  /** A `<label>` or `<hint>`: by reference, or as written. @param {Element | undefined} element @returns {Texts} */
  label(element) {
    if (!element) return NO_TEXTS;
    if (element.get('ref')) return this.message(element.get('ref'));
    const text = new Written(piecesOf(element));
    return text.pieces.length ? this.everywhere(text) : NO_TEXTS;
  }
}

/** Pyxform writes a translated bind attribute of ours as a Python dictionary. @param {string} text */
function unquoted(text) {
  return text.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

/** A text whose plain form is made when somebody asks for it: most are never shown. */
class Written {
  /** @type {string | null} */
  #plain = null;

  /** @param {(string | {source: string})[]} pieces @param {Record<string, string>} [media] */
  constructor(pieces, media = {}) {
    this.pieces = pieces;
    this.media = media;
  }

  get plain() {
    if (this.#plain === null) {
      const text = this.pieces.map((piece) => (typeof piece === 'string' ? piece : BLANK)).join('').trim().replace(/\s+/g, ' ');
      this.#plain = text === '-' ? '' : text; // pyxform's mark for a missing translation
    }
    return this.#plain;
  }
}

/** @param {Element} text @returns {Text} */
function valueOf(text) {
  /** @type {Record<string, string>} */
  const media = {};
  /** @type {(string | {source: string})[]} */
  let pieces = [];
  for (const value of text.all('value')) {
    const form = value.get('form');
    if (form) media[form] = value.text.trim();
    else if (!pieces.length) pieces = piecesOf(value);
  }
  return new Written(pieces, media);
}

/** @param {Element} element @returns {(string | {source: string})[]} */
function piecesOf(element) {
  return element.nodes.flatMap((node) => {
    if (typeof node === 'string') return [node];
    return node.name === 'output' ? [{ source: node.get('value') || node.get('ref') }] : piecesOf(node);
  });
}
