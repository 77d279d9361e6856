/**
 * The tree that the parser builds: plain objects, told apart by `kind`.
 *
 * @typedef {{kind: 'text', value: string}} Text
 * @typedef {{kind: 'number', value: number}} Num
 * @typedef {{kind: 'negation', operand: Expr}} Negation
 * @typedef {{kind: 'binary', operator: string, left: Expr, right: Expr}} Binary
 *   arithmetic or comparison: + - * div mod = != < <= > >=
 * @typedef {{kind: 'logic', operator: string, operands: Expr[]}} Logic
 *   `and` or `or` over two or more operands, flattened so that long chains stay shallow
 * @typedef {{kind: 'call', name: string, args: Expr[]}} Call
 * @typedef {{axis: 'child' | 'self' | 'parent', name: string, predicates: Expr[]}} Step
 *   `name` is '*' for any child, '@x' for an attribute and '' for self and parent
 * @typedef {{kind: 'path', start: 'root' | 'here' | Call, steps: Step[]}} Path
 * @typedef {Text | Num | Negation | Binary | Logic | Call | Path} Expr
 */

/** @param {Step['axis']} axis @param {string} name @param {Expr[]} [predicates] @returns {Step} */
export const step = (axis, name, predicates = []) => ({ axis, name, predicates });

/** The parts of an expression directly below it, filters of steps included. @param {Expr} tree */
export function parts(tree) {
  switch (tree.kind) {
    case 'negation': return [tree.operand];
    case 'binary': return [tree.left, tree.right];
    case 'logic': return tree.operands;
    case 'call': return tree.args;
    default: return [];
  }
}
