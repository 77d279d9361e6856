/** Distances and areas on the sphere, as JavaRosa computes them. */

import { EvaluationError } from '../../errors.js';
import { eager, listed } from '../operand.js';
import { toNumber, toText } from '../values.js';

/** @typedef {import('../values.js').Value} Value */
/** @typedef {[number, number]} Point latitude, longitude in degrees */

export const RADIUS = 6_378_100; // metres

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;

/** Points of geopoints, traces and shapes in order. Throws EvaluationError where one cannot be read. @param {Value[]} values */
export function points(values) {
  return values.flatMap((value) => toText(value).split(';')).filter((part) => part.trim()).map(point);
}

/** @param {string} text @returns {Point} */
function point(text) {
  const [latitude, longitude] = text.trim().split(/\s+/).map(toNumber);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
    throw new EvaluationError('This value is no place');
  }
  return [latitude, longitude];
}

/** Spherical law of cosines. @param {Point} one @param {Point} other */
function between(one, other) {
  const [lat1, lat2, turn] = [one[0], other[0], other[1] - one[1]].map(radians);
  const cosine = Math.sin(lat1) * Math.sin(lat2) + Math.cos(lat1) * Math.cos(lat2) * Math.cos(turn);
  return Math.acos(Math.max(-1, Math.min(1, cosine))) * RADIUS;
}

/** @param {Point[]} path */
function length(path) {
  return path.slice(1).reduce((sum, end, at) => sum + between(path[at], end), 0);
}

/** Square metres of a ring, flattened around its first point. @param {Point[]} shape */
function area(shape) {
  if (shape.length < 3) return 0;
  const degree = (2 * Math.PI * RADIUS) / 360;
  const [south, west] = shape[0];
  const flat = shape.slice(1).map(([lat, lon]) => [(lon - west) * degree * Math.cos(radians(lat)), (lat - south) * degree]);
  return Math.abs(flat.slice(1).reduce((sum, [x2, y2], at) => sum + (flat[at][1] * x2 - flat[at][0] * y2) / 2, 0));
}

/** @param {(points: Point[]) => number} of @returns {import('../operand.js').Func} */
function measure(of) {
  return {
    build: (_, operands) => {
      const values = listed(operands);
      return (world, here) => of(points(values(world, here)));
    },
    least: 1,
    most: Infinity,
  };
}

/** Whether a point lies within a shape (even-odd rule). @param {Value} place @param {Value} ring */
function inside(place, ring) {
  const [at] = points([place]);
  const corners = points([ring]);
  if (!at) return false;
  return corners.slice(1).reduce((within, [lat2, lon2], i) => {
    const [lat1, lon1] = corners[i];
    const crosses = (lat2 > at[0]) !== (lat1 > at[0])
      && at[1] < ((lon1 - lon2) * (at[0] - lat2)) / (lat1 - lat2) + lon2;
    return crosses ? !within : within;
  }, false);
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'distance': measure(length),
  'area': measure(area),
  'enclosed-area': measure(area),
  'geofence': eager(inside, 2),
};
