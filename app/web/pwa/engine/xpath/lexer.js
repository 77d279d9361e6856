/** Text of an expression → tokens, by JavaRosa's rules. */

import { XPathError } from '../errors.js';

export const MAX_LENGTH = 20_000;

const SPACE = /[ \n\t\f\r]+/y;
const NUMBER = /\d+(?:\.\d*)?|\.\d+/y;
const TEXT = /"[^"]*"|'[^']*'/y;
const NAME = /[\p{L}_][\p{L}\p{N}_.\-]*(?::[\p{L}_][\p{L}\p{N}_.\-]*)?/uy;
const WORD = /and|or|div|mod/iy;
const SYMBOL = /::|\/\/|\.\.|!=|<=|>=|[./()[\]@,+\-=<>|*$]/y;
const AFTER_OPERAND = new Set(['*', ']', ')', '.', '..']);

/**
 * @typedef {{kind: 'number' | 'text' | 'name' | 'symbol' | 'operator' | 'end', text: string,
 *   offset: number}} Token
 */

/**
 * Split an expression; the last token is of kind 'end'. Throws XPathError.
 * @param {string} expression
 * @returns {Token[]}
 */
export function tokens(expression) {
  if (expression.length > MAX_LENGTH) {
    throw new XPathError(`Longer than ${MAX_LENGTH} characters: split it into calculations`, expression, 0);
  }
  /** @type {Token[]} */
  const found = [];
  let at = skip(expression, 0);
  while (at < expression.length) {
    const token = next(expression, at, found[found.length - 1]);
    found.push(token);
    at = skip(expression, at + token.text.length);
  }
  found.push({ kind: 'end', text: '', offset: expression.length });
  return found;
}

/** @param {string} expression @param {number} at @param {Token | undefined} before @returns {Token} */
function next(expression, at, before) {
  const operatorFits = endsOperand(before);
  /** @type {[Token['kind'], RegExp][]} */
  const kinds = operatorFits
    ? [['number', NUMBER], ['text', TEXT], ['operator', WORD], ['symbol', SYMBOL]]
    : [['number', NUMBER], ['text', TEXT], ['name', NAME], ['symbol', SYMBOL]];
  for (const [kind, pattern] of kinds) {
    const text = match(pattern, expression, at);
    if (text) {
      const operator = operatorFits && (kind === 'operator' || text === '*');
      return { kind: operator ? 'operator' : kind, text: kind === 'operator' ? text.toLowerCase() : text, offset: at };
    }
  }
  throw new XPathError('This character starts nothing known', expression, at);
}

/** Whether an operator may follow: tells `a div b` from a node called div. @param {Token | undefined} token */
function endsOperand(token) {
  if (!token || token.kind === 'operator') return false;
  return token.kind !== 'symbol' || AFTER_OPERAND.has(token.text);
}

/** @param {string} expression @param {number} at */
function skip(expression, at) {
  return at + match(SPACE, expression, at).length;
}

/** @param {RegExp} pattern @param {string} expression @param {number} at */
function match(pattern, expression, at) {
  pattern.lastIndex = at;
  return pattern.exec(expression)?.[0] ?? '';
}
