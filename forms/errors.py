"""What can be wrong with a form, as exceptions.

    FormsError
    ├── UnreadableXml      bytes that are not the XML we accept
    ├── UnsupportedForm    a form outside the promised subset of ODK XForms
    └── XPathError         an expression that cannot be parsed

Every message says where, what, and what to do. A wrong *answer* is never an exception: it is a
`forms.validate.Finding`.
"""


class FormsError(Exception):
    """Root of everything that `forms` raises."""


class UnreadableXml(FormsError):  # noqa: N818 - the name is a promise to the other rooms
    """Not XML, or XML with a DTD, too deep, too large, or in a wrong encoding."""


class UnsupportedForm(FormsError):  # noqa: N818 - the name is a promise to the other rooms
    """A form that uses what this engine does not promise; never half-understood."""


class XPathError(FormsError):
    """An expression that is not XPath; `offset` counts characters from 0."""

    def __init__(self, message: str, expression: str, offset: int) -> None:
        self.expression = expression
        self.offset = offset
        super().__init__(f"{message} at character {offset + 1} of: {expression[:200]}")
