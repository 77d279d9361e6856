/** The form's tree without answers: what a path in an expression can point at. */

/** A node of the form. `repeat` is true where it may occur several times. */
export class Shape {
  /** @type {Map<string, Shape>} */
  children = new Map();
  depth = 0;
  path = '';

  /** @param {string} name @param {Shape | null} [parent] @param {boolean} [repeat] */
  constructor(name, parent = null, repeat = false) {
    this.name = name;
    this.parent = parent;
    this.repeat = repeat;
    this.path = `${parent?.path ?? ''}/${name}`;
    if (!parent) return;
    this.depth = parent.depth + 1;
    parent.children.set(name, this);
  }

  /** From the root down to this node. @returns {Shape[]} */
  lineage() {
    return this.parent ? [...this.parent.lineage(), this] : [this];
  }

  /** This node and all below, in document order. @returns {Generator<Shape>} */
  *walk() {
    yield this;
    for (const child of this.children.values()) yield* child.walk();
  }
}
