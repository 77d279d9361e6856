// How long the engine takes: node bench.mjs FORM MEDIA [ROWS]
//
// Each figure is first that of a cold engine, then the best of what follows. ROWS rows are put into
// a list with a filter, to see what a long list costs.

import { load } from './judge.mjs';
import { NOW, begin, device, form as small, read } from './form.mjs';
import { readCsv, StaticLists } from '../../app/web/pwa/engine/lists.js';
import { readSubmission } from '../../app/web/pwa/engine/instance.js';
import { Interview } from '../../app/web/pwa/engine/interview.js';
import { choices, pages } from '../../app/web/pwa/engine/screens.js';
import { validate } from '../../app/web/pwa/engine/validate.js';

const [path, media, rows = '50000'] = process.argv.slice(2);

function measure(name, times, work) {
  const taken = Array.from({ length: times }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  const text = (value) => `${value.toFixed(2)} ms`.padStart(12);
  console.log(name.padEnd(44), text(taken[0]), text(Math.min(...taken)));
}

const xml = read(path);
let loaded;
measure('load the form', 20, () => { loaded = load('bench', xml, media); });
const { form, lists } = loaded;
let interview;
measure('begin a document', 20, () => { interview = Interview.begin(form, lists, device()); });
measure('pages', 20, () => pages(interview));
const leaves = [...form.nodes.values()].filter((node) => node.kind === 'question' && !node.repeat && node.type === 'int').map((node) => node.path);
let turn = 0;
measure('answer a question', 400, () => interview.answer(leaves[turn % leaves.length], String((turn += 1)), NOW));
measure('everything that is wrong', 20, () => interview.findings());
let submission;
measure('write the submission', 20, () => { submission = interview.submission(NOW); });
measure('judge a submission', 200, () => validate(form, readSubmission(submission), lists));

const csv = ['name,label,sector', ...Array.from({ length: Number(rows) }, (_, at) => `${at},Kegiatan usaha nomor ${at},${at % 21}`)].join('\n');
let table;
measure(`read a list of ${rows} rows`, 5, () => { table = readCsv(csv); });
const long = small(
  '<sector/><kbli/>', '',
  '<input ref="/data/sector"/><select1 ref="/data/kbli"><itemset nodeset="instance(\'kbli\')/root/item[sector = /data/sector]"><value ref="name"/><label ref="label"/></itemset></select1>',
  '<instance id="kbli" src="jr://file-csv/kbli.csv"/>',
);
const asking = begin(long, new StaticLists(new Map([['kbli', table]])));
asking.answer('/data/sector', '7', NOW);
measure('filter it by a column', 20, () => choices(asking, '/data/kbli'));
measure('search it for two words', 20, () => choices(asking, '/data/kbli', { query: 'nomor 49', limit: 50 }));
console.log(`memory ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB, at most ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB resident`);
