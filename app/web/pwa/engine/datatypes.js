/** What each type of question accepts, and the value an expression sees. */

import { readClock, readDay, readMoment, toNumber } from './xpath/values.js';

/** @typedef {import('./xpath/values.js').Value} Value */

const INT = /^[+-]?[0-9]{1,18}$/;
const DECIMAL = /^[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?$/;
const FILE = /^[^/\\\0-\x1f]{1,255}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T(\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)?)$/;
const TIME = /^\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/;
const BOOLEANS = ['true', 'false', '1', '0'];

/** @param {string} text @returns {Value} */
function number(text) {
  const found = DECIMAL.test(text) ? Number(text) : toNumber(text);
  return Number.isNaN(found) ? text : found; // what was written, where it is no number
}

/**
 * Where a text was written: the device's zone in minutes ahead of UTC, and its day.
 * @typedef {{offset: number, day: number}} Place
 */

/** The value of a stored text, by type. Other types are their text. @type {Record<string, (text: string, place: Place) => Value>} */
export const READERS = {
  int: number,
  decimal: number,
  date: (text, { offset }) => readMoment(text, offset)?.midnight() ?? text,
  dateTime: (text, { offset }) => readMoment(text, offset) ?? text,
  time: (text, { offset, day }) => readClock(text, day, offset) ?? text, // of today, as in JavaRosa
  boolean: (text) => (BOOLEANS.includes(text) ? text === 'true' || text === '1' : text),
};

/** @param {string} text */
function isMoment(text) {
  return MOMENT.test(text) && readMoment(text, 0) !== null;
}

/** Latitude and longitude in degrees, then height and accuracy in metres where given. @param {string} text */
function isPoint(text) {
  const cells = cellsOf(text);
  if (cells.length < 2 || cells.length > 4 || !cells.every((cell) => DECIMAL.test(cell))) return false;
  const [latitude, longitude, , accuracy = 0] = cells.map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && accuracy >= 0;
}

/** @param {string} text */
const cellsOf = (text) => text.trim().split(/\s+/);

/** @param {string} text */
const pointsOf = (text) => text.split(';').filter((point) => point.trim());

/** @param {string} text */
function isTrace(text) {
  const points = pointsOf(text);
  return points.length > 0 && points.every(isPoint);
}

/** A closed triangle at least. @param {string} text */
function isShape(text) {
  const points = pointsOf(text).map(cellsOf);
  const last = points[points.length - 1];
  return points.length > 3 && points[0][0] === last[0] && points[0][1] === last[1] && isTrace(text);
}

/** Whether a text is an answer of its type; types that are not here accept any. @type {Record<string, (text: string) => boolean>} */
export const CHECKS = {
  int: (text) => INT.test(text),
  decimal: (text) => DECIMAL.test(text),
  date: (text) => DATE.test(text) && !Number.isNaN(readDay(text)),
  dateTime: isMoment,
  time: (text) => TIME.test(text) && readClock(text, 0, 0) !== null,
  geopoint: isPoint,
  geotrace: isTrace,
  geoshape: isShape,
  binary: (text) => FILE.test(text) && text !== '.' && text !== '..',
  boolean: (text) => BOOLEANS.includes(text),
};

export const KINDS = new Set([...Object.keys(CHECKS), 'string', 'barcode', 'select1', 'select', 'rank']);
