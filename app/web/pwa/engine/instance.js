/** Submission XML → who sent which form about what, and the answers as a tree. */

import { UnreadableXml } from './errors.js';
import { parseXml } from './xml.js';

export const MAX_NODES = 100_000;

/**
 * A submission as read: `root` is the element that carries the form's id; `instanceId` and
 * `deprecatedId` are null where the meta block does not give them.
 * @typedef {{formId: string, version: string, instanceId: string | null, deprecatedId: string | null,
 *   root: import('./xml.js').Element}} Submission
 */

/** Read a submission. Throws UnreadableXml, with what to do; nothing is judged here. @param {string} xml @returns {Submission} */
export function readSubmission(xml) {
  const root = parseXml(xml);
  const formId = root.get('id').trim();
  if (!formId) {
    throw new UnreadableXml('The root element names no form: send the instance with its id and version attributes');
  }
  if (size(root) > MAX_NODES) throw new UnreadableXml(`More than ${MAX_NODES} nodes: no form of ours asks as much`);
  const meta = root.first('meta');
  const named = (/** @type {string} */ name) => meta?.first(name)?.text.trim() || null;
  return { formId, version: root.get('version').trim(), instanceId: named('instanceID'), deprecatedId: named('deprecatedID'), root };
}

/** @param {import('./xml.js').Element} element @returns {number} */
function size(element) {
  return element.children.reduce((sum, child) => sum + size(child), 1);
}
