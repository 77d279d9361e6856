/**
 * The functions of ODK XPath, by name, in rooms by what they work on.
 *
 * What JavaRosa and Collect do not know is not here either: a form that they would refuse is
 * refused.
 */

import { FUNCTIONS as choices } from './choices.js';
import { FUNCTIONS as codes } from './codes.js';
import { FUNCTIONS as dates } from './dates.js';
import { FUNCTIONS as flow } from './flow.js';
import { FUNCTIONS as geo } from './geo.js';
import { FUNCTIONS as nodes } from './nodes.js';
import { FUNCTIONS as numeric } from './numeric.js';
import { FUNCTIONS as strings } from './strings.js';

/** @type {import('../operand.js').Functions} */
export const FUNCTIONS = {
  ...choices, ...codes, ...dates, ...flow, ...geo, ...nodes, ...numeric, ...strings,
};
