/**
 * XPath values as JavaScript values, and JavaRosa's conversions between them.
 *
 * A value is a string, a number, a boolean or a Moment; an empty node is '', and so is NaN once
 * stored in a node. Moments compare as whole days.
 *
 * @typedef {string | number | boolean | Moment} Value
 */

export const DAY = 86_400_000;
const MINUTE = 60_000;
export const INT = 2 ** 31 - 1; // the largest of Java's integers
const SAME = 1e-12; // numbers closer than this are equal, as in JavaRosa
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)$/;
// hours, minutes, seconds with what follows them, zone; as leniently as JavaRosa
const CLOCK = /^(\d{1,2}):(\d{1,2})(?::(\d+\.?\d*|\.\d+)[^Z+:-]*)?(Z|[+-]\d{1,4}(?::\d{1,4})?)?$/;

/**
 * A point in time as the device's wall shows it.
 *
 * `wall` is in milliseconds since 1970-01-01T00:00 on that wall, `offset` the minutes it is ahead
 * of UTC.
 */
export class Moment {
  /** @param {number} wall @param {number} offset */
  constructor(wall, offset) {
    this.wall = wall;
    this.offset = offset;
  }

  /** Whole days since 1970. */
  get day() {
    return Math.floor(this.wall / DAY);
  }

  /** Milliseconds since 1970 in UTC. */
  get instant() {
    return this.wall - this.offset * MINUTE;
  }

  /** The same point in time where the wall is `offset` minutes ahead of UTC. @param {number} offset */
  at(offset) {
    return new Moment(this.instant + offset * MINUTE, offset);
  }

  /** Midnight of the same day. */
  midnight() {
    return new Moment(this.day * DAY, this.offset);
  }

  /** 2026-05-31 */
  date() {
    const text = new Date(this.day * DAY).toISOString();
    return text.slice(0, text.indexOf('T'));
  }

  /** 09:30:00.000+07:00 */
  time() {
    const text = new Date(this.wall - this.day * DAY).toISOString();
    return text.slice(11, 23) + zoneText(this.offset);
  }

  /** 2026-05-31T09:30:00.000+07:00 */
  toString() {
    return `${this.date()}T${this.time()}`;
  }
}

/** @param {number} offset in minutes */
function zoneText(offset) {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** @param {number} number */
const pad = (number) => String(number).padStart(2, '0');

/** NaN when it is not a number; a moment counts whole days since 1970. @param {Value} value @returns {number} */
export function toNumber(value) {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return numberOf(value);
  return typeof value === 'boolean' ? Number(value) : value.day;
}

/** JavaRosa reads a comma as a point, and no exponents. @param {string} text */
function numberOf(text) {
  if (text === '') return NaN;
  const plain = text.trim().replaceAll(',', '.');
  return NUMBER.test(plain) ? Number(plain) : NaN;
}

/** As a number, with the share of the day of a moment. @param {Value} value */
export function toDouble(value) {
  return value instanceof Moment ? value.wall / DAY : toNumber(value);
}

/** A number as Java cuts it to a 32-bit integer. @param {Value} value */
export function toInt(value) {
  const number = toNumber(value);
  return Number.isNaN(number) ? 0 : Math.max(-INT - 1, Math.min(INT, Math.trunc(number)));
}

/** What an expression sees as text: whole numbers without a point, booleans as true/false. @param {Value} value @returns {string} */
export function toText(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'boolean' ? String(value) : value.date();
}

/** As JavaRosa writes a number within a text: 1.0 → '1', and from 2**31 on as Java does. @param {number} number */
function numberText(number) {
  if (Math.abs(number) < SAME) return '0';
  const whole = Math.trunc(number);
  return Math.abs(number) <= INT && Math.abs(number - whole) < SAME ? String(whole) : javaDouble(number);
}

/** Java's `Double.toString`: 0.1, 3.0E9, 1.0E-4, NaN, Infinity. @param {number} number */
export function javaDouble(number) {
  if (!Number.isFinite(number)) return String(number);
  const size = Math.abs(number);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = Object.is(number, -0) ? '-0' : String(number);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [digits, exponent] = number.toExponential().split('e');
  return `${digits}${digits.includes('.') ? '' : '.0'}E${Number(exponent)}`;
}

/** Numbers other than 0 and NaN, texts that are not empty, moments. @param {Value} value */
export function toBool(value) {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Math.abs(value) > SAME;
  return value !== '';
}

/** `=`: as booleans when one is, as numbers when one is, else as texts. @param {Value} left @param {Value} right */
export function equal(left, right) {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (typeof left === 'boolean' || typeof right === 'boolean') return toBool(left) === toBool(right);
  if (typeof left === 'number' || typeof right === 'number') {
    const [a, b] = [toNumber(left), toNumber(right)];
    return Math.abs(a - b) < SAME; // which two infinities are not
  }
  return toText(left) === toText(right);
}

/** How a kept value is written into the submission. @param {Value} value @param {string} type */
export function stored(value, type) {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '';
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value).toString() : javaDouble(value);
  }
  if (type === 'time') return value.time();
  return type === 'date' ? value.date() : value.toString();
}

/** Days since 1970 of a date as people write it; NaN when there is none. @param {number} year @param {number} month @param {number} day */
function dayNumber(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year <= 9999;
  return same ? date.getTime() / DAY : NaN;
}

/** Days since 1970 from `YYYY-MM-DD`; NaN when it is not that. @param {string} text */
export function readDay(text) {
  const match = /^(\d{1,4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  return match ? dayNumber(Number(match[1]), Number(match[2]), Number(match[3])) : NaN;
}

/**
 * A moment on a wall `offset` minutes ahead of UTC, from a date or a date with time; null when it
 * is neither. Where the text names its zone, the moment is turned to ours.
 * @param {string} text
 * @param {number} offset
 * @returns {Moment | null}
 */
export function readMoment(text, offset) {
  const mark = text.indexOf('T');
  const day = readDay(mark < 0 ? text : text.slice(0, mark));
  if (Number.isNaN(day)) return null;
  return mark < 0 ? new Moment(day * DAY, offset) : readClock(text.slice(mark + 1), day, offset);
}

/** A time of a day, `HH:MM[:SS[.sss]][zone]`; null when it is none. @param {string} text @param {number} day @param {number} offset */
export function readClock(text, day, offset) {
  const match = CLOCK.exec(text);
  if (!match) return null;
  const [hour, minute, second] = [match[1], match[2], match[3] ?? '0'].map(Number);
  if (hour > 23 || minute > 59 || second >= 60) return null;
  const wall = day * DAY + (hour * 60 + minute) * 60_000 + Math.trunc(second * 1000 + 1e-6);
  return match[4] ? new Moment(wall, zoneOf(match[4])).at(offset) : new Moment(wall, offset);
}

/** Minutes ahead of UTC. @param {string} zone */
function zoneOf(zone) {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(/^(\d{1,2})(\d{2})$/, '$1:$2'); // +0700 as +07:00
  const [hours, minutes = 0] = digits.split(':').map(Number);
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** The zone a text of a moment names, in minutes ahead of UTC; null when it names none. @param {string} text */
export function zoneIn(text) {
  const match = /T.*?(Z|[+-]\d{1,4}(?::\d{1,4})?)$/.exec(text);
  return match ? zoneOf(match[1]) : null;
}
