/**
 * What each type of question accepts, and the value an expression sees: as JavaRosa reads them.
 *
 * A text that is not of its type is taken as it is written.
 */

import { DAY, INT, Moment, javaDouble, readClock, readDay, readMoment, toBool, toText } from './xpath/values.js';

/** @typedef {import('./xpath/values.js').Value} Value */

/**
 * Where a text was written: the device's zone in minutes ahead of UTC, and its day.
 * @typedef {{offset: number, day: number}} Place
 */

const WHOLE = 1e-9;
const INTEGER = /^[+-]?[0-9]{1,30}$/;
const DECIMAL = /^[+-]?(?:(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?|NaN|Infinity)[fFdD]?$/;
const FILE = /^[^/\\\0-\x1f]{1,255}$/;
const BOOLEANS = ['true', 'false', '1', '0'];

/** Our names of types by those in binds, without prefix; any other is read as text. @type {Record<string, string>} */
const KINDS = {
  int: 'int', integer: 'int', long: 'long', decimal: 'decimal', double: 'decimal', float: 'decimal', date: 'date',
  dateTime: 'dateTime', time: 'time', boolean: 'boolean', geopoint: 'geopoint', geotrace: 'geotrace', geoshape: 'geoshape',
  barcode: 'barcode', binary: 'binary', select1: 'select1', select: 'select', rank: 'rank',
};

/** Our name of a bind's type; 'string' for none and for one that is not known. @param {string} name */
export function kindOf(name) {
  const local = name.trim().replace(/^.*:/, '');
  return Object.hasOwn(KINDS, local) ? KINDS[local] : 'string';
}

// -- reading -------------------------------------------------------------------------------------
/** @param {string} text @param {number} end */
function whole(text, end) {
  const number = INTEGER.test(text) ? Number(text) : NaN;
  return number >= -end && number < end ? number : null;
}

/** @param {string} text */
export function decimal(text) {
  return DECIMAL.test(text) ? Number(text.replace(/[fFdD]$/, '')) : null;
}

/** Up to four numbers: latitude and longitude in degrees, height and accuracy in metres. @param {string} text */
function point(text) {
  const cells = text.split(/ +/).filter((cell) => cell).map(decimal);
  if (cells.length < 1 || cells.length > 4 || cells.includes(null)) return null;
  const parts = [0, 1, 2, 3].map((at) => cells[at] ?? 0);
  return parts.some((part) => part) ? parts.map(javaDouble).join(' ') : '';
}

/** Points apart by ';'. @param {string} text */
function line(text) {
  const points = text.split(';').filter((part) => part.trim()).map((part) => point(part.trim()));
  return points.includes(null) ? null : points.join('; ');
}

/** @param {string} text @param {Place} place */
function midnight(text, { offset }) {
  const day = readDay(text);
  return Number.isNaN(day) ? null : new Moment(day * DAY, offset);
}

/** The value of a text of each type; null where it is none. @type {Record<string, (text: string, place: Place) => Value | null>} */
const PARSERS = {
  int: (text) => whole(text, INT + 1),
  long: (text) => whole(text, 2 ** 63),
  decimal,
  date: midnight,
  dateTime: (text, { offset }) => readMoment(text, offset),
  time: (text, { offset, day }) => readClock(text, day, offset), // of today, as in JavaRosa
  boolean: (text) => (BOOLEANS.includes(text) ? text === 'true' || text === '1' : null),
  geopoint: point,
  geotrace: line,
  geoshape: line,
  binary: (text) => (FILE.test(text) && text !== '.' && text !== '..' ? text : null),
};
const NOWHERE = { offset: 0, day: 0 };

/** The value that an expression sees of a stored text. @param {string} type @param {string} text @param {Place} place @returns {Value} */
export function valueOf(type, text, place) {
  if (!Object.hasOwn(PARSERS, type) || text === '') return text;
  const found = PARSERS[type](text, place);
  if (found === null) return text;
  return Number.isNaN(found) ? '' : found;
}

/** Whether a text is an answer of its type; types without a form of their own accept any. @param {string} type @param {string} text */
export function fits(type, text) {
  return !Object.hasOwn(PARSERS, type) || PARSERS[type](text, NOWHERE) !== null;
}

// -- calculating ---------------------------------------------------------------------------------
/** What a node of this type keeps of a calculated value; '' for nothing. @param {Value} value @param {string} type @returns {Value} */
export function kept(value, type) {
  if (value === '' || Number.isNaN(value)) return '';
  if (type === 'boolean') return toBool(value);
  if (typeof value === 'number') return keptNumber(value, type);
  if (value instanceof Moment && type === 'date') return value.midnight();
  if (['geopoint', 'geotrace', 'geoshape'].includes(type) && typeof value !== 'boolean') return line(toText(value)) ?? toText(value);
  return value;
}

/** Numbers close to a whole one become that. @param {number} value @param {string} type */
function keptNumber(value, type) {
  const cut = Math.trunc(value);
  if (type === 'int') return Math.max(-INT - 1, Math.min(INT, cut));
  return Math.abs(value - cut) < WHOLE ? cut + 0 : value;
}
