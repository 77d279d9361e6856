/** XForm XML → Questionnaire: every rule compiled, or the form refused with the reason. */

import { ACTIONS, Body, JR, resolved } from './body.js';
import { kindOf } from './datatypes.js';
import { FormsError, UnsupportedForm } from './errors.js';
import { readItemset } from './itemsets.js';
import { Itext, NO_TEXTS } from './itext.js';
import { readXmlList } from './lists.js';
import { dependentsOf, orderOf } from './order.js';
import { parseXml } from './xml.js';
import { compileExpression } from './xpath/compile.js';
import { Shape } from './xpath/shape.js';

/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').Questionnaire} Questionnaire */
/** @typedef {import('./xml.js').Element} Element */
/** @typedef {import('./xpath/compile.js').Expression} Expression */

const MAX_DEPTH = 100; // of elements; the tree is walked by recursion
const WARNING = '{https://se2026.bps.go.id/ns/xforms/warning}';
const XFORMS = 'http://www.w3.org/2002/xforms';
const EVENTS = new Set(['odk-instance-first-load', 'odk-new-repeat', 'odk-instance-load', 'xforms-value-changed', 'xforms-ready', 'jr-insert']);

/** Read a form. Throws UnreadableXml, or UnsupportedForm naming the node and the reason. @param {string} xml @returns {Questionnaire} */
export function readXform(xml) {
  const root = parseXml(xml, { maxDepth: MAX_DEPTH });
  const model = root.first('head')?.first('model');
  if (!model) throw new UnsupportedForm('There is no <model>: this is not an XForm');
  return new Form(root, model).questionnaire(root.first('head')?.first('title')?.text ?? '');
}

/** The parts of one form while it is read. */
class Form {
  /** @param {Element} root @param {Element} model */
  constructor(root, model) {
    const [main, ...others] = model.all('instance');
    if (main?.children.length !== 1) throw new UnsupportedForm('The first <instance> must hold one root element');
    this.model = model;
    this.instance = main.children[0];
    this.itext = new Itext(model);
    /** @type {Map<string, string>} paths by the ids of binds */
    this.ids = new Map();
    for (const bind of model.all('bind')) if (bind.get('id')) this.ids.set(bind.get('id'), this.fromRoot(bind.get('nodeset')));
    this.body = new Body(root, (element, attribute, around) => this.pathOf(element, attribute, around));
    this.shape = new Shape(this.instance.name);
    /** @type {Map<string, {text: string, space: string, copies: number}>} what the instance says of a path */
    this.written = new Map();
    this.plant(this.instance, this.shape);
    this.shapes = new Map([...this.shape.walk()].map((shape) => [shape.path, shape]));
    this.files = new Map();
    this.lists = new Map(others.map((element) => this.list(element)));
    /** @type {Map<string, import('./xpath/operand.js').ChoiceFinder>} */
    this.finders = new Map();
    this.around = {
      root: this.shape,
      instances: this.lists,
      texts: (/** @type {any} */ world, /** @type {string} */ id) => this.itext.text(id, world.language)?.plain ?? `[itext:${id}]`,
      finders: this.finders,
    };
    this.binds = this.readBinds();
    /** @type {Map<string, Node>} */
    this.nodes = new Map();
  }

  // -- references --------------------------------------------------------------------------------
  /** The path that a control is about. @param {Element} element @param {string} attribute @param {string} around */
  pathOf(element, attribute, around) {
    const bound = this.ids.get(element.get('bind'));
    if (bound) return bound;
    const reference = element.get(attribute);
    if (!reference) throw new UnsupportedForm(`<${element.name}> needs ${attribute}="/…", the path of its node`);
    return around ? resolved(reference, around) : this.fromRoot(reference);
  }

  /** @param {string} reference */
  fromRoot(reference) {
    return resolved(reference.trim(), `/${this.instance.name}`);
  }

