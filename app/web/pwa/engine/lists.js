/** Choice lists: rows with an index per column, built when first asked for. */

import { FormsError } from './errors.js';
import { toNumber } from './xpath/values.js';

/** One row of a list: text by column, '' for a column it does not have. */
export class Row {
  /** @param {Map<string, number>} columns @param {(string | undefined)[]} cells @param {number} position */
  constructor(columns, cells, position) {
    this.columns = columns;
    this.cells = cells;
    this.position = position;
  }

  /** @param {string} column */
  get(column) {
    const at = this.columns.get(column);
    return at === undefined ? '' : this.cells[at] ?? '';
  }

  /** Whether the row has a cell in a column, be it empty. @param {string} column */
  has(column) {
    const at = this.columns.get(column);
    return at !== undefined && this.cells[at] !== undefined;
  }

  /** The row as a node with its cells below it. @returns {Branch} */
  get branch() {
    const found = new Branch('item', null);
    for (const column of this.columns.keys()) if (this.has(column)) found.add(column, this.get(column));
    return found;
  }

  get relevant() {
    return true;
  }

  get value() {
    return '';
  }
}

/** One node of a list that is no table. */
export class Branch {
  /** @param {string} name @param {Branch | null} parent @param {string} [value] */
  constructor(name, parent, value = '') {
    this.name = name;
    this.parent = parent;
    this.value = value;
    this.position = 1;
    this.relevant = true;
    /** @type {Map<string, Branch[]>} attributes under '@name' */
    this.kids = new Map();
  }

  /** @param {string} name @param {string} [value] */
  add(name, value = '') {
    const child = new Branch(name, this, value);
    const same = this.kids.get(name) ?? [];
    child.position = same.push(child);
    this.kids.set(name, same);
    return child;
  }

  /** The text of the first child of that name. @param {string} name */
  get(name) {
    return this.kids.get(name)?.[0].value ?? '';
  }

  get branch() {
    return this;
  }
}

/** A list in memory. `rows` keep the order of the file; every cell is text. */
export class ListTable {
  /** @param {string[]} columns @param {(string | undefined)[][]} cells one array for each row; undefined where it has none */
  constructor(columns, cells) {
    this.columns = columns;
    const places = new Map(columns.map((column, at) => [column, at]));
    this.rows = cells.map((row, at) => new Row(places, row, at + 1));
    this.isTable = true;
    /** @type {Branch | null} */
    this.tree = null;
    /** @type {Map<string, Map<any, Row[]>>} */
    this.indexes = new Map();
  }

  /** Rows by the exact text of a column; a row without the column counts as ''. @param {string} column @returns {Map<string, Row[]>} */
  index(column) {
    return this.indexed(`text ${column}`, (row) => row.get(column));
  }

  /** Rows by the numeric value of a column; rows without a number there are left out. @param {string} column @returns {Map<number, Row[]>} */
  numbers(column) {
    return this.indexed(`number ${column}`, (row) => toNumber(row.get(column)));
  }

  /** @param {string} name @param {(row: Row) => string | number} keyOf */
  indexed(name, keyOf) {
    let found = this.indexes.get(name);
    if (!found) {
      found = new Map();
      for (const row of this.rows) {
        const key = keyOf(row);
        const same = found.get(key);
        if (same) same.push(row);
        else if (!Number.isNaN(key)) found.set(key, [row]);
      }
      this.indexes.set(name, found);
    }
    return found;
  }

  /** The document that holds the list, for paths that are not `root/item/column`. */
  get trunk() {
    if (!this.tree) {
      this.tree = new Branch('', null);
      const root = this.tree.add('root');
      for (const row of this.rows) {
        const item = root.add('item');
        for (const column of this.columns) if (row.has(column)) item.add(column, row.get(column));
      }
    }
    return this.tree;
  }
}

/** A list of another shape than `root/item/column`; only paths can walk it. */
export class ListTree extends ListTable {
  /** @param {Branch} trunk */
  constructor(trunk) {
    super([], []);
    this.isTable = false;
    this.tree = trunk;
  }
}

/** Lists held in a map. */
export class StaticLists {
  /** @param {Map<string, ListTable>} [tables] */
  constructor(tables = new Map()) {
    this.tables = tables;
  }

  /** The list, or null when it is not known here: membership is then not checked. @param {string} name */
  table(name) {
    return this.tables.get(name) ?? null;
  }
}

/**
 * Read a list from an XML element, `root/item` with one element for each column; any other shape
 * becomes a tree.
 * @param {import('./xml.js').Element | undefined} root the list's own root element
 */
