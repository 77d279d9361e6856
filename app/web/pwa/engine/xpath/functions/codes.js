/** Digests and base64. */

import { EvaluationError } from '../../errors.js';
import { eager } from '../operand.js';
import { toText } from '../values.js';
import { digest } from './digests.js';

/** @typedef {import('../values.js').Value} Value */

/** @param {Value} value @param {Value} algorithm @param {Value} [encoding] */
function digestText(value, algorithm, encoding = 'base64') {
  const bytes = digest(toText(algorithm).toUpperCase(), new TextEncoder().encode(toText(value)));
  if (!bytes) throw new EvaluationError('digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512');
  if (toText(encoding).toLowerCase() === 'hex') {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return btoa(String.fromCharCode(...bytes));
}

/** UTF-8 text from base64; '' when it is not base64. @param {Value} value */
function decode(value) {
  const text = toText(value).trim();
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return '';
  return new TextDecoder().decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'digest': eager(digestText, 2, 3),
  'base64-decode': eager(decode, 1),
};
