/**
 * One questionnaire while it is being filled in on a device.
 *
 * The clock, the zone, chance, identity and the device's properties come from outside with every
 * call, so that the same calls give the same document.
 */

import { emptyAnswers, itemAt, pathOf, readAnswers } from './answers.js';
import { Cascade } from './cascade.js';
import { kept } from './datatypes.js';
import { FormsError } from './errors.js';
import { unlessUnknown } from './evaluate.js';
import { readSubmission } from './instance.js';
import { Judge, wantedInstances } from './judge.js';
import { serialise } from './serialise.js';
import { World } from './xpath/context.js';
import { readMoment, stored, zoneIn } from './xpath/values.js';

/** @typedef {import('./schema.js').Action} Action */
/** @typedef {import('./schema.js').Item} Item */
/** @typedef {import('./schema.js').Node} Node */
/** @typedef {import('./schema.js').Questionnaire} Questionnaire */

/**
 * The device around an interview.
 * @typedef {object} Device
 * @property {string} now the moment with its zone, 2026-05-20T09:30:00.000+07:00
 * @property {string} instanceId of the document that this call begins: uuid:…
 * @property {string} [language]
 * @property {Record<string, string>} [properties] deviceid, username, phonenumber, …
 * @property {() => number} [chance] numbers in [0, 1)
 * @property {() => string} [freshId] a new UUID
 */

const MAX_DEPTH = 50; // of actions that set off each other
const FIRST = ['odk-instance-first-load', 'xforms-ready'];

/** A wrong call: a path that the form does not have at the moment. */
export class NoSuchNode extends FormsError {}

export class Interview {
  /**
   * @param {Questionnaire} form
   * @param {import('./xpath/context.js').Lists} lists
   * @param {import('./answers.js').Answers} answers
   * @param {Device} device
   * @param {{instanceId: string, deprecatedId: string | null}} identity
   */
  constructor(form, lists, answers, device, identity) {
    this.form = form;
    this.answers = answers;
    this.instanceId = identity.instanceId;
    this.deprecatedId = identity.deprecatedId;
    this.world = new World(answers.root, lists, device.language ?? form.defaultLanguage);
    this.world.version = form.version;
    this.world.device = device.properties ?? {};
    this.world.chance = device.chance ?? null;
    this.world.freshId = device.freshId ?? null;
    this.cascade = new Cascade(answers, this.world, (instance) => this.begun(instance));
    this.depth = 0;
    this.at(device.now);
  }

  // -- beginning ---------------------------------------------------------------------------------
  /** A new document: defaults, preloads, and what the form sets at its beginning. @param {Questionnaire} form @param {import('./xpath/context.js').Lists} lists @param {Device} device */
  static begin(form, lists, device) {
    const answers = emptyAnswers(form, momentOf(device.now));
    const interview = new Interview(form, lists, answers, device, { instanceId: device.instanceId, deprecatedId: null });
    interview.preload();
    for (const event of FIRST) interview.act((action) => action.events.has(event), null);
    interview.loaded();
    return interview;
  }

  /** A draft, which goes on under its own identity. Throws UnreadableXml. @param {Questionnaire} form @param {import('./xpath/context.js').Lists} lists @param {string} xml @param {Omit<Device, 'instanceId'>} device */
  static resume(form, lists, xml, device) {
    const { formId, root, instanceId, deprecatedId } = readSubmission(xml);
    if (formId !== form.formId) throw new FormsError(`This is a document of the form ${formId}, not of ${form.formId}`);
    if (!instanceId) throw new FormsError('The draft has no instanceID: begin a new document');
    const answers = readAnswers(form, root, momentOf(device.now));
    const interview = new Interview(form, lists, answers, { ...device, instanceId }, { instanceId, deprecatedId });
    interview.loaded();
    return interview;
  }

