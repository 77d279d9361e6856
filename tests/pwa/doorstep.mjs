// What the phone says at doors: one JSON object with rules, listed and typed in, one line each out.

import { readFileSync } from 'node:fs';

import { Doorstep } from '../../app/web/pwa/doorstep.js';

const { rules, listed, typed } = JSON.parse(readFileSync(0, 'utf8'));
const door = new Doorstep(rules, listed);
for (const each of typed) {
  const { unit: _, ...marks } = door.marks(each);
  console.log(JSON.stringify({ marks, unit: door.nameOf(each.unit), warnings: door.warnings(each, each.self ?? undefined) }));
}
