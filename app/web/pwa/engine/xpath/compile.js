/** Tree → closures, resolved against one form. */

import { UnsupportedForm } from '../errors.js';
import { FUNCTIONS } from './functions/index.js';
import { Facts } from './operand.js';
import { binary, logic } from './operators.js';
import { parse } from './parse.js';
import { DeadPath, LostPath, children, everyChild, itemPath, named, relativeTo, setOperand } from './paths.js';
import * as rows from './rows.js';
import { toNumber } from './values.js';

/** @typedef {import('./context.js').Item} Item */
/** @typedef {import('./context.js').World} World */
/** @typedef {import('./operand.js').Operand} Operand */
/** @typedef {import('./shape.js').Shape} Shape */
/** @typedef {import('./syntax.js').Expr} Expr */
/** @typedef {import('./syntax.js').Path} Path */
/** @typedef {import('./syntax.js').Step} Step */

/**
 * The form around its expressions.
 *
 * `instances` gives a list inside the form, or the name of an external one; `finders` is filled
 * while the form is read and asked when answers come.
 * @typedef {{root: Shape, instances: Map<string, import('../lists.js').ListTable | string>,
 *   texts: (world: World, id: string) => string,
 *   finders: Map<string, import('./operand.js').ChoiceFinder>}} Surroundings
 */

/** A compiled expression with its source and what is known about it. */
export class Expression {
  /** @param {string} source @param {Operand} operand @param {Facts} facts */
  constructor(source, operand, facts) {
    this.source = source;
    this.tree = operand.tree;
    this.evaluate = operand.value;
    this.nodes = operand.nodes;
    this.reads = facts.reads;
    this.itemsets = facts.itemsets;
    this.clock = facts.clock;
    this.localised = facts.localised;
    this.volatile = facts.volatile;
  }

  /** Evaluate for one node; throws Unknown where this side cannot know. @param {World} world @param {Item} item */
  of(world, item) {
    const outer = world.current;
    world.current = item;
    try {
      return this.evaluate(world, item);
    } finally {
      world.current = outer;
    }
  }
}

/**
 * Compile an expression that belongs to the node `here`.
 *
 * Throws XPathError where it is not XPath, UnsupportedForm where it is beyond the subset or points
 * at nothing.
 * @param {string} source
 * @param {Shape} here
 * @param {Surroundings} around
 */
export function compileExpression(source, here, around) {
  const compiler = new Compiler(source, here, around);
  const tree = parse(source);
  return new Expression(source, compiler.operand(tree, here), compiler.facts);
}

/** Compiles one expression and gathers facts about it. */
export class Compiler {
  /** @param {string} source @param {Shape} top @param {Surroundings} around */
  constructor(source, top, around) {
    this.source = source;
    this.top = top;
    this.around = around;
    this.facts = new Facts();
  }

  /** @param {string} what */
  refuse(what) {
    return new UnsupportedForm(`${what} in: ${this.source.slice(0, 200)}`);
  }

  /** Compile one piece; `here` is null inside a filter on rows of a list. @param {Expr} tree @param {Shape | null} here @returns {Operand} */
  operand(tree, here) {
    switch (tree.kind) {
      case 'text':
      case 'number': return { tree, value: () => tree.value, constant: tree.value };
      case 'negation': return this.negation(tree, this.operand(tree.operand, here).value);
      case 'logic': return { tree, value: logic(tree.operator, tree.operands.map((one) => this.operand(one, here).value)) };
      case 'binary': return { tree, value: binary(tree.operator, this.operand(tree.left, here), this.operand(tree.right, here)) };
      case 'call': return this.call(tree, here);
      default: return this.path(tree, here);
    }
  }

  /** @param {Expr} tree @param {import('./operand.js').Evaluator} of @returns {Operand} */
  negation(tree, of) {
    return { tree, value: (world, at) => -toNumber(of(world, at)) };
  }

