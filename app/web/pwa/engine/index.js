/**
 * The form engine: what the phone app may use of it.
 *
 * A form is read once; a document is an Interview, which judges itself; screens ask for pages,
 * questions and choices. Nothing here knows the DOM, the network, the clock or storage.
 *
 *     const form = readXform(xml);
 *     const lists = new MediaLists(form.files, (file) => texts.get(file) ?? null);
 *     const interview = Interview.begin(form, lists, { now, instanceId, properties, chance, freshId });
 *     const changed = interview.answer('/data/place/name', 'Warung Maju', now);
 *     for (const page of pages(interview)) show(page.questions.map((path) => question(interview, path)));
 *     interview.findings();        // everything wrong; severity 'warning' asks to confirm
 *     store(interview.draft());    // Interview.resume(form, lists, draft, { now }) goes on
 *     send(interview.submission(now));
 */

export { EvaluationError, FormsError, UnreadableXml, UnsupportedForm, XPathError } from './errors.js';
export { readSubmission } from './instance.js';
export { Interview, NoSuchNode } from './interview.js';
export { StaticLists, readCsv, readGeojson, readList } from './lists.js';
export { MediaLists } from './media.js';
export { choiceLabel, choices, labelAt, messageAt, pages, question } from './screens.js';
export { validate } from './validate.js';
export { readXform } from './xform.js';
