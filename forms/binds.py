"""The binds of a form: rules by the node they are about."""

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from forms.errors import UnsupportedForm
from forms.references import References
from forms.xpath.shape import Shape

Rules = Mapping[str, str]  # attribute → source
NO_RULES: Rules = {}

# JavaRosa knows nodes by prefixed names in a blank form, but not in a form that it opens again:
# what it would evaluate there is left to the phone
_PREFIXED = re.compile(r"[\w.\-]:(?!:)[\w]")
_EVALUATED = frozenset(["calculate", "relevant", "required", "readonly"])


def bind_ids(model: etree._Element) -> dict[str, str]:
    """Return the path of each bind that has an id."""
    return {
        str(bind.get("id")): bind.get("nodeset", "")
        for bind in model.iterfind("{*}bind")
        if bind.get("id")
    }


def read_binds(
    model: etree._Element, references: References, root: Shape
) -> tuple[dict[str, Rules], Sequence[str]]:
    """Return the rules of each node by its path, and the paths of binds that are about none.

    Where a node has several binds, a later one overrules an earlier one, as in JavaRosa.
    """
    found: dict[str, dict[str, str]] = {}
    lost: list[str] = []
    for bind in model.iterfind("{*}bind"):
        path = bind.get("nodeset")
        if path is None:
            raise UnsupportedForm('A <bind> is about nothing: give it nodeset="/…"')
        targets = references.find(path, root)
        if not targets:
            lost.append(path.strip())
        for target in targets:
            rules = found.setdefault(target.path, {})
            given = {str(name): str(value) for name, value in bind.items()}
            if _PREFIXED.search(path):
                given = {name: given[name] for name in given.keys() - _EVALUATED}
            rules.update(given)
    return dict(found.items()), lost
