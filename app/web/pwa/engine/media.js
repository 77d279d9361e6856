/** A form's files as lists: read when a rule first asks for one. */

import { readList } from './lists.js';
import { parseXml } from './xml.js';

/** The external lists of a form, each read when it is first asked for. */
export class MediaLists {
  /**
   * @param {Map<string, string>} files name of each list → name of its file, as the form says
   * @param {(file: string) => string | null} read the text of a file, or null where it is not there
   */
  constructor(files, read) {
    this.files = files;
    this.read = read;
    /** @type {Map<string, import('./lists.js').ListTable | null>} */
    this.tables = new Map();
  }

  /** The list, or null when its file is not here. Throws FormsError for a file that is no list. @param {string} name */
  table(name) {
    let found = this.tables.get(name);
    if (found === undefined) {
      const file = this.files.get(name) ?? `${name}.csv`;
      const text = this.read(file);
      found = text === null ? null : readList(file, text, parseXml);
      this.tables.set(name, found);
    }
    return found;
  }
}
