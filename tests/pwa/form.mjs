// Small forms for tests, written as the parts that matter.

import { readFileSync } from 'node:fs';

import { StaticLists, readCsv } from '../../app/web/pwa/engine/lists.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { Interview } from '../../app/web/pwa/engine/interview.js';
import { validate } from '../../app/web/pwa/engine/validate.js';
import { readXform } from '../../app/web/pwa/engine/xform.js';

export const NOW = '2026-05-20T09:30:00.000+07:00';

const SPACES = [
  'xmlns="http://www.w3.org/2002/xforms"', 'xmlns:h="http://www.w3.org/1999/xhtml"', 'xmlns:jr="http://openrosa.org/javarosa"',
  'xmlns:orx="http://openrosa.org/xforms"', 'xmlns:se="https://se2026.bps.go.id/ns/xforms/warning"',
].join(' ');

/** An XForm of a data instance (what stands in <data>), binds, body, and what else the model holds. */
export function xform(data, binds = '', body = '', model = '') {
  return `<h:html ${SPACES}><h:head><h:title>Contoh</h:title><model>${itext(model)}<instance><data id="contoh" version="3">${data}</data></instance>`
    + `${model.replace(/<itext>[^]*<\/itext>/, '')}${binds}</model></h:head><h:body>${body}</h:body></h:html>`;
}

const itext = (model) => /<itext>[^]*<\/itext>/.exec(model)?.[0] ?? '';

/** The form of such parts. */
export const form = (...parts) => readXform(xform(...parts));

export const lists = (tables) => new StaticLists(new Map(Object.entries(tables).map(([name, csv]) => [name, readCsv(csv)])));

export const NO_LISTS = new StaticLists();

/** What is wrong with a submission, as `path rule`. */
export function findings(questionnaire, data, tables = NO_LISTS) {
  const xml = `<data id="contoh" version="3">${data}</data>`;
  return validate(questionnaire, readSubmission(xml), tables).findings.map(({ path, rule }) => `${path} ${rule}`);
}

/** A device that counts instead of rolling dice. */
export function device(options = {}) {
  let count = 0;
  return {
    now: NOW,
    instanceId: 'uuid:one',
    properties: { deviceid: 'gawai-1' },
    chance: () => 0.5,
    freshId: () => `fresh-${count += 1}`,
    ...options,
  };
}

export const begin = (questionnaire, tables = NO_LISTS, options = {}) => Interview.begin(questionnaire, tables, device(options));

export const read = (path) => readFileSync(path, 'utf8');