export function readXmlList(root) {
  if (!root) return new ListTable([], []);
  const items = root.children;
  const flat = root.name === 'root' && !root.attributes.size && items.every(isRow);
  if (!flat) return new ListTree(trunkOf(root));
  const columns = [...new Set(items.flatMap((item) => item.children.map((cell) => cell.name)))];
  const places = new Map(columns.map((column, at) => [column, at]));
  return new ListTable(columns, items.map((item) => {
    const row = Array(columns.length);
    for (const cell of item.children) row[/** @type {number} */ (places.get(cell.name))] = cell.text.trim();
    return row;
  }));
}

/** @param {import('./xml.js').Element} item */
function isRow(item) {
  const names = item.children.map((cell) => cell.name);
  return item.name === 'item' && !item.attributes.size && new Set(names).size === names.length
    && item.children.every((cell) => !cell.children.length && !cell.attributes.size);
}

/** @param {import('./xml.js').Element} root */
function trunkOf(root) {
  const trunk = new Branch('', null);
  plant(root, trunk);
  return trunk;
}

/** @param {import('./xml.js').Element} element @param {Branch} parent */
function plant(element, parent) {
  const branch = parent.add(element.name, element.children.length ? '' : element.text.trim());
  for (const [name, value] of element.attributes) branch.add(`@${name.slice(name.indexOf('}') + 1)}`, value);
  for (const child of element.children) plant(child, branch);
}

/** Read CSV with a header line. Throws FormsError naming the line. @param {string} text @returns {ListTable} */
export function readCsv(text) {
  const body = (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).replace(/\r\n?/g, '\n');
  const lines = body.includes('"') ? quotedLines(body) : body.split('\n').map((line) => line.split(','));
  const columns = lines[0] ?? [];
  const cells = [];
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at];
    if (!line.length || (line.length === 1 && !line[0].trim())) continue;
    if (line.length !== columns.length) throw uneven(at + 1);
    if (line.some((cell) => cell.trim())) cells.push(line);
  }
  return new ListTable(columns, cells);
}

/** @param {number} line */
function uneven(line) {
  return new FormsError(`Line ${line} of the list does not match the header: give every line as many cells as the first, and close every quote`);
}

/** @param {string} text */
function quotedLines(text) {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y;
  /** @type {string[][]} */
  const lines = [[]];
  while (cell.lastIndex < text.length || lines[lines.length - 1].length) {
    const match = cell.exec(text);
    if (!match) throw uneven(lines.length);
    lines[lines.length - 1].push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === '\n') lines.push([]);
    if (match[3] === '') break;
  }
  return lines;
}

/** Read the features of a GeoJSON collection. Throws FormsError. @param {string} text @returns {ListTable} */
export function readGeojson(text) {
  const rows = featuresOf(text).map(rowOf);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (/** @type {any} */ value) => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value));
  return new ListTable(columns, rows.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? cell(/** @type {any} */ (row)[column]) : undefined))));
}

/** @param {any} feature @param {number} at */
function rowOf(feature, at) {
  try {
    const { geometry, properties, id } = feature;
    return { ...(geometry ? { geometry: placeOf(geometry) } : {}), ...properties, ...(id === undefined || id === null ? {} : { id }) };
  } catch {
    throw new FormsError(`Feature ${at + 1} of the list has no place that can be read: export it as GeoJSON again`);
  }
}

/** @param {string} text @returns {any[]} */
function featuresOf(text) {
  /** @type {any} */
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new FormsError('The list is not JSON: export it as GeoJSON again');
  }
  if (found?.type !== 'FeatureCollection' || !Array.isArray(found.features)) {
    throw new FormsError('The list is not GeoJSON: it needs a FeatureCollection with its features');
  }
  return found.features;
}

/** As ODK writes places: latitude first, points of lines and shapes apart by ';'. @param {any} geometry */
function placeOf(geometry) {
  const { type, coordinates } = geometry;
  const point = (/** @type {number[]} */ [lon, lat]) => `${lat} ${lon} 0 0`;
  if (type === 'Point') return point(coordinates);
  if (type === 'LineString') return coordinates.map(point).join('; ');
  return type === 'Polygon' ? coordinates[0].map(point).join('; ') : '';
}

/**
 * Read a list by the ending of its file's name: .csv, .geojson or .xml. Throws FormsError.
 * @param {string} file
 * @param {string} text
 * @param {(xml: string) => import('./xml.js').Element} parse
 */
export function readList(file, text, parse) {
  if (/\.geojson$/i.test(file)) return readGeojson(text);
  return /\.xml$/i.test(file) ? readXmlList(parse(text)) : readCsv(text);
}