  /** A document that was sent before, to be sent again in its place. Throws UnreadableXml. @param {Questionnaire} form @param {import('./xpath/context.js').Lists} lists @param {string} xml @param {Device} device */
  static edit(form, lists, xml, device) {
    const interview = Interview.resume(form, lists, xml, device);
    interview.deprecatedId = interview.instanceId;
    interview.instanceId = device.instanceId;
    const item = interview.answers.root.kids.get('meta')?.kids.get('instanceID');
    if (item) interview.set(item, device.instanceId);
    interview.cascade.run();
    return interview;
  }

  loaded() {
    this.act((action) => action.events.has('odk-instance-load'), null);
    this.cascade.everything();
    this.cascade.run();
    this.cascade.changes();
  }

  /** Fill what the device knows by itself. */
  preload() {
    const { now } = this.world;
    const values = /** @type {Record<string, string>} */ ({ ...this.world.device, start: String(now), today: now?.date() ?? '' });
    for (const node of this.form.nodes.values()) {
      if (!node.preload) continue;
      const uid = node.name === 'instanceID' ? this.instanceId : `uuid:${this.world.freshId?.() ?? ''}`;
      const text = node.preload === 'uid' ? uid : Object.hasOwn(values, node.preload) ? values[node.preload] : '';
      if (text) for (const item of this.answers.of(node)) this.answers.set(item, text);
    }
  }

  // -- answering ---------------------------------------------------------------------------------
  /** Turn the clock. @param {string} now */
  at(now) {
    this.world.now = momentOf(now);
  }

  get language() {
    return this.world.language;
  }

  /** Show labels and messages in another language. @param {string} code */
  set language(code) {
    this.world.language = code;
  }

  /** The node at a path with positions, /data/visit[2]/result. Throws NoSuchNode. @param {string} path @returns {Item} */
  item(path) {
    const found = path === this.form.root.path ? this.answers.root : itemAt(this.answers.root, path);
    if (!found || found.node === undefined) throw new NoSuchNode(`There is no ${path} in this document`);
    return found;
  }

  /** Answer a question; '' takes the answer back. Returns the paths of what changed with it. @param {string} path @param {string} text @param {string} now */
  answer(path, text, now) {
    this.at(now);
    const item = this.item(path);
    if (!item.node.isLeaf) throw new NoSuchNode(`${path} holds questions and takes no answer`);
    this.set(item, text.trim());
    return this.changes();
  }

  /** Append an instance of a repeat, /data/visit. Returns its path. @param {string} path @param {string} now */
  addInstance(path, now) {
    this.at(now);
    const { parent, repeat } = this.repeatAt(path);
    const instance = this.cascade.add(parent, repeat);
    this.cascade.run();
    return pathOf(instance);
  }

  /** Remove an instance of a repeat, /data/visit[2]. Returns the paths of what changed with it. @param {string} path @param {string} now */
  removeInstance(path, now) {
    this.at(now);
    const instance = this.item(path);
    if (instance.node.kind !== 'repeat') throw new NoSuchNode(`${path} is no instance of a repeat`);
    this.cascade.remove(instance);
    this.cascade.run();
    return this.changes();
  }

  /** How many instances a repeat has, and whether a person may change that. @param {string} path */
  instances(path) {
    const { parent, repeat } = this.repeatAt(path);
    const open = wantedInstances(repeat, parent, this.world) === null && repeat.fixed === null;
    return { count: parent.kids.get(repeat.name).length, open };
  }

  /** @param {string} path without a position at its end */
  repeatAt(path) {
    const at = path.lastIndexOf('/');
    const parent = this.item(path.slice(0, at));
    const repeat = parent.node.children.get(path.slice(at + 1));
    if (repeat?.kind !== 'repeat') throw new NoSuchNode(`${path} is no repeat`);
    return { parent, repeat };
  }

  /** @returns {string[]} */
  changes() {
    return [...new Set(this.cascade.changes().map(pathOf))];
  }

