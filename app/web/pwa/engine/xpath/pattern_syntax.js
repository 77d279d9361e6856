/** Regular expressions as trees: the part of Java's syntax that forms use. */

const MAX_LENGTH = 2_000;
const MAX_REPEAT = 1_000;
const MAX_DEPTH = 30;

/** The pattern is not supported; the message says why. */
export class PatternError extends Error {}

/**
 * one: any single character that passes the test; edge: '^' or '$', an end of the text
 * @typedef {(character: string) => boolean} Test
 * @typedef {{kind: 'one', test: Test} | {kind: 'edge', side: string}
 *   | {kind: 'sequence' | 'either', parts: Piece[]}
 *   | {kind: 'repeat', part: Piece, least: number, most: number}} Piece
 * @typedef {{part: Piece, wanted: boolean}} Look a condition on what follows, at the beginning
 */

const ENDS = '\n\r\u0085\u2028\u2029';
/** @type {Record<string, string>} */
const CONTROLS = { t: '\t', n: '\n', r: '\r', f: '\f', a: '\x07', e: '\x1b' };
/** ASCII only, as in Java. @type {Record<string, Test>} */
const CLASSES = {
  d: (c) => c >= '0' && c <= '9',
  s: (c) => ' \t\n\v\f\r'.includes(c),
  w: (c) => /^[A-Za-z0-9_]$/.test(c),
};
/** POSIX classes, which Java keeps to ASCII. @type {Record<string, RegExp>} */
const POSIX = {
  Lower: /^[a-z]$/, Upper: /^[A-Z]$/, Alpha: /^[A-Za-z]$/, Digit: /^[0-9]$/, Alnum: /^[A-Za-z0-9]$/,
  Punct: /^[!-/:-@[-`{-~]$/, XDigit: /^[0-9a-fA-F]$/, Space: /^[ \t\n\v\f\r]$/, ASCII: /^[\0-\x7f]$/,
  Blank: /^[ \t]$/, Graph: /^[!-~]$/, Print: /^[ -~]$/, Cntrl: /^[\0-\x1f\x7f]$/,
};

/** Conditions at the beginning, and the pattern itself. Throws PatternError. @param {string} source @returns {{looks: Look[], piece: Piece}} */
export function readPattern(source) {
  if (source.length > MAX_LENGTH) throw new PatternError(`it is longer than ${MAX_LENGTH} characters`);
  const reader = new Reader(source);
  reader.fold = reader.take('(?i)');
  while (reader.take('^'));
  const looks = [];
  while (reader.sees('(?=') || reader.sees('(?!')) looks.push(reader.look());
  const piece = reader.either();
  if (reader.next) throw new PatternError(`')' at character ${reader.at + 1} closes nothing`);
  return { looks, piece };
}

/** @param {Test} test @returns {Test} */
const opposite = (test) => (c) => !test(c);

/** @param {string} character @returns {Test} */
const exactly = (character) => (c) => c === character;

/** @param {string} low @param {string} high @returns {Test} */
function between(low, high) {
  const [least, most] = [low, high].map((c) => /** @type {number} */ (c.codePointAt(0)));
  if (least > most) throw new PatternError(`the range ${low}-${high} runs backwards`);
  return (c) => {
    const code = /** @type {number} */ (c.codePointAt(0));
    return least <= code && code <= most;
  };
}

/** @param {string} name @returns {Test} */
function category(name) {
  if (Object.hasOwn(POSIX, name)) return (c) => POSIX[name].test(c);
  const plain = name.replace(/^Is/, '');
  if (!/^[LMNPSZC][a-z]?$/.test(plain)) throw new PatternError(`the character class \\p{${name}} is not supported`);
  try {
    const pattern = new RegExp(`^\\p{${plain}}$`, 'u');
    return (c) => pattern.test(c);
  } catch {
    throw new PatternError(`the character class \\p{${name}} is not supported`);
  }
}

/** A cursor over the source of a pattern. */
class Reader {
  /** @param {string} source */
  constructor(source) {
    this.source = [...source];
    this.at = 0;
    this.depth = 0;
    this.fold = false; // whether small and capital letters are alike
  }

  get next() {
    return this.source[this.at] ?? '';
  }

  /** @param {string} text */
  sees(text) {
    return [...text].every((c, i) => this.source[this.at + i] === c);
  }

  /** @param {string} text */
  take(text) {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  one() {
    if (!this.next) throw new PatternError('it ends too early');
    this.at += 1;
    return this.source[this.at - 1];
  }

  /** @returns {Piece} */
  either() {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PatternError(`its brackets nest deeper than ${MAX_DEPTH}`);
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    this.depth -= 1;
    return parts.length === 1 ? parts[0] : { kind: 'either', parts };
  }

  /** @returns {Piece} */
  sequence() {
    /** @type {Piece[]} */
    const parts = [];
    while (this.next && this.next !== '|' && this.next !== ')') parts.push(this.quantified(this.atom()));
    return { kind: 'sequence', parts };
  }

  /** @returns {Look} */
  look() {
    this.at += 2;
    const wanted = this.one() === '=';
    return { part: this.closed(), wanted };
  }

  /** What stands before the closing bracket. */
  closed() {
    const inner = this.either();
    if (!this.take(')')) throw new PatternError('a bracket is not closed');
    return inner;
  }

  /** @returns {Piece} */
  atom() {
    const character = this.one();
    if ('^$'.includes(character)) return { kind: 'edge', side: character };
    if (character === '(') return this.group();
    if ('*+?{'.includes(character)) throw new PatternError(`'${character}' at character ${this.at} repeats nothing`);
    if (character === '.') return { kind: 'one', test: (c) => !ENDS.includes(c) };
    if (character === '[') return { kind: 'one', test: this.bracket() };
    return { kind: 'one', test: this.folded(character === '\\' ? this.escape() : exactly(character)) };
  }

  group() {
    if (this.take('?') && !this.take(':')) {
      throw new PatternError(`'(?${this.next}' is supported at the beginning only, if at all`);
    }
    return this.closed();
  }

  /** @param {Piece} part @returns {Piece} */
  quantified(part) {
    const bounds = this.bounds();
    if (!bounds) return part;
    if (this.take('+')) throw new PatternError('possessive quantifiers are not supported');
    this.take('?'); // lazy or greedy is the same to a full match
    return this.quantified({ kind: 'repeat', part, least: bounds[0], most: bounds[1] });
  }

  /** @returns {[number, number] | null} */
  bounds() {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    if (!this.take('{')) return null;
    const close = this.source.indexOf('}', this.at);
    const text = close < 0 ? '' : this.source.slice(this.at, close).join('');
    const match = /^(\d{1,4})(,)?(\d{1,4})?$/.exec(text);
    if (!match || (match[3] && !match[2])) throw new PatternError("'{' needs a number, as in {2} or {2,5}");
    this.at = close + 1;
    return this.counted(text, Number(match[1]), match[3] ? Number(match[3]) : match[2] ? Infinity : Number(match[1]));
  }

  /** @param {string} text @param {number} least @param {number} most @returns {[number, number]} */
  counted(text, least, most) {
    if (least > MAX_REPEAT || (most > MAX_REPEAT && most !== Infinity) || most < least) {
      throw new PatternError(`{${text}} is no range up to ${MAX_REPEAT}`);
    }
    return [least, most];
  }

  /** @returns {Test} */
  escape() {
    const character = this.one();
    const lower = character.toLowerCase();
    if (Object.hasOwn(CLASSES, lower)) return character === lower ? CLASSES[lower] : opposite(CLASSES[lower]);
    if (lower === 'p') return character === 'p' ? category(this.property()) : opposite(category(this.property()));
    return exactly(this.escaped(character));
  }

  /** @param {string} character */
  escaped(character) {
    if (Object.hasOwn(CONTROLS, character)) return CONTROLS[character];
    if (character === 'x' || character === 'u') return this.code(character, character === 'x' ? 2 : 4);
    if (/^[\p{L}\p{N}]$/u.test(character)) throw new PatternError(`\\${character} is not supported`);
    return character;
  }

  /** @param {string} kind @param {number} size */
  code(kind, size) {
    const digits = this.source.slice(this.at, this.at + size).join('');
    if (digits.length < size || !/^[0-9a-fA-F]+$/.test(digits)) throw new PatternError(`\\${kind}${digits} is no character`);
    this.at += size;
    return String.fromCharCode(parseInt(digits, 16));
  }

  property() {
    if (!this.take('{')) return this.one();
    const close = this.source.indexOf('}', this.at);
    if (close < 0) throw new PatternError('a bracket is not closed');
    const name = this.source.slice(this.at, close).join('');
    this.at = close + 1;
    return name;
  }

  /** @returns {Test} */
  bracket() {
    const negated = this.take('^');
    /** @type {Test[]} */
    const tests = [];
    while (!this.take(']')) {
      const character = this.one();
      if (character === '[' || (character === '&' && this.next === '&')) {
        throw new PatternError('classes within classes are not supported');
      }
      tests.push(this.folded(this.member(character)));
    }
    if (!tests.length) throw new PatternError("an empty class '[]' matches nothing");
    const among = (/** @type {string} */ c) => tests.some((test) => test(c));
    return negated ? opposite(among) : among;
  }

  /** ASCII letters only, as in Java. @param {Test} test @returns {Test} */
  folded(test) {
    if (!this.fold) return test;
    return (c) => test(c) || (/^[A-Za-z]$/.test(c) && (test(c.toLowerCase()) || test(c.toUpperCase())));
  }

  /** @param {string} first @returns {Test} */
  member(first) {
    let character = first;
    if (character === '\\') {
      if ('dswp'.includes(this.next.toLowerCase()) && this.next) return this.escape();
      character = this.escaped(this.one());
    }
    if (this.next !== '-' || this.sees('-]')) return exactly(character);
    this.at += 1;
    const high = this.one();
    return between(character, high === '\\' ? this.escaped(this.one()) : high);
  }
}
