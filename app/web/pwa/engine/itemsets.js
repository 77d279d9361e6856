/** Choices of closed questions, compiled: membership, labels, what is offered, and search. */

import { writtenItems } from './body.js';
import { Unknown, UnsupportedForm } from './errors.js';
import { seedOf, shuffled } from './xpath/functions/nodes.js';
import { Compiler } from './xpath/compile.js';
import { parse } from './xpath/parse.js';
import { conjuncts, countsRows, passing } from './xpath/rows.js';

/** @typedef {import('./schema.js').Choice} Choice */
/** @typedef {import('./schema.js').Itemset} Itemset */
/** @typedef {import('./schema.js').World} World */
/** @typedef {import('./xpath/shape.js').Shape} Shape */
/** @typedef {import('./xpath/syntax.js').Path} Path */
/** @typedef {{around: import('./xpath/compile.js').Surroundings, itext: import('./itext.js').Itext}} Form what reading choices needs of the form around them */
/** @typedef {(row: any, world: World) => string} Labeller */

/** Read the choices of a control; null for an open question. Throws UnsupportedForm. @param {import('./schema.js').Control} control @param {Shape} node @param {Form} form @returns {Itemset | null} */
export function readItemset(control, node, form) {
  if (!['select', 'select1', 'rank'].includes(control.kind)) return null;
  const itemset = control.element.first('itemset');
  if (!itemset) return written(control.element, form);
  const source = itemset.get('nodeset');
  const whole = parse(source);
  const random = whole.kind === 'call' && whole.name === 'randomize' ? whole : null;
  const tree = random ? random.args[0] : whole;
  if (tree?.kind !== 'path') throw new UnsupportedForm(`${node.path}: choices come from a path, not from: ${source.slice(0, 200)}`);
  const compiler = new Compiler(source, node, form.around);
  const seed = random?.args[1] && compiler.operand(random.args[1], node);
  const [value, label] = [itemset.first('value')?.get('ref') ?? '', itemset.first('label')?.get('ref') ?? ''];
  const read = typeof tree.start !== 'string' && tree.start.name === 'instance' ? fromList : fromAnswers;
  const found = read({ form, node, compiler, tree, value, label });
  if (!random) return found;
  const { choices } = found;
  return { ...found, choices: (world, item) => mixed(world, item, choices(world, item), seed) };
}

/** @param {World} world @param {any} item @param {Choice[]} choices @param {any} seed */
function mixed(world, item, choices, seed) {
  return seed || world.chance ? at(world, item, () => shuffled(choices, seedOf(world, item, seed))) : choices;
}

/** Evaluate as a part of an expression of that node. @template T @param {World} world @param {any} item @param {() => T} evaluate @returns {T} */
function at(world, item, evaluate) {
  const outer = world.current;
  world.current = item;
  try {
    return evaluate();
  } finally {
    world.current = outer;
  }
}

/** @param {import('./xml.js').Element} element @param {Form} form @returns {Itemset} */
function written(element, { itext }) {
  /** @type {Map<string, Choice>} */
  const byValue = new Map();
  for (const [value, label] of writtenItems(element)) {
    const texts = itext.label(label);
    const text = (/** @type {World} */ world) => texts.get(world.language) ?? [...texts.values()].find((one) => one.plain);
    byValue.set(value, { value, label: (world) => text(world)?.plain ?? '', media: (world) => text(world)?.media ?? {} });
  }
  const choices = [...byValue.values()];
  // with search() the written choice only names columns of a list that is looked up on the device
  const searches = element.get('appearance').includes('search(');
  return {
    name: '',
    external: null,
    reads: [],
    contains: (_world, _item, value) => {
      if (searches) throw new Unknown();
      return byValue.has(value);
    },
    label: (world, _item, value) => byValue.get(value)?.label(world) ?? '',
    choices: () => choices,
    search: (world, _item, query, limit) => searched(choices, words(query), limit, (choice) => folded(`${choice.label(world)} ${choice.value}`)),
  };
}

/** @typedef {{form: Form, node: Shape, compiler: Compiler, tree: Path, value: string, label: string}} Source */

/** Choices from `instance('…')/root/item[…]`, inside the form or in a file. @param {Source} source @returns {Itemset} */
function fromList({ form, node, compiler, tree, value, label }) {
  const start = /** @type {import('./xpath/syntax.js').Call} */ (tree.start);
  const parts = compiler.listParts(tree, start);
  const table = form.around.instances.get(compiler.listName(start));
  if (!parts || parts.column) {
    const { nodes } = compiler.operand(tree, node);
    return fromNodes({ form, compiler, nodes: /** @type {any} */ (nodes), value, label }, compiler.listName(start));
  }
  if (parts.item.predicates.some(countsRows)) {
    throw new UnsupportedForm(`${node.path}: choices by position are not supported: ${compiler.source.slice(0, 200)}`);
  }
  const { source } = parts;
  const filters = conjuncts(parts.item.predicates).map((one) => compiler.filter(one, null));
  const rows = compiler.listRows(source, parts.item);
  const labeller = labelOf(form, label);
  const holding = (/** @type {World} */ world, /** @type {any} */ item, /** @type {string} */ code) =>
    at(world, item, () => passing(world, source(world).index(value).get(code) ?? [], filters));
  const offered = (/** @type {World} */ world, /** @type {any} */ item) => at(world, item, () => rows(world, item));
  return {
    name: compiler.listName(start),
    external: typeof table === 'string' ? table : null,
    reads: [...compiler.facts.reads.keys()],
    contains: (world, item, code) => holding(world, item, code).length > 0,
    label: (world, item, code) => {
      const [row] = holding(world, item, code);
      return row ? labeller(row, world) : '';
    },
    choices: (world, item) => offered(world, item).map((row) => choice(row, value, labeller)),
    search: (world, item, query, limit) => {
      const [rowsNow, wanted] = [offered(world, item), words(query)];
      const texts = wanted.length ? foldedRows(source(world), world, value, label, labeller) : [];
      return searched(rowsNow, wanted, limit, (row) => texts[row.position - 1]).map((row) => choice(row, value, labeller));
    },
  };
}

