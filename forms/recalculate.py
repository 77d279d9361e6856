"""Calculations once more, and whether the stored values agree.

A device computes at its own time, in its own language. Where a result may depend on these, each
moment and language that the submission makes possible is tried before values are said to differ.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from forms.answers import read_value
from forms.datatypes import READERS
from forms.evaluate import calculated
from forms.schema import Node
from forms.xpath.context import World
from forms.xpath.operand import Here
from forms.xpath.values import Value, read_date, read_moment, stored

_RELATIVE = 1e-9  # phones and servers round the last digits of a double differently


class Recalculation:
    """Recomputes values and keeps the nodes whose stored value differs."""

    def __init__(self, moments: Sequence[datetime], languages: Sequence[str]) -> None:
        self.moments = moments
        self.languages = languages
        self.differing: list[Here] = []

    def __call__(self, world: World, node: Node, here: Here, text: str) -> Value:
        """Compute the value of a calculation, and note it when the stored text differs."""
        rule = node.calculate
        assert rule is not None
        if rule.volatile:
            return read_value(node, text)
        value = calculated(world, node, here, text)
        if agrees(text, value):
            return value
        for other in self.variants(world, node, here, text):
            if agrees(text, other):
                return other
        self.differing.append(here)
        return value

    def variants(self, world: World, node: Node, here: Here, text: str) -> Iterator[Value]:
        """Compute the value at each other moment and in each other language it may depend on."""
        rule = node.calculate
        assert rule is not None
        now, language = world.now, world.language
        try:
            for world.now in self.moments if rule.clock else (now,):
                for world.language in self.languages if rule.localised else (language,):
                    yield calculated(world, node, here, text)
        finally:  # whoever found an agreeing value asks for no more
            world.now, world.language = now, language


def agrees(text: str, value: Value) -> bool:
    """Whether a stored text is this value: numbers within 1e-9, booleans in either spelling.

    Space around a text is lost on the way here, and so does not count.
    """
    written = stored(value)
    if text in (written, written.strip()):
        return True
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, float):
        told = READERS["decimal"](text)
        near = _RELATIVE * max(1.0, abs(value))
        return isinstance(told, float) and math.isfinite(value) and abs(told - value) <= near
    if isinstance(value, datetime):
        moment = read_moment(text)
        if moment is not None and value.tzinfo is None:
            moment = moment.replace(tzinfo=None)  # where the device was is not known
        return moment == value if moment is not None else read_date(text) == value.date()
    return isinstance(value, date) and read_date(text) == value