  // -- actions -----------------------------------------------------------------------------------
  /** Set a leaf as a person or an action does; what waits for the change of it acts first. @param {Item} item @param {string} text */
  set(item, text) {
    const before = item.text;
    this.cascade.answer(item, text);
    this.answers.set(item, text);
    if (!item.relevant) item.value = '';
    this.cascade.touch(item);
    if (before !== text && this.depth < MAX_DEPTH) {
      this.depth += 1;
      this.act((action) => action.events.has('xforms-value-changed') && action.trigger === item.node.path, item);
      this.depth -= 1;
    }
    this.cascade.run();
  }

  /** What a new instance of a repeat begins with. @param {Item} instance */
  begun(instance) {
    const { path } = instance.node;
    this.act((action) => action.events.has('odk-new-repeat') && `${action.target}/`.startsWith(`${path}/`) && this.innermost(action, instance), instance);
  }

  /** Whether an action for new instances is about this repeat. @param {Action} action @param {Item} instance */
  innermost(action, instance) {
    return action.trigger === null || action.trigger === instance.node.path || this.form.nodes.get(action.target)?.repeat === instance.node.path;
  }

  /** Run actions on their targets: all, or those around the Item that set them off. @param {(action: Action) => boolean} due @param {Item | null} around */
  act(due, around) {
    for (const action of this.form.actions.filter((one) => one.value !== null && due(one))) {
      for (const item of this.targets(action, around)) {
        const value = /** @type {string | import('./schema.js').Expression} */ (action.value);
        const text = typeof value === 'string' ? value : unlessUnknown(() => this.evaluated(value, item), () => '');
        this.set(item, text);
      }
    }
  }

  /** @param {import('./schema.js').Expression} rule @param {Item} item */
  evaluated(rule, item) {
    const { type } = item.node;
    return stored(kept(rule.of(this.world, item), type), type);
  }

  /** Targets in the same instances of the repeats that both lie in. @param {Action} action @param {Item | null} around */
  targets(action, around) {
    const node = /** @type {Node} */ (this.form.nodes.get(action.target));
    const all = this.answers.of(node);
    const instance = around && shared(around, node);
    return instance ? all.filter((item) => isWithin(item, instance)) : [...all];
  }

  // -- verdicts and documents --------------------------------------------------------------------
  /** Everything that is wrong, in the order of the form. */
  findings() {
    return new Judge(this.answers, this.world).findings();
  }

  /** What is wrong with one question. @param {string} path */
  findingsAt(path) {
    const item = this.item(path);
    return item.relevant ? new Judge(this.answers, this.world).of(item) : [];
  }

  /** The draft: everything answered so far, to be resumed. */
  draft() {
    return serialise(this.form, this.answers.root, { instanceId: this.instanceId, deprecatedId: this.deprecatedId, draft: true });
  }

  /** End the interview: the submission, whatever its findings. @param {string} now */
  submission(now) {
    this.at(now);
    for (const node of this.form.clocks.filter((one) => one.preload === 'end')) {
      for (const item of this.answers.of(node)) this.set(item, String(this.world.now));
    }
    return serialise(this.form, this.answers.root, { instanceId: this.instanceId, deprecatedId: this.deprecatedId });
  }
}

/** @param {string} text */
function momentOf(text) {
  const moment = readMoment(text, zoneIn(text) ?? 0);
  if (!moment) throw new FormsError('The clock gives no moment: pass it as 2026-05-20T09:30:00.000+07:00');
  return moment;
}

/** The innermost instance around an Item that also holds a node. @param {Item} item @param {Node} node @returns {Item | null} */
function shared(item, node) {
  for (let one = /** @type {Item | null} */ (item); one; one = one.parent) {
    if (one.node.kind === 'repeat' && `${node.path}/`.startsWith(`${one.node.path}/`)) return one;
  }
  return null;
}

/** @param {Item} item @param {Item} instance */
function isWithin(item, instance) {
  for (let one = /** @type {Item | null} */ (item); one; one = one.parent) if (one === instance) return true;
  return false;
}
