"""The binds of a form: rules by the node they are about."""

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from forms.body import jr
from forms.errors import UnsupportedForm
from forms.references import References
from forms.xpath.shape import Shape

Rules = Mapping[str, str]  # attribute → source
NO_RULES: Rules = {}

# JavaRosa knows nodes by prefixed names in a blank form, but not in a form that it opens again:
# what it would evaluate there is left to the phone
_PREFIXED = re.compile(r"[\w.\-]:(?!:)[\w]")
_EVALUATED = frozenset(["calculate", "relevant", "required", "readonly"])

_SWITCHES = ("relevant", "required", "readonly")
_FIXED = ("true()", "false()")
_OF_THE_LAST = ("type", jr("preload"), jr("preloadParams"))


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

    Where a node has several binds, they add up as they do in JavaRosa, see `_overrule`.
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
            _overrule(rules, given)
    return dict(found.items()), lost


def _overrule(rules: dict[str, str], given: Rules) -> None:
    """Let a further bind of a node overrule those before it.

    The type and the preload are those of the last bind, which may have none. So is a switch that
    is plainly true() or false(), but a condition goes before it wherever it stands.
    """
    kept = {name: rules[name] for name in _SWITCHES if rules.get(name, "true()") not in _FIXED}
    for name in (*_SWITCHES, *_OF_THE_LAST):
        rules.pop(name, None)
    rules.update(given)
    rules.update(
        {name: text for name, text in kept.items() if rules.get(name, "") in (*_FIXED, "")}
    )