/** @param {any} row @param {string} value @param {Labeller} labeller @returns {Choice} */
function choice(row, value, labeller) {
  return { value: cell(row, value), label: (world) => labeller(row, world) };
}

/** Choices from earlier answers, usually of a repeat: `/data/person[name != '']`. @param {Source} source @returns {Itemset} */
function fromAnswers({ form, node, compiler, tree, value, label }) {
  const { target, nodes } = compiler.operand(tree, node);
  const columns = [value, label].map((reference) => reference.replace(/^\.\//, ''));
  if (!target || !nodes || !columns.every((column) => target.children.has(column))) {
    throw new UnsupportedForm(`${node.path}: choices lead nowhere: ${compiler.source.slice(0, 200)}`);
  }
  for (const column of columns) compiler.facts.reads.set(`${target.path}/${column}`, 0);
  return fromNodes({ form, compiler, nodes, value: columns[0], label: columns[1] }, target.path);
}

/** @param {{form: Form, compiler: Compiler, nodes: import('./xpath/operand.js').ManyItems, value: string, label: string}} source @param {string} name @returns {Itemset} */
function fromNodes({ form, compiler, nodes, value, label }, name) {
  const labeller = labelOf(form, label);
  const offered = (/** @type {World} */ world, /** @type {any} */ item) =>
    at(world, item, () => nodes(world, item)).filter((one) => cell(one, value) !== '');
  return {
    name,
    external: null,
    reads: [...compiler.facts.reads.keys()],
    contains: (world, item, code) => offered(world, item).some((one) => cell(one, value) === code),
    label: (world, item, code) => {
      const found = offered(world, item).find((one) => cell(one, value) === code);
      return found ? labeller(found, world) : '';
    },
    choices: (world, item) => offered(world, item).map((one) => choice(one, value, labeller)),
    search: (world, item, query, limit) =>
      searched(offered(world, item), words(query), limit, (one) => folded(`${labeller(one, world)} ${cell(one, value)}`))
        .map((one) => choice(one, value, labeller)),
  };
}

/** A cell of a row, or the answer of a node below an item. @param {any} row @param {string} column @returns {string} */
function cell(row, column) {
  const plain = column.replace(/^\.\//, '');
  if (plain.includes('/')) return plain.split('/').reduce((one, name) => one?.kids.get(name)?.[0], row)?.value ?? '';
  return row.get ? row.get(plain) : row.kids.get(plain)?.text ?? '';
}

/** Where the label of a row stands: in a column, or in itext under an id in a column. @param {Form} form @param {string} reference @returns {Labeller} */
function labelOf({ itext }, reference) {
  const id = /^jr:itext\(\s*(.*?)\s*\)$/.exec(reference);
  if (!id) return (row) => cell(row, reference);
  return (row, world) => itext.text(cell(row, id[1]), world.language)?.plain ?? '';
}

// -- search --------------------------------------------------------------------------------------
/** @param {string} text */
const folded = (text) => text.toLowerCase();

/** @param {string} query */
const words = (query) => folded(query).split(/\s+/).filter((word) => word);

/** The first that have every word. @template T @param {T[]} among @param {string[]} wanted @param {number} limit @param {(one: T) => string} textOf */
function searched(among, wanted, limit, textOf) {
  const found = [];
  for (const one of among) {
    const text = textOf(one);
    if (!wanted.every((word) => text.includes(word))) continue;
    found.push(one);
    if (found.length >= limit) break;
  }
  return found;
}

/** @type {WeakMap<import('./lists.js').ListTable, Map<string, string[]>>} */
const FOLDED = new WeakMap();

/** What search looks at, for every row of a list, kept per list and language. @param {import('./lists.js').ListTable} table @param {World} world @param {string} value @param {string} label @param {Labeller} labeller */
function foldedRows(table, world, value, label, labeller) {
  let known = FOLDED.get(table);
  if (!known) FOLDED.set(table, known = new Map());
  const key = `${world.language}\n${value}\n${label}`;
  let texts = known.get(key);
  if (!texts) known.set(key, texts = table.rows.map((row) => folded(`${labeller(row, world)} ${row.get(value)}`)));
  return texts;
}
