/**
 * Paths into choice lists: `instance('kbli')/root/item[name = ${kbli}]/label`.
 *
 * A filter `column = expression` is answered by an index, so a list of 50,000 rows costs no more
 * than one of ten.
 */

import { parts } from './syntax.js';
import { equal } from './values.js';

/** @typedef {import('./context.js').World} World */
/** @typedef {import('./syntax.js').Expr} Expr */
/** @typedef {import('../lists.js').Row} Row */
/** @typedef {import('../lists.js').ListTable} ListTable */
/** @typedef {(world: World) => ListTable} Source */
/** @typedef {(world: World, here: any) => Row[]} Rows */
/** @typedef {{test: import('./operand.js').Evaluator, positional: boolean}} Filter one compiled predicate */
/** @typedef {{column: string, value: import('./operand.js').Evaluator}} Key a predicate `column = expression` */

/** Split `a and b` into two filters: the same rows pass. @param {Expr[]} predicates @returns {Expr[]} */
export function conjuncts(predicates) {
  return predicates.flatMap((one) => (one.kind === 'logic' && one.operator === 'and' ? conjuncts(one.operands) : [one]));
}

/** The column and the expression of `column = expression`, either way round. @param {Expr} predicate @returns {[string, Expr] | null} */
export function keyOf(predicate) {
  if (predicate.kind !== 'binary' || predicate.operator !== '=') return null;
  const { left, right } = predicate;
  if (columnOf(left) && !looksAtRow(right)) return [columnOf(left), right];
  return columnOf(right) && !looksAtRow(left) ? [columnOf(right), left] : null;
}

/** `name` or `./name` within a row; '' for anything else. @param {Expr} tree */
export function columnOf(tree) {
  if (tree.kind !== 'path' || tree.start !== 'here') return '';
  const steps = tree.steps.filter((step) => step.axis !== 'self');
  const plain = steps.length === 1 && steps[0].axis === 'child' && !steps[0].predicates.length;
  return plain && steps[0].name !== '*' ? steps[0].name : '';
}

/** Whether the result may change from row to row (on the safe side). @param {Expr} tree @returns {boolean} */
export function looksAtRow(tree) {
  if (tree.kind === 'call' && tree.name === 'position') return true;
  if (tree.kind !== 'path') return parts(tree).some(looksAtRow);
  if (tree.start === 'here') return true;
  const inside = tree.steps.flatMap((step) => step.predicates);
  return inside.some(looksAtRow) || (tree.start !== 'root' && looksAtRow(tree.start));
}

/** Whether a predicate looks at the position of a row. @param {Expr} tree @returns {boolean} */
export function countsRows(tree) {
  return (tree.kind === 'call' && tree.name === 'position') || parts(tree).some(countsRows);
}

/** Rows of a list that pass the key and then every filter, in order. @param {Source} source @param {Key | null} key @param {Filter[]} filters @returns {Rows} */
export function selectedRows(source, key, filters) {
  if (!key) return (world) => passing(world, source(world).rows, filters);
  return (world, here) => passing(world, byKey(source(world), key.column, key.value(world, here)), filters);
}

/** @param {ListTable} table @param {string} column @param {import('./values.js').Value} wanted */
function byKey(table, column, wanted) {
  if (typeof wanted === 'string') return table.index(column).get(wanted) ?? [];
  if (typeof wanted === 'number') return table.numbers(column).get(wanted) ?? [];
  return table.rows.filter((row) => equal(row.get(column), wanted));
}

/** What passes every filter; each counts positions among what the last one left. @template T @param {World} world @param {T[]} items @param {Filter[]} filters */
export function passing(world, items, filters) {
  return filters.reduce((left, one) => kept(world, left, one), items);
}

/** Items or rows for which a filter is true; as in JavaRosa, a number or a text is not. @template T @param {World} world @param {T[]} items @param {Filter} filter @returns {T[]} */
export function kept(world, items, { test, positional }) {
  if (!positional) return items.filter((item) => test(world, item) === true);
  const outer = world.index;
  const found = items.filter((item, index) => {
    world.index = index + 1;
    return test(world, item) === true;
  });
  world.index = outer;
  return found;
}
