/**
 * The warning at the door: is this business listed already? The phone holds no names, only buckets
 * (`matching/doorstep.py` says why), makes the same of what is typed, and counts what falls together.
 */

import { digest } from './engine/xpath/functions/digests.js';

export const VERSION = 1;
const ROW_BYTES = 15;
const BUCKETS = { word: 32, trade: 16, street: 16, number: 16, phone: 255, nib: 255, division: 7, group: 7, unit: 65536 };
const MOST = 4;
const LONGEST = 300;
const LONGEST_PLACEHOLDER = 30;

/** @typedef {{version: number, prior: number, warning: number, levels: Record<string, number>, words: Record<string, string[]>, placeholders: string[]}} Rules */
/** @typedef {{version: number, area: string, key: string, rows: string}} Listed */
/** @typedef {{name?: string, owner?: string, address?: string, phone?: string, nib?: string, kbli?: string}} Typed */
/** @typedef {{unit: number, words: number, trades: number, streets: number, numbers: number, phone: number, nib: number, division: number, group: number}} Marks */

const SPECIAL = { Ø: 'O', ø: 'o', Đ: 'D', đ: 'd', Ł: 'L', ł: 'l', ß: 'ss', Æ: 'AE', æ: 'ae', '‘': "'", '’': "'", '´': "'", '‐': '-', '‑': '-', '–': '-', '—': '-', '−': '-' };
const SPECIALS = new RegExp(`[${Object.keys(SPECIAL).join('')}]`, 'gu');

/** Text in ASCII capitals, without accents, with single spaces. @param {string | undefined} text */
export function fold(text) {
  const short = Array.from(text ?? '').slice(0, LONGEST).join('');
  const plain = short.replace(SPECIALS, (letter) => SPECIAL[letter]).normalize('NFKD').replace(/[^\x00-\x7f]/gu, '').slice(0, LONGEST);
  return plain.toUpperCase().split(/[\s\x1c-\x1f]+/u).filter(Boolean).join(' ');
}

const SPELLINGS = [['OE', 'U'], ['DJ', 'J'], ['TJ', 'C'], ['SJ', 'S'], ['SY', 'S'], ['KH', 'H'], ['CH', 'H'], ['PH', 'P'], ['TH', 'T'], ['DH', 'D'], ['F', 'P'], ['V', 'P'], ['Z', 'J'], ['X', 'KS'], ['Q', 'K'], ['Y', 'I']];

/** @param {string} text */
const single = (text) => text.replace(/(.)\1+/gu, '$1');

/** @param {string} text */
function heard(text) {
  const start = text.endsWith('KH') ? text.slice(0, -1) : text;
  return single(SPELLINGS.reduce((word, [written, said]) => word.replaceAll(written, said), start));
}

/** The sound of a word, without vowels behind its first letter. @param {string} word */
export function skeleton(word) {
  if (/^[0-9]+$/u.test(word)) return word;
  let [text, next] = ['', single(word.replaceAll(' ', ''))];
  while (next !== text) [text, next] = [next, heard(next)];
  const bare = single(text.slice(0, 1) + text.slice(1).replace(/[AEIOUHW]/gu, ''));
  return bare.length > 1 ? bare : text;
}

const CLIMBS = '01234567890123456789'.repeat(2);
const FALLS = [...CLIMBS].reverse().join('');

/** @param {string} digits */
const isFiller = (digits) => new Set(digits).size < 3 || CLIMBS.includes(digits) || FALLS.includes(digits);

/** The first national number in a text, without 0 or 62; empty for fillers. @param {string | undefined} text */
export function phoneNumber(text) {
  const folded = fold(text).replace(/^(\d+)[.,]0+$/u, '$1');
  const parts = folded.split(/[/,;|&]|\bATAU\b|\bDAN\b|\bOR\b|\b(?:EXT|PES)\b.*/u);
  for (const part of parts) {
    const typed = part.replace(/[OIL]/gu, (letter) => (letter === 'O' ? '0' : '1'));
    const national = typed.replace(/\D+/gu, '').replace(/^(?:0062|62|0)+/u, '');
    if (/^(?:8[1-9]\d{7,10}|[2-79]\d{7,10})$/u.test(national) && !isFiller(national.slice(1))) return national;
  }
  return '';
}

