/**
 * MD5, SHA-1 and SHA-2, at once: the browser's own digests answer later, and an expression cannot
 * wait. Forms use them to shorten and to compare, not to protect.
 */

/** @type {Record<string, (bytes: Uint8Array) => Uint8Array>} */
const DIGESTS = {
  'MD5': (bytes) => hashed(bytes, md5Round, [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476], true),
  'SHA-1': (bytes) => hashed(bytes, sha1Round, [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0], false),
  'SHA-256': (bytes) => hashed(bytes, sha256Round, roots(8, 2n, 32).map(Number), false),
  'SHA-384': (bytes) => sha512(bytes, roots(16, 2n, 64).slice(8)).subarray(0, 48),
  'SHA-512': (bytes) => sha512(bytes, roots(8, 2n, 64)),
};

/** The digest of some bytes; null for an algorithm that is not known. @param {string} algorithm @param {Uint8Array} bytes */
export function digest(algorithm, bytes) {
  return Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm](bytes) : null;
}

/** First bits of the fractions of roots of the first primes, which SHA-2 takes as constants. @param {number} count @param {bigint} root @param {number} bits */
function roots(count, root, bits) {
  const found = [];
  for (let prime = 2n; found.length < count; prime += 1n) {
    let divisor = 2n;
    while (divisor * divisor <= prime && prime % divisor) divisor += 1n;
    if (divisor * divisor > prime) found.push(BigInt.asUintN(bits, rootOf(prime << (BigInt(bits) * root), root)));
  }
  return found;
}

/** The whole part of a square or cube root. @param {bigint} of @param {bigint} root */
function rootOf(of, root) {
  let high = 1n << BigInt(Math.ceil(of.toString(2).length / Number(root)));
  for (;;) {
    const next = ((root - 1n) * high + of / high ** (root - 1n)) / root;
    if (next >= high) return high;
    high = next;
  }
}

const turn = (/** @type {number} */ x, /** @type {number} */ n) => (x << n) | (x >>> (32 - n));

/** Fill up to whole blocks with a one, zeros and the length in bits. @param {Uint8Array} bytes @param {number} block @param {boolean} little */
function padded(bytes, block, little) {
  const full = new Uint8Array(Math.ceil((bytes.length + 1 + block / 8) / block) * block);
  full.set(bytes);
  full[bytes.length] = 0x80;
  const view = new DataView(full.buffer);
  const at = little ? full.length - 8 : full.length - 4;
  view.setUint32(at, bytes.length * 8, little);
  return view;
}

/**
 * Digests of 32-bit words in blocks of 64 bytes.
 * @param {Uint8Array} bytes
 * @param {(state: number[], words: number[]) => number[]} round
 * @param {number[]} state
 * @param {boolean} little whether words begin with their last byte
 */
function hashed(bytes, round, state, little) {
  const view = padded(bytes, 64, little);
  for (let at = 0; at < view.byteLength; at += 64) {
    const words = Array.from({ length: 16 }, (_, i) => view.getInt32(at + i * 4, little));
    const after = round(state, words);
    state = state.map((word, i) => (word + after[i]) | 0);
  }
  const out = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, i) => out.setInt32(i * 4, word, little));
  return new Uint8Array(out.buffer);
}

const TURNS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const PLACES = [[1, 0], [5, 1], [3, 5], [7, 0]];

/** @param {number[]} state @param {number[]} words */
function md5Round([a, b, c, d], words) {
  for (let i = 0; i < 64; i += 1) {
    const part = i >> 4;
    const mix = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][part];
    const [times, plus] = PLACES[part];
    const sum = a + mix + Math.trunc(Math.abs(Math.sin(i + 1)) * 2 ** 32) + words[(times * i + plus) % 16];
    [a, d, c, b] = [d, c, b, (b + turn(sum | 0, TURNS[part][i % 4])) | 0];
  }
  return [a, b, c, d];
}

const STEPS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/** @param {number[]} state @param {number[]} words */
function sha1Round([a, b, c, d, e], words) {
  for (let i = 16; i < 80; i += 1) words.push(turn(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1));
  for (let i = 0; i < 80; i += 1) {
    const part = Math.trunc(i / 20);
    const mix = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][part];
    [a, b, c, d, e] = [(turn(a, 5) + mix + e + STEPS[part] + words[i]) | 0, a, turn(b, 30), c, d];
  }
  return [a, b, c, d, e];
}

/** @type {number[]} */
let constants256 = [];

/** @param {number[]} state @param {number[]} words */
function sha256Round([a, b, c, d, e, f, g, h], words) {
  if (!constants256.length) constants256 = roots(64, 3n, 32).map(Number);
  for (let i = 16; i < 64; i += 1) {
    const [one, two] = [words[i - 15], words[i - 2]];
    const early = turn(one, 25) ^ turn(one, 14) ^ (one >>> 3);
    const late = turn(two, 15) ^ turn(two, 13) ^ (two >>> 10);
    words.push((words[i - 16] + early + words[i - 7] + late) | 0);
  }
  for (let i = 0; i < 64; i += 1) {
    const low = turn(e, 26) ^ turn(e, 21) ^ turn(e, 7);
    const one = (h + low + ((e & f) ^ (~e & g)) + constants256[i] + words[i]) | 0;
    const high = turn(a, 30) ^ turn(a, 19) ^ turn(a, 10);
    const two = (high + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h];
}

const cut = (/** @type {bigint} */ x) => BigInt.asUintN(64, x);
const right = (/** @type {bigint} */ x, /** @type {bigint} */ n) => (x >> n) | cut(x << (64n - n));

/** @param {Uint8Array} bytes @param {bigint[]} state */
function sha512(bytes, state) {
  const view = padded(bytes, 128, false);
  const constants = roots(80, 3n, 64);
  for (let at = 0; at < view.byteLength; at += 128) {
    const words = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + i * 8));
    const after = sha512Round(state, words, constants);
    state = state.map((word, i) => cut(word + after[i]));
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(i * 8, word));
  return new Uint8Array(out.buffer);
}

/** @param {bigint[]} state @param {bigint[]} words @param {bigint[]} constants */
function sha512Round([a, b, c, d, e, f, g, h], words, constants) {
  for (let i = 16; i < 80; i += 1) {
    const [one, two] = [words[i - 15], words[i - 2]];
    const early = right(one, 1n) ^ right(one, 8n) ^ (one >> 7n);
    const late = right(two, 19n) ^ right(two, 61n) ^ (two >> 6n);
    words.push(cut(words[i - 16] + early + words[i - 7] + late));
  }
  for (let i = 0; i < 80; i += 1) {
    const low = right(e, 14n) ^ right(e, 18n) ^ right(e, 41n);
    const one = cut(h + low + ((e & f) ^ (cut(~e) & g)) + constants[i] + words[i]);
    const high = right(a, 28n) ^ right(a, 34n) ^ right(a, 39n);
    const two = cut(high + ((a & b) ^ (a & c) ^ (b & c)));
    [a, b, c, d, e, f, g, h] = [cut(one + two), a, b, c, cut(d + one), e, f, g];
  }
  return [a, b, c, d, e, f, g, h];
}
