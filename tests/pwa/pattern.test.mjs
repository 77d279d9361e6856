// Regular expressions of regex(): full match, Java's syntax.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Pattern } from '../../app/web/pwa/engine/xpath/pattern.js';
import { PatternError } from '../../app/web/pwa/engine/xpath/pattern_syntax.js';

const MATCHES = [
  ['', ''], ['a', 'a'], ['a|b', 'b'], ['a*', ''], ['a+', 'aaa'], ['a?b', 'b'], ['a{2}', 'aa'], ['a{1,3}', 'aaa'], ['a{2,}', 'aaaa'], ['a+?', 'aa'],
  ['^a$', 'a'], ['(ab)+', 'abab'], ['(?:ab|c){2}', 'abc'], ['[a-c]+', 'abc'], ['[^a]', 'b'], ['[-a]', '-'], ['[a\\-z]', '-'], ['\\d{3}', '123'],
  ['\\D', 'x'], ['\\w+', 'a_1'], ['\\W', '-'], ['\\s', '\t'], ['\\S', 'x'], ['.', 'é'], ['.', '𝛑'], ['\\.', '.'], ['\\p{Lu}', 'É'], ['\\p{L}+', 'añ'],
  ['\\p{Alpha}', 'a'], ['\\P{N}', 'a'], ['\\u0041\\x42', 'AB'], ['\\t', '\t'], ['(?=.*[0-9])[a-z0-9]+', 'a1'], ['(?!00)\\d+', '12'], ['(?i)abc[x-z]', 'aBCY'],
  ['a{0}b', 'b'], ['(a|b)*c|', ''], ['[\\w.]+@[\\w.]+', 'a.b@c.id'], ['\\p{Punct}', '!'],
];
for (const [pattern, text] of MATCHES) test(`${pattern} matches ${JSON.stringify(text)}`, () => assert.ok(new Pattern(pattern).matches(text)));

const MISSES = [
  ['a', ''], ['a', 'aa'], ['a{2}', 'a'], ['a{1,2}', 'aaa'], ['[a-c]', 'd'], ['[^a]', 'a'], ['\\d', '٣'], ['.', '\n'], ['\\w', 'é'], ['a^b', 'ab'],
  ['(?=.*[0-9])[a-z]+', 'ab'], ['(?!00)\\d+', '001'], ['abc', 'ABC'], ['\\p{Lu}', 'a'], ['.', 'ab'],
];
for (const [pattern, text] of MISSES) test(`${pattern} misses ${JSON.stringify(text)}`, () => assert.ok(!new Pattern(pattern).matches(text)));

for (const pattern of [
  '(', ')', 'a)', '[', '[]', '[b-a]', '*', 'a**b(', 'a{', 'a{x}', 'a{3,1}', 'a{2000}', '\\', '\\q', '\\1', '(?<n>a)', 'b(?=a)', 'a++', '[a&&b]', '[[a]]',
  '\\p{Nothing}', '\\p{L', '\\xZZ', '('.repeat(40), 'a'.repeat(2001), '((a{1000}){1000})', '\\u12',
]) {
  test(`refused: ${pattern.slice(0, 20)}`, () => assert.throws(() => new Pattern(pattern), PatternError));
}

test('time is linear in the text', () => {
  const hostile = new Pattern('(a|aa|a*)*b');
  assert.ok(!hostile.matches('a'.repeat(19_999)));
  assert.ok(!hostile.matches('b'.repeat(20_001)));
  const many = new Pattern('(.*)(.{30})x(.{30})');
  assert.ok(!many.matches(Array.from({ length: 6000 }, (_, at) => String.fromCharCode(97 + ((at * at) % 26))).join('')));
});