  // -- the instance ------------------------------------------------------------------------------
  /** Grow the shape from the instance; a template and its copy are one node. @param {Element} element @param {Shape} shape */
  plant(element, shape) {
    this.attributes(element, shape);
    for (const child of element.children) {
      const path = `${shape.path}/${child.name}`;
      const template = child.has(`${JR}template`);
      const known = this.written.get(path);
      if (known) {
        known.copies += template ? 0 : 1;
        this.again(/** @type {Shape} */ (shape.children.get(child.name)));
        continue;
      }
      const space = child.space === this.instance.space || child.space === XFORMS ? '' : child.space;
      this.written.set(path, { text: child.children.length ? '' : child.text.trim(), space, copies: template ? 0 : 1 });
      this.plant(child, new Shape(child.name, shape, this.body.repeats.has(path)));
    }
  }

  /** A node that stands twice in the instance repeats, as long as it holds others. @param {Shape} shape */
  again(shape) {
    if (!shape.repeat && ![...shape.children.keys()].some((name) => name[0] !== '@')) {
      throw new UnsupportedForm(`${shape.path} stands twice in the instance, and is no repeat`);
    }
    shape.repeat = true;
  }

  /** @param {Element} element @param {Shape} shape */
  attributes(element, shape) {
    for (const [name, text] of element.attributes) {
      if (name.startsWith(JR)) continue;
      const plain = name.startsWith('{') ? name.slice(name.indexOf('}') + 1) : name;
      const space = name.startsWith('{') ? name.slice(1, name.indexOf('}')) : '';
      const below = new Shape(`@${plain}`, shape);
      this.written.set(below.path, { text, space, copies: 1 });
    }
  }

  readBinds() {
    /** @type {Map<string, Element>} */
    const found = new Map();
    for (const bind of this.model.all('bind')) {
      const path = this.fromRoot(bind.get('nodeset'));
      const before = found.get(path);
      // of several binds of a node a later one overrules an earlier one; one about no node is none, as in JavaRosa
      if (before) for (const [name, source] of bind.attributes) before.attributes.set(name, source);
      else if (this.shapes.has(path)) found.set(path, bind);
    }
    return found;
  }

  /** A secondary instance: its name, and its rows or the stem of its file. @param {Element} element @returns {[string, import('./lists.js').ListTable | string]} */
  list(element) {
    const [name, source] = [element.get('id'), element.get('src')];
    if (!source) return [name, readXmlList(element.children[0])];
    const file = /^jr:\/\/file(?:-csv)?\/(.+)$/.exec(source)?.[1];
    if (!file) throw new UnsupportedForm(`The list '${name}' comes from ${source}, which is not supported`);
    const stem = file.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
    this.files.set(stem, file);
    return [name, stem];
  }

  // -- the tree ----------------------------------------------------------------------------------
  /** @param {string} title @returns {Questionnaire} */
  questionnaire(title) {
    const root = this.node(this.shape, null);
    const actions = [...this.actions()];
    for (const action of actions) this.of(action.target).filled = true;
    this.requireItemsets();
    const order = orderOf(this.nodes);
    return {
      formId: this.instance.get('id'),
      version: this.instance.get('version'),
      title: title.trim(),
      space: this.instance.space === XFORMS ? '' : this.instance.space,
      languages: this.itext.languages,
      defaultLanguage: this.itext.default || this.itext.languages[0],
      root,
      nodes: this.nodes,
      order,
      rank: new Map(order.map((node, at) => [node.path, at])),
      dependents: dependentsOf(this.nodes),
      instances: new Map([...this.lists].map(([name, list]) => [name, typeof list === 'string' ? list : null])),
      files: this.files,
      actions,
      clocks: [...this.nodes.values()].filter((node) => node.preload === 'start' || node.preload === 'end'),
      body: this.body.tree,
      compile: (source, node) => this.compile(source, node.shape, 'expression'),
      output: this.outputs(),
    };
  }

  /** @param {string} path @returns {Node} */
  of(path) {
    return /** @type {Node} */ (this.nodes.get(path));
  }