  // -- functions ---------------------------------------------------------------------------------
  /** @param {import('./syntax.js').Call} tree @param {Shape | null} here @returns {Operand} */
  call(tree, here) {
    if (tree.name === 'current' || tree.name === 'instance') return this.path({ kind: 'path', start: tree, steps: [] }, here);
    if (!Object.hasOwn(FUNCTIONS, tree.name)) throw this.refuse(`The function ${tree.name}() is not supported`);
    const func = FUNCTIONS[tree.name];
    const given = tree.args.length;
    if (given < func.least || given > func.most) throw this.refuse(`${tree.name}() cannot take ${given} arguments`);
    const operands = tree.args.map((one) => this.operand(one, here));
    const context = this.context(here);
    return func.many ? func.many(context, operands, tree) : { tree, value: func.build(context, operands) };
  }

  /** @param {Shape | null} here @returns {import('./operand.js').Context} */
  context(here) {
    return {
      facts: this.facts,
      itemsetAt: (path) => this.finder(path),
      texts: this.around.texts,
      path: (text) => this.literalPath(text, here),
      refuse: (what) => this.refuse(what),
    };
  }

  /** @param {string} path @returns {import('./operand.js').ChoiceFinder} */
  finder(path) {
    this.facts.itemsets.add(path);
    const { finders } = this.around; // filled in only after this is compiled
    return (world, item, value) => finders.get(path)?.(world, item, value) ?? '';
  }

  /** @param {string} text @param {Shape | null} here */
  literalPath(text, here) {
    const tree = parse(text);
    if (tree.kind !== 'path') throw this.refuse(`'${text}' should be the path of a node`);
    return this.path(tree, here);
  }

  // -- paths -------------------------------------------------------------------------------------
  /** @param {Path} tree @param {Shape | null} here @returns {Operand} */
  path(tree, here) {
    try {
      if (typeof tree.start !== 'string') return this.pathFromCall(tree, tree.start);
      if (tree.start === 'root') return this.absolute(tree, here);
      return here ? this.itemPath(tree, here, named(here, tree.steps)) : this.cell(tree);
    } catch (error) {
      if (error instanceof LostPath) return setOperand(tree, () => []);
      throw error instanceof DeadPath ? this.refuse(`A path leads nowhere (${error.message})`) : error;
    }
  }

  /** @param {Path} tree @param {Shape | null} here */
  absolute(tree, here) {
    const at = here ?? this.top;
    return this.itemPath(tree, at, relativeTo(at, this.around.root, tree.steps), here ? undefined : current);
  }

  /** @param {Path} tree @param {Shape} start @param {Step[]} steps @param {import('./paths.js').Start} [origin] */
  itemPath(tree, start, steps, origin) {
    const { operand, shapes, shared } = itemPath(tree, start, steps, origin, (step, shape) => this.itemFilter(step, shape));
    const depth = start === this.top ? shared : 0; // a filter looks at every instance
    for (const { path } of shapes) this.facts.reads.set(path, Math.min(depth, this.facts.reads.get(path) ?? depth));
    return operand;
  }

  /** @param {Step} step @param {Shape} shape @returns {import('./paths.js').Move} */
  itemFilter(step, shape) {
    const filters = step.predicates.map((one) => this.filter(one, shape));
    return (world, items) => rows.passing(world, items, filters);
  }

  /** Compile one predicate on Items, or on rows where `here` is null. @param {Expr} predicate @param {Shape | null} here @returns {rows.Filter} */
  filter(predicate, here) {
    return { test: this.operand(predicate, here).value, positional: rows.countsRows(predicate) };
  }

  /** @param {Path} tree @param {import('./syntax.js').Call} start @returns {Operand} */
  pathFromCall(tree, start) {
    if (start.name === 'current') {
      if (!tree.steps.length) throw this.refuse('current() takes a path behind it;');
      return this.itemPath(tree, this.top, tree.steps, current);
    }
    if (start.name === 'instance') return this.listPath(tree, start);
    throw this.refuse(`A path after ${start.name}() is not supported`);
  }