/** @param {string | undefined} text */
const digitsOf = (text) => fold(text).replace(/^(\d+)[.,]0+$/u, '$1').replace(/\D+/gu, '');

/** A NIB of 13 digits; empty for fillers. @param {string | undefined} text */
export function businessNumber(text) {
  const digits = digitsOf(text);
  const whole = digits.length === 12 ? `0${digits}` : digits;
  return whole.length === 13 && !isFiller(whole) ? whole : '';
}

/** A KBLI code of two to five digits. @param {string | undefined} text */
export function activityCode(text) {
  const digits = digitsOf(text);
  const sentinel = new Set(digits).size === 1 && (digits.length > 3 || '09'.includes(digits[0]));
  return digits.length >= 2 && digits.length <= 5 && !sentinel ? digits : '';
}

/** @param {Uint8Array[]} parts */
function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** HMAC-SHA-256 under one key. @param {string} key @returns {(text: string) => Uint8Array} */
function keyed(key) {
  const bytes = new TextEncoder().encode(key);
  const block = new Uint8Array(64);
  block.set(bytes.length > 64 ? sha256(bytes) : bytes);
  const [inner, outer] = [0x36, 0x5c].map((pad) => block.map((byte) => byte ^ pad));
  return (text) => sha256(joined(outer, sha256(joined(inner, new TextEncoder().encode(text)))));
}

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => /** @type {Uint8Array} */ (digest('SHA-256', bytes));

/** @param {number} mask */
function bitCount(mask) {
  let [left, count] = [mask >>> 0, 0];
  for (; left; left &= left - 1) count += 1;
  return count;
}

/** @param {string} kind @param {number} one @param {number} other */
function shared(kind, one, other) {
  const shorter = Math.min(bitCount(one), bitCount(other), MOST);
  return `${kind} ${Math.min(bitCount(one & other), shorter)}/${shorter}`;
}

/** @param {string} kind @param {number} one @param {number} other */
function equal(kind, one, other) {
  if (!one || !other) return `${kind} unknown`;
  return one === other ? `${kind} same` : `${kind} differs`;
}

/** What is found of each kind. @param {Marks} one @param {Marks} other */
export const levels = (one, other) => [
  ...['words', 'trades', 'streets', 'numbers'].map((kind) => shared(kind, one[kind], other[kind])),
  ...['phone', 'nib', 'division', 'group'].map((kind) => equal(kind, one[kind], other[kind])),
];

/** The marks in rows of 15 bytes. @param {string} rows in base64 @returns {Marks[]} */
export function unpacked(rows) {
  const bytes = Uint8Array.from(atob(rows), (letter) => letter.charCodeAt(0));
  if (bytes.length % ROW_BYTES) throw new Error('The list of this area is cut short: please fetch it again.');
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / ROW_BYTES }, (_, row) => {
    const at = row * ROW_BYTES;
    const [unit, trades, streets, numbers] = [0, 6, 8, 10].map((part) => view.getUint16(at + part));
    const [phone, nib, activity] = [12, 13, 14].map((part) => view.getUint8(at + part));
    return { unit, words: view.getUint32(at + 2), trades, streets, numbers, phone, nib, division: activity & 15, group: activity >> 4 };
  });
}

/** What is listed in one area, as far as a phone may know. */
export class Doorstep {
  /** @param {Rules} rules @param {Listed} listed */
  constructor(rules, listed) {
    if (rules.version !== VERSION || listed.version !== VERSION) throw new Error('This list is of another version: please update the app.');
    this.rules = rules;
    this.rows = unpacked(listed.rows);
    this.hash = keyed(listed.key);
    this.placeholders = new Set(rules.placeholders);
    this.quiet = Object.fromEntries(Object.entries(rules.words).map(([kind, words]) => [kind, new Set(words)]));
    /** @type {Map<string, number>} */
    this.known = new Map();
  }

