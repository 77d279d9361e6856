"""Doubts about a questionnaire that no compiler has.

`lint` looks at the tables a questionnaire is written in, or at a bare XForm, and says where, what,
and what to do, in Indonesian and English.
"""

from forms.lint.changes import is_higher
from forms.lint.linter import catalogue, lint, lint_xform
from forms.lint.remark import Remark

__all__ = ["Remark", "catalogue", "is_higher", "lint", "lint_xform"]
