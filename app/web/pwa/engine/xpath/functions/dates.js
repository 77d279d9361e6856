/** Days and times. `today()` and `now()` are those of the interview, never of this machine. */

import { EvaluationError } from '../../errors.js';
import { DAY, Moment, readMoment, toInt } from '../values.js';

/** @typedef {import('../operand.js').Build} Build */
/** @typedef {import('../values.js').Value} Value */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const FARTHEST = 2 ** 31 - 1; // days, as in Java's integers

const pad = (/** @type {number} */ number, size = 2) => String(number).padStart(size, '0');

/** The wall's fields are read from a Date in UTC, which no zone touches. @type {Record<string, (wall: Date) => string>} */
const PARTS = {
  '%': () => '%',
  'Y': (wall) => pad(wall.getUTCFullYear(), 4),
  'y': (wall) => pad(wall.getUTCFullYear() % 100),
  'm': (wall) => pad(wall.getUTCMonth() + 1),
  'n': (wall) => String(wall.getUTCMonth() + 1),
  'B': (wall) => MONTHS[wall.getUTCMonth()],
  'b': (wall) => MONTHS[wall.getUTCMonth()],
  'd': (wall) => pad(wall.getUTCDate()),
  'e': (wall) => String(wall.getUTCDate()),
  'H': (wall) => pad(wall.getUTCHours()),
  'h': (wall) => String(wall.getUTCHours()),
  'M': (wall) => pad(wall.getUTCMinutes()),
  'S': (wall) => pad(wall.getUTCSeconds()),
  '3': (wall) => pad(wall.getUTCMilliseconds(), 3),
  'a': (wall) => DAYS[wall.getUTCDay()],
  'W': week,
};

/** Weeks begin on Sunday, and the first holds the first of January, as in Java without a country. @param {Date} wall */
function week(wall) {
  const saturday = new Date(wall.getTime() + (6 - wall.getUTCDay()) * DAY);
  const first = new Date(saturday);
  first.setUTCMonth(0, 1);
  return String(Math.floor((saturday.getTime() - first.getTime()) / DAY / 7) + 1);
}

/** @type {Build} */
function today(context) {
  context.facts.clock = true;
  return (world) => world.moment().midnight();
}

/** @type {Build} */
function now(context) {
  context.facts.clock = true;
  context.facts.volatile = true;
  return (world) => world.moment();
}

/**
 * The moment a value names; '' or NaN where it names none by being empty. Throws EvaluationError
 * for what is no date.
 * @param {Value} value
 * @param {number} offset the device's zone
 * @returns {Moment | '' | number}
 */
function momentOf(value, offset) {
  if (value instanceof Moment || value === '' || Number.isNaN(value)) return /** @type {Moment | ''} */ (value);
  if (typeof value === 'string') return readMoment(value, offset) ?? refused();
  if (typeof value === 'boolean' || Math.abs(value) > FARTHEST) return refused();
  return new Moment(Math.trunc(value * DAY), 0).at(offset);
}

/** @returns {never} */
function refused() {
  throw new EvaluationError('This value is no date');
}

/** Midnight of the day that a value names. @type {Build} */
function date(_, [{ value }]) {
  return (world, here) => {
    const given = value(world, here);
    if (typeof given === 'number' && Math.abs(given) <= FARTHEST) return new Moment(toInt(given) * DAY, world.offset);
    const moment = momentOf(given, world.offset);
    // a text keeps its time, as in JavaRosa
    return moment instanceof Moment && typeof given !== 'string' ? moment.midnight() : moment;
  };
}

/** @type {Build} */
function dateTime(_, [{ value }]) {
  return (world, here) => momentOf(value(world, here), world.offset);
}

/** Days since 1970 in UTC with the share of the day. @type {Build} */
function decimalDateTime(_, [{ value }]) {
  return (world, here) => {
    const given = value(world, here);
    if (typeof given === 'number') return given;
    const moment = momentOf(given, world.offset);
    return moment instanceof Moment ? moment.instant / DAY : moment;
  };
}

/** The share of the day on the wall: 0.5 at noon. @type {Build} */
function decimalTime(_, [{ value }]) {
  return (world, here) => {
    const given = value(world, here);
    if (typeof given === 'number') return given - Math.floor(given);
    const moment = momentOf(given, world.offset);
    return moment instanceof Moment ? moment.wall / DAY - moment.day : moment;
  };
}

/** ODK's escapes; month and day names follow the device's language, so they are not checked. @type {Build} */
function format(context, [{ value }, layout]) {
  if (typeof layout.constant !== 'string') throw context.refuse('A date format is given in quotes;');
  const pieces = piecesOf(context, layout.constant);
  return (world, here) => {
    const moment = momentOf(value(world, here), world.offset);
    if (!(moment instanceof Moment)) return '';
    const wall = new Date(moment.wall);
    return pieces.map((piece) => (typeof piece === 'string' ? piece : piece(wall))).join('');
  };
}

/** @param {import('../operand.js').Context} context @param {string} layout */
function piecesOf(context, layout) {
  return layout.split(/(%[^]?)/).map((piece) => {
    if (piece[0] !== '%') return piece;
    if (!Object.hasOwn(PARTS, piece.slice(1))) throw context.refuse(`The date format ${piece} is not supported`);
    context.facts.volatile ||= ['a', 'b', 'B', 'W'].includes(piece[1]);
    return PARTS[piece[1]];
  });
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'today': { build: today, least: 0, most: 0 },
  'now': { build: now, least: 0, most: 0 },
  'date': { build: date, least: 1, most: 1 },
  'date-time': { build: dateTime, least: 1, most: 1 },
  'decimal-date-time': { build: decimalDateTime, least: 1, most: 1 },
  'decimal-time': { build: decimalTime, least: 1, most: 1 },
  'format-date': { build: format, least: 2, most: 2 },
  'format-date-time': { build: format, least: 2, most: 2 },
};
