// Lists from CSV, GeoJSON and XML.

import assert from 'node:assert/strict';
import test from 'node:test';

import { FormsError } from '../../app/web/pwa/engine/errors.js';
import { readCsv, readGeojson, readList, readXmlList } from '../../app/web/pwa/engine/lists.js';
import { MediaLists } from '../../app/web/pwa/engine/media.js';
import { parseXml } from '../../app/web/pwa/engine/xml.js';

const cells = (table, ...columns) => table.rows.map((row) => columns.map((column) => row.get(column)));

test('CSV, plain and quoted', () => {
  assert.deepEqual(cells(readCsv('\ufeffname,label\r\n1,satu\r\n\r\n2,\r\n'), 'name', 'label'), [['1', 'satu'], ['2', '']]);
  assert.deepEqual(cells(readCsv('name,label\n1,"a, ""b""\nc"\n2,d'), 'name', 'label'), [['1', 'a, "b"\nc'], ['2', 'd']]);
  assert.deepEqual(cells(readCsv('name\n1\n\n"2"\n'), 'name'), [['1'], ['2']]);
  assert.deepEqual(cells(readCsv(''), 'name'), []);
});

for (const text of ['a,b\n1', 'a,b\n1,2,3', 'a,b\n"1,2', 'a\n"1"2\n', 'a,b\n1,"2"3']) {
  test(`no list: ${JSON.stringify(text)}`, () => assert.throws(() => readCsv(text), /Line \d+ of the list/));
}

test('an index knows texts and numbers', () => {
  const table = readCsv('name,size\n1,10\n2,10.0\n3,\n');
  assert.deepEqual(table.index('size').get('10').map((row) => row.get('name')), ['1']);
  assert.deepEqual(table.numbers('size').get(10).map((row) => row.get('name')), ['1', '2']);
  assert.equal(table.index('none').get('').length, 3);
  assert.equal(table.rows[0].get('__proto__'), '');
});

test('GeoJSON', () => {
  const feature = (geometry, properties, id) => ({ type: 'Feature', id, geometry, properties });
  const table = readGeojson(JSON.stringify({
    type: 'FeatureCollection',
    features: [
      feature({ type: 'Point', coordinates: [109.6, -6.8] }, { name: 'A', size: 3, empty: null }, 'one'),
      feature({ type: 'Polygon', coordinates: [[[0, 0], [0, 1], [1, 1], [0, 0]]] }, { name: 'B' }),
    ],
  }));
  assert.deepEqual(cells(table, 'id', 'name', 'size', 'geometry'), [['one', 'A', '3', '-6.8 109.6 0 0'], ['', 'B', '', '0 0 0 0; 1 0 0 0; 1 1 0 0; 0 0 0 0']]);
  assert.deepEqual(table.rows.map((row) => [row.has('size'), row.has('empty')]), [[true, true], [false, false]]);
  for (const text of ['', '{}', '[]', '{"type": "FeatureCollection"}', '{"type": "FeatureCollection", "features": [null]}',
    '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}']) assert.throws(() => readGeojson(text), FormsError);
});

test('XML, as a table and as a tree', () => {
  const table = readXmlList(parseXml('<root><item><name>1</name></item><item><name>2</name><label>dua</label></item></root>'));
  assert.deepEqual(cells(table, 'name', 'label'), [['1', ''], ['2', 'dua']]);
  const tree = readXmlList(parseXml('<root><city code="x"><name>A</name></city><city><name>B</name></city></root>'));
  assert.equal(tree.isTable, false);
  assert.equal(tree.trunk.kids.get('root')[0].kids.get('city')[0].get('@code'), 'x');
});

test('files are read when a list is asked for', () => {
  const asked = [];
  const lists = new MediaLists(new Map([['places', 'places.xml']]), (file) => {
    asked.push(file);
    return file === 'places.xml' ? '<root><item><name>1</name></item></root>' : null;
  });
  assert.equal(lists.table('places').rows.length, 1);
  assert.equal(lists.table('places').rows.length, 1);
  assert.equal(lists.table('none'), null);
  assert.deepEqual(asked, ['places.xml', 'none.csv']);
  assert.equal(readList('a.CSV', 'name\n1', parseXml).rows.length, 1);
});