  // -- lists -------------------------------------------------------------------------------------
  /** Within a row: one of its cells, or a path through a list that is no table. @param {Path} tree @returns {Operand} */
  cell(tree) {
    const column = rows.columnOf(tree);
    if (column) return { tree, value: (_, row) => row.get(column) };
    return setOperand(tree, this.branchNodes((_, row) => [row.branch], tree.steps));
  }

  /** Compile `instance('x')/root/item[…]`, one of its columns, or another path. @param {Path} tree @param {import('./syntax.js').Call} start @returns {Operand} */
  listPath(tree, start) {
    const parts = this.listParts(tree, start);
    if (!parts) {
      const source = this.listSource(start);
      const nodes = this.branchNodes((world) => [source(world).trunk], tree.steps);
      return { ...setOperand(tree, nodes), plural: true };
    }
    const selected = this.listRows(parts.source, parts.item);
    const { column } = parts;
    const nodes = column
      ? (/** @type {World} */ world, /** @type {any} */ here) => selected(world, here).filter((row) => row.has(column)).map((row) => ({ value: row.get(column) }))
      : selected;
    return { ...setOperand(tree, nodes), plural: true };
  }

  /** @param {rows.Source} source @param {Step} item */
  listRows(source, item) {
    const counted = item.predicates.some(rows.countsRows);
    const predicates = counted ? item.predicates : rows.conjuncts(item.predicates);
    const by = predicates.length ? rows.keyOf(predicates[0]) : null;
    const filters = predicates.slice(by ? 1 : 0).map((one) => this.filter(one, null));
    return rows.selectedRows(source, by && { column: by[0], value: this.operand(by[1], null).value }, filters);
  }

  /** The list, the step with its filters and the column ('' for whole rows); null where it is no such path. @param {Path} tree @param {import('./syntax.js').Call} start */
  listParts(tree, start) {
    const [root, item, column] = tree.steps;
    const plain = [2, 3].includes(tree.steps.length) && tree.steps.every((step) => step.axis === 'child')
      && root.name === 'root' && !root.predicates.length && item.name === 'item'
      && (!column || (!column.predicates.length && column.name !== '*'));
    if (!plain || !this.isTable(start)) return null;
    return { source: this.listSource(start), item, column: column?.name ?? '' };
  }

  /** @param {import('./syntax.js').Call} start */
  isTable(start) {
    const list = this.around.instances.get(this.listName(start));
    return typeof list === 'string' || list?.isTable !== false;
  }

  /** @param {import('./syntax.js').Call} start */
  listName(start) {
    const [name] = start.args;
    if (start.args.length !== 1 || name.kind !== 'text') throw this.refuse('instance() takes the name of a list in quotes;');
    return name.value;
  }

  /** @param {import('./syntax.js').Call} start @returns {rows.Source} */
  listSource(start) {
    const name = this.listName(start);
    const list = this.around.instances.get(name);
    if (list === undefined) throw this.refuse(`There is no list '${name}'`);
    return typeof list === 'string' ? (world) => world.table(list) : () => list;
  }

  /** Follow steps through a list that is no table. @param {import('./operand.js').ManyItems} start @param {Step[]} steps @returns {import('./operand.js').ManyItems} */
  branchNodes(start, steps) {
    const moves = steps.flatMap((step) => this.branchMoves(step));
    return (world, here) => moves.reduce((items, move) => move(world, items), start(world, here));
  }

  /** @param {Step} step @returns {import('./paths.js').Move[]} */
  branchMoves(step) {
    const filters = step.predicates.map((one) => this.filter(one, null));
    /** @type {import('./paths.js').Move} */
    const filter = (world, items) => items.flatMap((item) => rows.passing(world, [item], filters));
    if (step.axis === 'self') return [filter];
    if (step.axis === 'parent') return [(_, items) => [...new Set(items.flatMap((item) => item.parent ?? []))], filter];
    const next = step.name === '*' ? everyChild : children(step.name);
    return [(world, items) => items.flatMap((item) => rows.passing(world, next(world, [item]), filters))];
  }
}

/** @param {World} world */
const current = (world) => world.current;