  /** @param {Shape} shape @param {string | null} around @returns {Node} */
  node(shape, around) {
    const { path, name } = shape;
    const repeat = shape.repeat ? path : around;
    const bind = this.binds.get(path);
    const control = this.body.controls.get(path);
    const leaf = [...shape.children.keys()].every((child) => child[0] === '@');
    /** @type {Node} */
    const node = {
      path, name, shape, repeat, isLeaf: leaf, index: this.nodes.size,
      kind: this.kind(shape, leaf, bind), type: '', space: this.written.get(path)?.space ?? '',
      labels: NO_TEXTS, hints: NO_TEXTS, children: new Map(), repeats: [], itemset: null,
      relevant: this.rule(shape, bind, 'relevant'),
      required: null, constraint: null, calculate: null, warning: null, readonlyRule: null, count: null,
      requiredMessage: NO_TEXTS, constraintMessage: NO_TEXTS, warningMessage: NO_TEXTS,
      fixed: null, copies: 1, readonly: false, filled: false, prefixed: false, default: '', preload: '', appearance: '',
    };
    this.nodes.set(path, node);
    for (const child of shape.children.values()) node.children.set(child.name, this.node(child, repeat));
    node.repeats = [...node.children.values()].filter((child) => child.kind === 'repeat');
    if (leaf) this.leaf(node, bind, control);
    else this.branch(node);
    return node;
  }

  /** @param {Shape} shape @param {boolean} leaf @param {Element | undefined} bind @returns {Node['kind']} */
  kind(shape, leaf, bind) {
    if (shape.name[0] === '@') return 'attribute';
    if (!leaf) return shape.repeat ? 'repeat' : 'group';
    if (shape.path.split('/').slice(2, -1).includes('meta') || preloadOf(bind)) return 'meta';
    const control = this.body.controls.get(shape.path);
    if (control) return isTrue(bind?.get('readonly')) && control.kind === 'input' ? 'note' : 'question';
    return bind?.get('calculate') ? 'calculation' : 'hidden';
  }

  /** @param {Node} node */
  branch(node) {
    const repeat = this.body.repeats.get(node.path)?.element;
    const group = this.body.groups.get(node.path)?.element;
    const count = repeat?.get(`${JR}count`);
    const written = this.written.get(node.path);
    node.labels = this.itext.label(group?.first('label'));
    node.hints = this.itext.label(group?.first('hint'));
    node.appearance = group?.get('appearance') ?? '';
    if (count) node.count = this.compile(count, node.shape, 'jr:count');
    if (repeat && isTrue(repeat.get(`${JR}noAddRemove`)) && !count) node.fixed = Math.max(1, written?.copies ?? 1);
    node.copies = Math.max(1, written?.copies ?? 1);
  }

  /** @param {Node} node @param {Element | undefined} bind @param {import('./schema.js').Control | undefined} control */
  leaf(node, bind, control) {
    const { shape } = node;
    node.type = this.type(shape, bind);
    node.default = this.written.get(shape.path)?.text ?? '';
    if (control) {
      node.itemset = this.itemset(control, shape);
      node.labels = this.itext.label(control.element.first('label'));
      node.hints = this.itext.label(control.element.first('hint'));
      node.appearance = control.element.get('appearance');
    }
    if (!bind) return;
    node.prefixed = bind.get('nodeset').includes(':');
    node.required = this.rule(shape, bind, 'required');
    node.constraint = this.rule(shape, bind, 'constraint');
    node.calculate = this.rule(shape, bind, 'calculate');
    node.warning = this.rule(shape, bind, `${WARNING}warning`);
    node.readonlyRule = this.rule(shape, bind, 'readonly');
    node.requiredMessage = this.itext.message(bind.get(`${JR}requiredMsg`));
    node.constraintMessage = this.itext.message(bind.get(`${JR}constraintMsg`));
    node.warningMessage = this.itext.message(bind.get(`${WARNING}warningMsg`));
    node.readonly = isTrue(bind.get('readonly'));
    node.preload = preloadOf(bind);
  }

