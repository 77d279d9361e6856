/** The body of an XForm: which nodes are asked, how, in which order. */

import { UnsupportedForm } from './errors.js';

/** @typedef {import('./schema.js').Control} Control */
/** @typedef {import('./xml.js').Element} Element */

const CONTROLS = new Set(['input', 'select', 'select1', 'rank', 'upload', 'trigger', 'range', 'secret']);
const DECORATION = new Set(['label', 'hint', 'value', 'item', 'itemset', 'help', 'alert']);
/** What runs at an event: we set values, a device finds places and records. */
export const ACTIONS = new Set(['setvalue', 'setgeopoint', 'recordaudio']);
export const JR = '{http://openrosa.org/javarosa}';

/** Controls, groups and repeats in order and by the path they are about; actions with their trigger. */
export class Body {
  /** @param {Element} root @param {(element: Element, attribute: string, around: string) => string} pathOf */
  constructor(root, pathOf) {
    this.pathOf = pathOf;
    /** @type {Map<string, Control>} */
    this.controls = new Map();
    /** @type {Map<string, Control>} */
    this.groups = new Map();
    /** @type {Map<string, Control>} */
    this.repeats = new Map();
    /** @type {{element: Element, trigger: string | null}[]} */
    this.actions = [];
    const element = root.first('body');
    if (!element) throw new UnsupportedForm('The form has no <h:body>: is it an XForm made by pyxform?');
    /** @type {Control[]} */
    this.tree = this.inside(element, '');
  }

  /** @param {Element} element @param {string} around @returns {Control[]} */
  inside(element, around) {
    return element.children.flatMap((child) => this.visit(child, around) ?? []);
  }

  /** @param {Element} element @param {string} around the path of the node that relative ones start from @returns {Control | null} */
  visit(element, around) {
    if (element.name === 'group') return this.group(element, around);
    if (element.name === 'repeat') return this.repeat(element, around);
    if (CONTROLS.has(element.name)) return this.control(element, around);
    if (ACTIONS.has(element.name)) this.actions.push({ element, trigger: around || null });
    else if (!DECORATION.has(element.name)) throw new UnsupportedForm(`The control <${element.name}> is not supported`);
    return null;
  }

  /** @param {Element} element @param {string} around @returns {Control} */
  group(element, around) {
    const path = element.get('ref') || element.get('bind') ? this.pathOf(element, 'ref', around) : '';
    const control = { kind: 'group', path, element, children: this.inside(element, path || around) };
    if (path) this.groups.set(path, control);
    return control;
  }

  /** @param {Element} element @param {string} around @returns {Control} */
  repeat(element, around) {
    const path = this.pathOf(element, 'nodeset', around);
    const control = { kind: 'repeat', path, element, children: this.inside(element, path) };
    this.repeats.set(path, control);
    return control;
  }

  /** @param {Element} element @param {string} around @returns {Control} */
  control(element, around) {
    const path = this.pathOf(element, 'ref', around);
    const control = { kind: element.name, path, element, children: [] };
    if (!this.controls.has(path)) this.controls.set(path, control);
    for (const action of element.children) if (ACTIONS.has(action.name)) this.actions.push({ element: action, trigger: path });
    return control;
  }
}

/** Choices written inside a control: value and label element. @param {Element} element @returns {[string, Element | undefined][]} */
export function writtenItems(element) {
  return element.all('item').map((item) => [item.first('value')?.text.trim() ?? '', item.first('label')]);
}

/** The absolute path of a reference written at `around`. @param {string} reference @param {string} around */
export function resolved(reference, around) {
  const names = reference.startsWith('/') ? [] : around.split('/').slice(1);
  for (const name of reference.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '.' && name !== '') names.push(name.replace(/^(@?)[^:]*:/, '$1')); // local names
  }
  return `/${names.join('/')}`;
}
