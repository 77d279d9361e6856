/** Tokens → tree, by precedence climbing; bounded in depth. */

import { UnsupportedForm, XPathError } from '../errors.js';
import { tokens } from './lexer.js';
import { parts, step } from './syntax.js';

/** @typedef {import('./syntax.js').Expr} Expr */
/** @typedef {import('./syntax.js').Step} Step */

export const MAX_DEPTH = 40; // of brackets and predicates
export const MAX_CHAIN = 100; // of operators of one precedence
export const MAX_HEIGHT = 150; // of the tree: compiling and evaluating descend it by recursion

/** @type {Record<string, number>} */
const PRECEDENCE = {
  'or': 1, 'and': 2, '=': 3, '!=': 3, '<': 4, '<=': 4, '>': 4, '>=': 4,
  '+': 5, '-': 5, '*': 6, 'div': 6, 'mod': 6,
};

/**
 * Parse one expression.
 *
 * Throws XPathError for what is not XPath, UnsupportedForm for XPath beyond the subset.
 * @param {string} source
 * @returns {Expr}
 */
export function parse(source) {
  const parser = new Parser(source);
  const tree = parser.expression(0);
  if (parser.token.kind !== 'end') throw parser.wrong('Expected the end');
  if (parser.tokens.length > MAX_HEIGHT && height(tree) > MAX_HEIGHT) {
    throw parser.wrong(`Nested deeper than ${MAX_HEIGHT} operators and brackets together`);
  }
  return tree;
}

/** The levels of a tree, counted without recursion. @param {Expr} tree */
function height(tree) {
  let highest = 0;
  /** @type {[Expr, number][]} */
  const waiting = [[tree, 1]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, level] = next;
    highest = Math.max(highest, level);
    waiting.push(...inside(part).map((one) => /** @type {[Expr, number]} */ ([one, level + 1])));
  }
  return highest;
}

/** @param {Expr} tree @returns {Expr[]} */
function inside(tree) {
  if (tree.kind !== 'path') return parts(tree);
  const filters = tree.steps.flatMap((one) => one.predicates);
  return typeof tree.start === 'string' ? filters : [tree.start, ...filters];
}

