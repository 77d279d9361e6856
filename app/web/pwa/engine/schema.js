/**
 * A questionnaire as a tree: what it asks, of whom, and by which rules. Nothing in it changes after
 * it was read.
 *
 * @typedef {import('./xpath/compile.js').Expression} Expression
 * @typedef {import('./xpath/context.js').Item} Item
 * @typedef {import('./xpath/context.js').World} World
 *
 * @typedef {{plain: string, pieces: (string | {source: string})[], media: Record<string, string>}} Text
 *   one text in one language; `plain` has '…' where `pieces` has the source of an output
 * @typedef {Map<string, Text>} Texts by language
 *
 * @typedef {{value: string, label: (world: World) => string, media?: (world: World) => Record<string, string>}} Choice
 *
 * @typedef {object} Itemset the choices of a question
 * @property {string} name of the list
 * @property {string | null} external name of the external list, null for one inside the form
 * @property {Iterable<string>} reads paths of the nodes that decide which choices there are
 * @property {(world: World, item: Item, value: string) => boolean} contains throws Unknown when the list is not held here
 * @property {import('./xpath/operand.js').ChoiceFinder} label
 * @property {(world: World, item: Item) => Choice[]} choices those offered now, in order
 * @property {(world: World, item: Item, query: string, limit: number) => Choice[]} search those offered whose label or code has every word
 *
 * @typedef {object} Action what fills `target` on an event
 * @property {string} kind setvalue, or setgeopoint and recordaudio, which are the device's to do
 * @property {string} target
 * @property {Set<string>} events
 * @property {Expression | string | null} value null for what only a device can do
 * @property {string | null} trigger path of the node that changed, or of the repeat it stands in
 *
 * @typedef {object} Node one node of the form; `path` carries no positions
 * @property {string} path
 * @property {string} name
 * @property {'group' | 'repeat' | 'question' | 'note' | 'calculation' | 'meta' | 'hidden' | 'attribute'} kind
 * @property {string} type of its answer: string, int, decimal, date, dateTime, time, geopoint,
 *   geotrace, geoshape, select1, select, rank, binary, barcode or boolean; '' for groups and repeats
 * @property {number} index place in document order
 * @property {string} space its namespace where that is not the form's own
 * @property {Texts} labels
 * @property {Texts} hints
 * @property {Map<string, Node>} children in order, attributes under '@name'
 * @property {boolean} isLeaf whether it holds an answer rather than other nodes
 * @property {string | null} repeat path of the nearest repeat around it (or itself)
 * @property {Node[]} repeats children that repeat
 * @property {Itemset | null} itemset
 * @property {Expression | null} relevant
 * @property {Expression | null} required
 * @property {Expression | null} constraint
 * @property {Expression | null} calculate
 * @property {Expression | null} warning
 * @property {Expression | null} readonlyRule
 * @property {Texts} requiredMessage
 * @property {Texts} constraintMessage
 * @property {Texts} warningMessage
 * @property {Expression | null} count of a repeat: how many instances there must be
 * @property {number | null} fixed of a repeat: instances that nobody may add to or remove from
 * @property {number} copies of a repeat: instances that a new form has
 * @property {boolean} readonly always
 * @property {boolean} filled whether an action may fill it
 * @property {boolean} prefixed whether its bind names it with a prefix, such as orx:
 * @property {string} default
 * @property {string} preload start, end, today, uid, or the name of a device property
 * @property {string} appearance
 * @property {import('./xpath/shape.js').Shape} shape
 *
 * @typedef {object} Control one control, group or repeat of the body
 * @property {string} kind the element's name
 * @property {string} path of the node it is about; '' for a group about none
 * @property {import('./xml.js').Element} element
 * @property {Control[]} children
 *
 * @typedef {{node: Node, depth: number}} Dependent a node that reads another; a change is felt below the ancestor at `depth`
 *
 * @typedef {object} Questionnaire a form with its rules compiled
 * @property {string} formId
 * @property {string} version
 * @property {string} title
 * @property {string} space namespace of its documents, '' for none
 * @property {string[]} languages
 * @property {string} defaultLanguage
 * @property {Node} root
 * @property {Map<string, Node>} nodes in document order
 * @property {Node[]} order nodes so that each comes after those its relevance and calculation read
 * @property {Map<string, number>} rank place of each node in `order`, by path
 * @property {Map<string, Dependent[]>} dependents by the path that they read
 * @property {Map<string, string | null>} instances every list: the name of an external one, null for one inside the form
 * @property {Map<string, string>} files of external lists, by name: 'kbli' → 'kbli.csv'
 * @property {Action[]} actions
 * @property {Node[]} clocks leaves that hold the interview's start and end
 * @property {Control[]} body
 * @property {(source: string, node: Node) => Expression} compile an expression that belongs to a node; throws UnsupportedForm
 * @property {(source: string, node: Node) => Expression | null} output an output of a label, compiled; null where it cannot be
 */

/** The text in a language, else in the form's own, else any; null for none. @param {Questionnaire} form @param {Texts} texts @param {string} language */
export function textIn(form, texts, language) {
  const wanted = texts.get(language);
  if (wanted?.plain) return wanted;
  const own = texts.get(form.defaultLanguage);
  if (own?.plain) return own;
  return [...texts.values()].find((text) => text.plain) ?? wanted ?? own ?? null;
}
