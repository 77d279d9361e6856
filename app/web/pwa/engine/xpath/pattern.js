/**
 * Regular expressions for `regex()`: full match, in time linear in the text.
 *
 * A backtracking RegExp lets an answer of thirty characters stop a phone whose form has an
 * innocent-looking pattern. Full match needs no backtracking: the pattern becomes an automaton
 * whose sets of states are computed as they are met, and remembered. The server does the same, so
 * both give one verdict.
 */

import { PatternError, readPattern } from './pattern_syntax.js';

/** @typedef {import('./pattern_syntax.js').Piece} Piece */
/** @typedef {{states: number[], accepting: boolean, moves: Map<string, StateSet>}} StateSet states that are possible at once */

const MAX_STATES = 4_000;
const MAX_REMEMBERED = 2_000; // sets of states per pattern
const MAX_MOVES = 500; // characters remembered per set
const MAX_TEXT = 20_000; // a longer answer matches nothing

/** A compiled pattern. Throws PatternError for what is not supported. */
export class Pattern {
  /** @param {string} source */
  constructor(source) {
    const { looks, piece } = readPattern(source);
    this.main = new Automaton(piece);
    this.looks = looks.map(({ part, wanted }) => ({ automaton: new Automaton(followed(part)), wanted }));
  }

  /** Whether the whole text matches. @param {string} text */
  matches(text) {
    if (text.length > MAX_TEXT || !this.main.accepts(text)) return false;
    return this.looks.every(({ automaton, wanted }) => automaton.accepts(text) === wanted);
  }
}

/** @param {Piece} part @returns {Piece} */
function followed(part) {
  return { kind: 'sequence', parts: [part, { kind: 'repeat', part: { kind: 'one', test: () => true }, least: 0, most: Infinity }] };
}

/** Thompson's construction; sets of states are built when a text first needs them. */
class Automaton {
  /** @param {Piece} piece */
  constructor(piece) {
    /** @type {[string, number][][]} moves without a character: the edge they need, and the state */
    this.free = [];
    /** @type {({test: (c: string) => boolean, to: number} | null)[]} */
    this.tests = [];
    const begin = this.state();
    this.end = this.state();
    this.build(piece, begin, this.end);
    /** @type {Map<string, StateSet>} */
    this.known = new Map();
    const first = this.closure([begin], '^');
    this.first = this.set(first, this.closure(first, '^$').includes(this.end));
  }

  /** @param {number[]} states @param {boolean} accepting @returns {StateSet} */
  set(states, accepting) {
    return { states, accepting, moves: new Map() };
  }

  /** Follow the text, character by character. @param {string} text */
  accepts(text) {
    let here = this.first;
    for (const character of text) {
      let next = here.moves.get(character);
      if (!next) {
        next = this.after(here, character);
        if (here.moves.size < MAX_MOVES) here.moves.set(character, next);
      }
      here = next;
    }
    return here.accepting;
  }

  /** @param {StateSet} here @param {string} character */
  after(here, character) {
    const reached = here.states.flatMap((state) => {
      const move = this.tests[state];
      return move?.test(character) ? move.to : [];
    });
    const states = this.closure(reached, '');
    const key = states.join();
    let known = this.known.get(key);
    if (!known) {
      if (this.known.size >= MAX_REMEMBERED) {
        this.known.clear();
        this.first.moves.clear();
      }
      known = this.set(states, this.closure(states, '$').includes(this.end));
      this.known.set(key, known);
    }
    return known;
  }

  /** States reachable without a character, through the edges that are true here. @param {number[]} states @param {string} edges */
  closure(states, edges) {
    const waiting = [...states];
    const found = new Set(waiting);
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      for (const [edge, to] of this.free[state]) {
        if (edges.includes(edge) && !found.has(to)) {
          found.add(to);
          waiting.push(to);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  // -- construction ------------------------------------------------------------------------------
  state() {
    if (this.free.length >= MAX_STATES) throw new PatternError('its repetitions multiply to too many states');
    this.tests.push(null);
    return this.free.push([]) - 1;
  }

  /** @param {Piece} piece @param {number} begin @param {number} end */
  build(piece, begin, end) {
    switch (piece.kind) {
      case 'one': this.tests[begin] = { test: piece.test, to: end }; break;
      case 'edge': this.free[begin].push([piece.side, end]); break;
      case 'sequence': this.free[this.chain(piece.parts, begin)].push(['', end]); break;
      case 'either': for (const part of piece.parts) this.free[this.branch(part, begin)].push(['', end]); break;
      default: this.repeat(piece, begin, end);
    }
  }

  /** @param {Piece[]} parts @param {number} at */
  chain(parts, at) {
    return parts.reduce((from, part) => this.branch(part, from), at);
  }

  /** Build a part on states of its own, entered from `at`; its last state. @param {Piece} part @param {number} at */
  branch(part, at) {
    const [begin, end] = [this.state(), this.state()];
    this.free[at].push(['', begin]);
    this.build(part, begin, end);
    return end;
  }

  /** @param {{part: Piece, least: number, most: number}} piece @param {number} begin @param {number} end */
  repeat({ part, least, most }, begin, end) {
    let at = this.chain(Array(least).fill(part), begin);
    if (most === Infinity) {
      const again = this.branch(part, at);
      this.free[again].push(['', at]);
    }
    for (let left = most === Infinity ? 0 : most - least; left > 0; left -= 1) {
      this.free[at].push(['', end]);
      at = this.branch(part, at);
    }
    this.free[at].push(['', end]);
  }
}