/** A cursor over tokens. */
class Parser {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.tokens = tokens(source);
    this.at = 0;
    this.depth = 0;
  }

  get token() {
    return this.tokens[this.at];
  }

  /** What comes after the next token. */
  get following() {
    return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)].text;
  }

  /** Step over a symbol when it comes next. @param {string} text */
  take(text) {
    if (this.token.kind !== 'symbol' || this.token.text !== text) return false;
    this.at += 1;
    return true;
  }

  /** @param {string} wanted */
  expect(wanted) {
    if (!this.take(wanted)) throw this.wrong(`Expected '${wanted}'`);
  }

  /** @param {string} message */
  wrong(message) {
    return new XPathError(message, this.source, this.token.offset);
  }

  /** @param {string} what */
  beyond(what) {
    return new UnsupportedForm(`${what} is not supported in: ${this.source.slice(0, 200)}`);
  }

  // -- grammar -----------------------------------------------------------------------------------
  /** Operators of more than this precedence, left to right. @param {number} least @returns {Expr} */
  expression(least) {
    this.depth += 1;
    if (this.depth > MAX_DEPTH * 2) throw this.wrong(`Brackets nest deeper than ${MAX_DEPTH}`);
    let left = this.unary();
    let links = 0;
    for (let operator = this.operator(); PRECEDENCE[operator] > least; operator = this.operator()) {
      this.at += 1;
      links += 1;
      left = joined(operator, left, this.expression(PRECEDENCE[operator]));
      if (links > MAX_CHAIN && left.kind !== 'logic') {
        throw this.wrong(`More than ${MAX_CHAIN} operators in a row`);
      }
    }
    this.depth -= 1;
    return left;
  }

  operator() {
    const { kind, text } = this.token;
    if (kind !== 'operator' && kind !== 'symbol') return '';
    if (text === '|') throw this.beyond("A union '|'");
    return Object.hasOwn(PRECEDENCE, text) ? text : '';
  }

  /** @returns {Expr} */
  unary() {
    let minus = 0;
    while (this.take('-')) minus += 1;
    const operand = this.operand();
    if (!minus) return operand;
    /** @type {Expr} */
    const negated = { kind: 'negation', operand };
    return minus % 2 ? negated : { kind: 'negation', operand: negated };
  }

  /** @returns {Expr} */
  operand() {
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.at += 1;
      return { kind, value: Number(text) };
    }
    if (kind === 'text') {
      this.at += 1;
      return { kind, value: text.slice(1, -1) };
    }
    if (this.take('(')) return this.bracketed();
    if (kind === 'symbol' && text === '$') throw this.beyond("A variable '$'");
    return kind === 'name' && this.following === '(' ? this.call() : this.path();
  }

  bracketed() {
    const inner = this.expression(0);
    this.expect(')');
    if (['[', '/', '//'].includes(this.token.text)) {
      throw this.beyond('A path or filter on a bracketed expression');
    }
    return inner;
  }

  /** @returns {Expr} */
  call() {
    const name = this.token.text;
    this.at += 2;
    /** @type {Expr[]} */
    const args = [];
    if (!this.take(')')) {
      do args.push(this.expression(0)); while (this.take(','));
      this.expect(')');
    }
    /** @type {import('./syntax.js').Call} */
    const call = { kind: 'call', name, args };
    if (this.token.text === '[') throw this.beyond('A filter directly on a function');
    return this.take('/') ? { kind: 'path', start: call, steps: this.steps() } : call;
  }

  /** @returns {import('./syntax.js').Path} */
  path() {
    if (this.token.text === '//') throw this.beyond("'//'");
    return { kind: 'path', start: this.take('/') ? 'root' : 'here', steps: this.steps() };
  }

  steps() {
    const found = [this.step()];
    while (this.take('/')) found.push(this.step());
    if (this.token.text === '//') throw this.beyond("'//'");
    return found;
  }

  /** @returns {Step} */
  step() {
    if (this.take('.')) return step('self', '', this.predicates());
    if (this.take('..')) return step('parent', '', this.predicates());
    let axis = this.take('@') ? 'attribute' : 'child';
    if (this.token.kind === 'name' && this.following === '::') {
      axis = this.token.text;
      this.at += 2;
    }
    if (axis === 'self' || axis === 'parent') return this.node(axis);
    if (axis !== 'child' && axis !== 'attribute') throw this.beyond(`The axis '${axis}::'`);
    const name = this.nameTest();
    return step('child', axis === 'attribute' ? `@${name}` : name, this.predicates());
  }

  /** `self::node()` and `parent::node()`. @param {'self' | 'parent'} axis */
  node(axis) {
    if (this.token.text !== 'node' || this.following !== '(') {
      throw this.beyond(`'${axis}::' followed by anything but node()`);
    }
    this.at += 2;
    this.expect(')');
    return step(axis, '', this.predicates());
  }

  nameTest() {
    const { kind, text } = this.token;
    if (kind !== 'name' && text !== '*') throw this.wrong('Expected a node, a value or a function');
    this.at += 1;
    if (this.token.text === '(') throw this.beyond(`The node test '${text}()'`);
    return text.slice(text.lastIndexOf(':') + 1); // nodes are known by their local names
  }

  predicates() {
    /** @type {Expr[]} */
    const found = [];
    while (this.take('[')) {
      found.push(this.expression(0));
      this.expect(']');
    }
    return found;
  }
}

/** @param {string} operator @param {Expr} left @param {Expr} right @returns {Expr} */
function joined(operator, left, right) {
  if (operator !== 'and' && operator !== 'or') return { kind: 'binary', operator, left, right };
  const before = left.kind === 'logic' && left.operator === operator ? left.operands : [left];
  return { kind: 'logic', operator, operands: [...before, right] };
}