  /** Name under which a unit stands in the rows: a phone knows those that it holds itself. @param {string} unitId */
  nameOf(unitId) {
    return this.bucket('unit', unitId);
  }

  /**
   * The listed units that what is typed may be, likeliest first; `self` is the unit at whose door one stands.
   * @param {Typed} typed @param {string} [self] @returns {{unit: number, bits: number}[]}
   */
  warnings(typed, self) {
    const mine = this.marks(typed);
    const own = self === undefined ? -1 : this.nameOf(self);
    return this.rows
      .filter((row) => row.unit !== own)
      .map((row) => ({ unit: row.unit, quarters: this.quarters(mine, row) }))
      .filter(({ quarters }) => quarters >= this.rules.warning)
      .sort((one, other) => other.quarters - one.quarters || one.unit - other.unit)
      .map(({ unit, quarters }) => ({ unit, bits: quarters / 4 }));
  }

  /** @param {Marks} one @param {Marks} other */
  quarters(one, other) {
    return levels(one, other).reduce((sum, level) => sum + (this.rules.levels[level] ?? 0), this.rules.prior);
  }

  /** @param {Typed} typed @returns {Marks} */
  marks(typed) {
    const called = [...this.words(typed.name), ...this.words(typed.owner)];
    const telling = called.filter((word) => word.length > 1 && !this.quiet.idle.has(word));
    const trades = telling.filter((word) => this.quiet.trades.has(word));
    const others = telling.filter((word) => !this.quiet.trades.has(word));
    const words = others.length ? others : this.words(typed.name).filter((word) => word.length > 1);
    const where = this.words(typed.address);
    const streets = where.filter((word) => /^[A-Z]{3,}$/u.test(word) && !this.quiet.roads.has(word));
    const numbers = where.filter((word) => /^[0-9]+$/u.test(word)).map((word) => word.replace(/^0+/u, '')).filter(Boolean);
    const activity = activityCode(typed.kbli);
    return {
      unit: -1,
      words: this.mask('word', words.map(skeleton)),
      trades: this.mask('trade', trades.map(skeleton)),
      streets: this.mask('street', streets.map(skeleton)),
      numbers: this.mask('number', numbers),
      phone: this.one('phone', phoneNumber(typed.phone)),
      nib: this.one('nib', businessNumber(typed.nib)),
      division: this.one('division', activity.slice(0, 2)),
      group: this.one('group', activity.length >= 3 ? activity.slice(0, 3) : ''),
    };
  }

  /** @param {string | undefined} text */
  words(text) {
    const folded = fold(text);
    const bare = folded.replace(/[^A-Z0-9]+/gu, '');
    const silent = folded.length <= LONGEST_PLACEHOLDER && (this.placeholders.has(bare) || /^([0-9X])\1*$/u.test(bare));
    return silent ? [] : (folded.match(/[A-Z]+|[0-9]+/gu) ?? []);
  }

  /** @param {keyof typeof BUCKETS} kind @param {string} value */
  bucket(kind, value) {
    const name = `${kind}:${value}`;
    const found = this.known.get(name) ?? new DataView(this.hash(name).buffer).getUint32(0);
    this.known.set(name, found);
    return found % BUCKETS[kind];
  }

  /** @param {keyof typeof BUCKETS} kind @param {string[]} values */
  mask(kind, values) {
    return values.reduce((mask, value) => (mask | (1 << this.bucket(kind, value))) >>> 0, 0);
  }

  /** @param {keyof typeof BUCKETS} kind @param {string} value */
  one(kind, value) {
    return value ? this.bucket(kind, value) + 1 : 0;
  }
}
