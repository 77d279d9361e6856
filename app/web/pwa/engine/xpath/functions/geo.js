/** Distances and areas on the sphere, as JavaRosa computes them. */

import { EvaluationError } from '../../errors.js';
import { listed } from '../operand.js';
import { toText } from '../values.js';

/** @typedef {import('../values.js').Value} Value */
/** @typedef {[number, number]} Point latitude, longitude in degrees */

export const RADIUS = 6_378_100; // metres

const CIRCUMFERENCE = 2 * RADIUS * Math.PI;
const DEGREE = Math.PI / 180;

/** Points of geopoints, traces and shapes in order. Throws EvaluationError where one cannot be read. @param {string} text */
const points = (text) => text.split(';').filter((part) => part.trim()).map(point);

/** @param {string} text @returns {Point} */
function point(text) {
  const cells = text.split(/ +/).filter((cell) => cell).map(Number);
  if (!cells.every(Number.isFinite)) throw new EvaluationError('This value is no place');
  return [cells[0] ?? 0, cells[1] ?? 0]; // nothing at all is the point where the equator meets the first meridian
}

/** One value may be a line or a shape; several are points. @param {Value[]} values */
function path(values) {
  return values.length === 1 ? points(toText(values[0])) : values.map((value) => point(toText(value)));
}

/** Spherical law of cosines. @param {Point} one @param {Point} other */
function between(one, other) {
  const [lat1, lat2, turn] = [one[0], other[0], one[1] - other[1]].map((degrees) => degrees * DEGREE);
  const cosine = Math.sin(lat1) * Math.sin(lat2) + Math.cos(lat1) * Math.cos(lat2) * Math.cos(turn);
  return Math.acos(cosine) * RADIUS; // NaN where rounding takes it beyond 1, as in JavaRosa
}

/** @param {Point[]} path */
function length(path) {
  return path.slice(1).reduce((sum, end, at) => sum + between(path[at], end), 0);
}

/** Square metres of a ring, flattened around its first point. @param {Point[]} shape */
function area(shape) {
  if (shape.length < 3) return 0;
  const [south, west] = shape[0];
  // in JavaRosa's order, so that the last digit is the same too
  const flat = shape.slice(1).map(([lat, lon]) => [
    ((lon - west) * CIRCUMFERENCE * Math.cos(lat * DEGREE)) / 360, ((lat - south) * CIRCUMFERENCE) / 360,
  ]);
  return Math.abs(flat.slice(1).reduce((sum, [x2, y2], at) => sum + (flat[at][1] * x2 - flat[at][0] * y2) / 2, 0));
}

/** @param {(points: Point[]) => number} of @param {number} most @returns {import('../operand.js').Func} */
function measure(of, most) {
  return {
    build: (context, operands) => {
      if (most === 1 && !operands[0].nodes) throw context.refuse('area() takes a path;');
      const values = listed(operands);
      return (world, here) => of(path(values(world, here)));
    },
    least: 1,
    most,
  };
}

/** Whether a point lies within a shape, which ends where it begins (even-odd rule). @type {import('../operand.js').Build} */
function geofence(context, [place, ring]) {
  if (!place.nodes || !ring.nodes) throw context.refuse('geofence() takes two paths;');
  return (world, here) => {
    const at = point(toText(place.value(world, here)));
    return inside(at, points(toText(ring.value(world, here))));
  };
}

/** @param {Point} at @param {Point[]} corners */
function inside(at, corners) {
  return corners.slice(1).reduce((within, [lat2, lon2], i) => {
    const [lat1, lon1] = corners[i];
    const crosses = (lat2 > at[0]) !== (lat1 > at[0])
      && at[1] < ((lon1 - lon2) * (at[0] - lat2)) / (lat1 - lat2) + lon2;
    return crosses ? !within : within;
  }, false);
}

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  'distance': measure(length, Infinity),
  'area': measure(area, 1),
  'enclosed-area': measure(area, 1),
  'geofence': { build: geofence, least: 2, most: 2 },
};
