/**
 * What can be wrong with a form, as errors.
 *
 *     FormsError
 *     ├── UnreadableXml      text that is not the XML we accept
 *     ├── UnsupportedForm    a form outside the promised subset of ODK XForms
 *     └── XPathError         an expression that cannot be parsed
 *     Unknown                while evaluating: cannot be known here
 *     └── EvaluationError    while evaluating: the reference client would stop here
 *
 * Every message says where, what, and what to do. A wrong *answer* is never an error: it is a
 * finding.
 */

export class FormsError extends Error {}

/** Not XML, or XML with a DTD, too deep or too large. */
export class UnreadableXml extends FormsError {}

/** A form that uses what this engine does not promise; never half-understood. */
export class UnsupportedForm extends FormsError {}

/** An expression that is not XPath; `offset` counts characters from 0. */
export class XPathError extends FormsError {
  /** @param {string} message @param {string} expression @param {number} offset */
  constructor(message, expression, offset) {
    super(`${message} at character ${offset + 1} of: ${expression.slice(0, 200)}`);
    this.expression = expression;
    this.offset = offset;
  }
}

/** Raised while evaluating what this side cannot know: chance, or a list it does not hold. */
export class Unknown extends Error {}

/** Raised while evaluating what has no value, such as one value of a node that is repeated. */
export class EvaluationError extends Unknown {}
