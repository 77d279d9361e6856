"""Actions of a form: `setvalue`, and what only a device can do."""

from collections.abc import Callable, Iterable, Sequence

from lxml import etree

from forms.body import ACTIONS, Placed
from forms.errors import UnsupportedForm
from forms.references import References
from forms.safexml import local_name
from forms.schema import Action
from forms.xpath.compile import Expression
from forms.xpath.shape import Shape

_EVENTS = frozenset(
    [
        "odk-instance-first-load",
        "odk-instance-load",
        "odk-new-repeat",
        "xforms-ready",
        "xforms-revalidate",
        "xforms-value-changed",
        "jr-insert",
    ]
)
Compile = Callable[[str, Shape, str], Expression]


def read_actions(
    model: etree._Element, placed: Sequence[Placed], references: References, compile_: Compile
) -> Iterable[Action]:
    """Return the actions of the model, the body and the controls, in the order of the form.

    What only a device can do (a place, a recording) has no value. Raises UnsupportedForm.
    """
    root = references.root
    found = [Placed(one, root, None) for one in model if local_name(one) in ACTIONS]
    for one in [*found, *placed]:
        yield _action(one, references, compile_)


def _action(placed: Placed, references: References, compile_: Compile) -> Action:
    element = placed.element
    name = local_name(element)
    target = references.of(element, placed.base)
    events = frozenset(element.get("event", "").split())
    if target is None or not events <= _EVENTS:
        where = "nothing" if target is None else target.path
        raise UnsupportedForm(f"A <{name}> on {where} is not supported: which event, which node?")
    if name != "setvalue":
        return Action(target.path, events, None, placed.trigger)
    source = element.get("value")
    if source is None:
        return Action(target.path, events, (element.text or "").strip(), placed.trigger)
    value = compile_(source, target, "setvalue") if source.strip() else ""
    return Action(target.path, events, value, placed.trigger)
