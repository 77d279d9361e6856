/** In which order the nodes of a form are evaluated, and which of them a change reaches. */

import { UnsupportedForm } from './errors.js';

/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').Dependent} Dependent */

/** What a node's relevance, count and calculation read: path → how deep a change is felt. @param {Node} node @param {Map<string, Node>} nodes @returns {Map<string, number>} */
function reads(node, nodes) {
  /** @type {Map<string, number>} */
  const found = new Map();
  const add = (/** @type {string} */ path, /** @type {number} */ depth) => found.set(path, Math.min(depth, found.get(path) ?? depth));
  for (const rule of [node.relevant, node.calculate, node.count]) {
    if (!rule) continue;
    for (const [path, depth] of rule.reads) add(path, depth);
    for (const path of rule.itemsets) for (const read of nodes.get(path)?.itemset?.reads ?? []) add(read, 0);
  }
  return found;
}

/** For each path, the nodes that have to be evaluated again when it changes. @param {Map<string, Node>} nodes */
export function dependentsOf(nodes) {
  /** @type {Map<string, Dependent[]>} */
  const found = new Map();
  for (const node of nodes.values()) {
    for (const [path, depth] of reads(node, nodes)) {
      const among = found.get(path) ?? [];
      among.push({ node, depth });
      found.set(path, among);
    }
  }
  return found;
}

/**
 * Nodes so that each comes after what its relevance, count and calculation read. Throws
 * UnsupportedForm where rules need each other.
 * @param {Map<string, Node>} nodes
 * @returns {Node[]}
 */
export function orderOf(nodes) {
  /** @type {Set<Node>} */
  const done = new Set();
  /** @type {Node[]} */
  const trail = [];
  /** @param {Node} node */
  const visit = (node) => {
    if (done.has(node)) return;
    if (trail.includes(node)) {
      const circle = [...trail.slice(trail.indexOf(node)), node].slice(0, 6).map((one) => one.path);
      throw new UnsupportedForm(`These rules need each other: ${circle.join(' → ')}`);
    }
    trail.push(node);
    const parent = nodes.get(node.path.slice(0, node.path.lastIndexOf('/')));
    if (parent) visit(parent);
    for (const path of reads(node, nodes).keys()) {
      const needed = nodes.get(path);
      if (needed && needed !== node) visit(needed);
    }
    trail.pop();
    done.add(node);
  };
  for (const node of nodes.values()) visit(node);
  return [...done];
}
