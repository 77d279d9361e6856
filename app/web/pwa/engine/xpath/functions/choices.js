/** Selections, labels of choices, and look-ups in lists. */

import { EvaluationError } from '../../errors.js';
import { eager } from '../operand.js';
import { toInt, toText } from '../values.js';

/** @typedef {import('../operand.js').Build} Build */
/** @typedef {import('../values.js').Value} Value */

/** A text as it is; what is a number or a moment has no codes. @param {Value} value */
function text(value) {
  if (typeof value !== 'string') throw new EvaluationError('Codes are texts: write numbers in quotes');
  return value;
}

/** @param {Value} value @param {Value} code */
function selected(value, code) {
  return ` ${text(value)} `.includes(` ${text(code).trim()} `);
}

/** The codes of an answer. @param {Value} value */
const codes = (value) => text(value).split(' ').filter((code) => code !== '');

/** Positions count from 0; '' where nothing is selected there. @param {Value} value @param {Value} position */
function selectedAt(value, position) {
  return codes(value)[toInt(position)] ?? '';
}

/** Name a value by its label among the choices of the question given as second argument. @type {Build} */
function choiceName(context, [code, question]) {
  context.facts.localised = true;
  if (typeof question.constant !== 'string') {
    throw context.refuse('jr:choice-name() takes the path of a question in quotes;');
  }
  const { target, nodes } = context.path(question.constant);
  if (!target || !nodes) throw context.refuse('jr:choice-name() takes the path of one question;');
  const labelOf = context.itemsetAt(target.path);
  return (world, here) => {
    const [item] = nodes(world, here);
    return item ? labelOf(world, item, toText(code.value(world, here))) : '';
  };
}

/** @type {Build} */
function itext(context, [id]) {
  context.facts.localised = true;
  return (world, here) => context.texts(world, toText(id.value(world, here)));
}

/** pulldata(list, column wanted, column sought, value): the first row that matches, or ''. @type {Build} */
function pulldata(context, operands) {
  const names = operands.slice(0, 3).map((operand) => operand.constant);
  if (!names.every((name) => typeof name === 'string')) {
    throw context.refuse('pulldata() takes its list and columns in quotes;');
  }
  const [list, wanted, sought] = names.map(String);
  const stem = list.replace(/\.csv$/, '');
  const key = operands[3].value;
  return (world, here) => {
    const rows = world.table(stem).index(sought).get(toText(key(world, here)));
    return rows ? rows[0].get(wanted) : '';
  };
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'selected': eager(selected, 2),
  'is-selected': eager(selected, 2),
  'selected-at': eager(selectedAt, 2),
  'count-selected': eager((value) => codes(value).length, 1),
  'jr:choice-name': { build: choiceName, least: 2, most: 2 },
  'jr:itext': { build: itext, least: 1, most: 1 },
  'pulldata': { build: pulldata, least: 4, most: 4 },
};
