/** The form's tree without answers: what a path in an expression can point at. */

/** A node of the form. `repeat` is true where it may occur several times. */
export class Shape {
  /** @param {string} name @param {Shape | null} [parent] @param {boolean} [repeat] */
  constructor(name, parent = null, repeat = false) {
    this.name = name;
    this.parent = parent;
    this.repeat = repeat;
    /** @type {Map<string, Shape>} */
    this.children = new Map();
    /** @type {number} */
    this.depth = parent ? parent.depth + 1 : 0;
    /** @type {string} */
    this.path = parent ? `${parent.path}/${name}` : `/${name}`;
    parent?.children.set(name, this);
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