  /** @param {Shape} shape @param {Element | undefined} bind */
  type(shape, bind) {
    const control = this.body.controls.get(shape.path);
    if (control && ['select', 'select1', 'rank'].includes(control.kind)) return control.kind;
    return kindOf(bind?.get('type') ?? '');
  }

  // -- rules -------------------------------------------------------------------------------------
  /** @param {Shape} shape @param {Element | undefined} bind @param {string} name */
  rule(shape, bind, name) {
    const source = bind?.get(name).trim();
    return source ? this.compile(source, shape, name.replace(/^.*\}/, '')) : null;
  }

  /** @param {string} source @param {Shape} shape @param {string} what @returns {Expression} */
  compile(source, shape, what) {
    return located(() => compileExpression(source.trim(), shape, this.around), `${shape.path}: ${what}`);
  }

  /** @param {import('./schema.js').Control} control @param {Shape} shape */
  itemset(control, shape) {
    const found = located(() => readItemset(control, shape, this), `${shape.path}: choices`);
    if (found) this.finders.set(shape.path, found.label);
    return found;
  }

  requireItemsets() {
    for (const node of this.nodes.values()) {
      for (const rule of [node.relevant, node.required, node.constraint, node.calculate, node.warning]) {
        for (const path of rule?.itemsets ?? []) {
          if (!this.finders.has(path)) throw new UnsupportedForm(`${node.path}: ${path} has no choices to name`);
        }
      }
    }
  }

  /** Setvalues of the model, the body and the controls, in the order of the form. @returns {Generator<import('./schema.js').Action>} */
  *actions() {
    const inModel = this.model.children.filter((one) => ACTIONS.has(one.name)).map((element) => ({ element, trigger: /** @type {string | null} */ (null) }));
    for (const { element, trigger } of [...inModel, ...this.body.actions]) {
      const target = this.ids.get(element.get('bind')) ?? this.fromRoot(element.get('ref'));
      const events = new Set(element.get('event').split(/\s+/).filter((event) => event));
      const shape = this.shapes.get(target);
      if (!shape || [...events].some((event) => !EVENTS.has(event))) {
        throw new UnsupportedForm(`A <${element.name}> on ${target || 'nothing'} is not supported`);
      }
      yield { kind: element.name, target, events, value: this.setvalue(element, shape), trigger };
    }
  }

  /** What an action sets; null for what only a device can do. @param {Element} element @param {Shape} shape */
  setvalue(element, shape) {
    if (element.name !== 'setvalue') return null;
    if (!element.has('value')) return element.text.trim();
    return element.get('value').trim() ? this.compile(element.get('value'), shape, 'setvalue') : '';
  }

  /** Outputs are compiled when a label is first shown. @returns {Questionnaire['output']} */
  outputs() {
    /** @type {Map<string, Expression | null>} */
    const known = new Map();
    return (source, node) => {
      const key = `${node.path}\n${source}`;
      let found = known.get(key);
      if (found === undefined) {
        try {
          found = this.compile(source, node.shape, 'output');
        } catch {
          found = null;
        }
        known.set(key, found);
      }
      return found;
    };
  }
}

/** @param {string | undefined} source */
const isTrue = (source) => (source ?? '').trim().startsWith('true');

/** @param {Element | undefined} bind */
function preloadOf(bind) {
  const [kind, params] = [bind?.get(`${JR}preload`), bind?.get(`${JR}preloadParams`)];
  if (!kind) return '';
  if (kind === 'timestamp' || kind === 'date') return params ?? '';
  return kind === 'uid' ? kind : params || 'property';
}

/** @template T @param {() => T} build @param {string} where @returns {T} */
function located(build, where) {
  try {
    return build();
  } catch (error) {
    throw error instanceof FormsError ? new UnsupportedForm(`${where}: ${error.message}`) : error;
  }
}
