/** Numbers: conversion, rounding, powers and angles. */

import { eager } from '../operand.js';
import { toDouble, toInt, toNumber } from '../values.js';

/** @typedef {import('../values.js').Value} Value */

const PLACES = 30; // more are refused, as in JavaRosa

/** Half up; a negative half goes towards zero, as in JavaRosa. @param {Value} value @param {Value} [places] */
function round(value, places = 0) {
  const [number, digits] = [toNumber(value), toInt(places)];
  if (!Number.isFinite(number)) return number;
  if (Math.abs(digits) > PLACES) return NaN;
  if (digits < 0) return shifted(Math.trunc(shifted(number, digits) + 0.5), -digits);
  const size = halfRounded(Math.abs(number), digits, number >= 0);
  return number < 0 ? -size : size;
}

/** Times a power of ten, exactly as written in decimals. @param {number} number @param {number} places */
function shifted(number, places) {
  const [digits, exponent] = number.toExponential().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Round the decimals of a positive number; a half goes up or down. @param {number} number @param {number} places @param {boolean} up */
function halfRounded(number, places, up) {
  const moved = shifted(number, places);
  const whole = Math.floor(moved);
  const rest = moved - whole;
  return shifted(rest > 0.5 || (up && rest === 0.5) ? whole + 1 : whole, -places);
}

/** Cut off towards zero. @param {Value} value */
const whole = (value) => Math.trunc(toNumber(value));

/** @param {(number: number) => number} call */
const of = (call) => eager((value) => call(toDouble(value)), 1);

/** @param {(one: number, other: number) => number} call */
const ofTwo = (call) => eager((one, other) => call(toDouble(one), toDouble(other)), 2);

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'number': eager(toNumber, 1),
  'int': eager(whole, 1),
  'round': eager(round, 1, 2),
  'pow': ofTwo(Math.pow),
  'abs': of(Math.abs),
  'sqrt': of(Math.sqrt),
  'exp': of(Math.exp),
  'exp10': of((number) => 10 ** number),
  'log': of(Math.log),
  'log10': of(Math.log10),
  'sin': of(Math.sin),
  'cos': of(Math.cos),
  'tan': of(Math.tan),
  'asin': of(Math.asin),
  'acos': of(Math.acos),
  'atan': of(Math.atan),
  'atan2': ofTwo(Math.atan2),
  'pi': { build: () => () => Math.PI, least: 0, most: 0 },
};
