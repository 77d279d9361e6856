"""A submission laid over its form: what is answered, what is missing, what does not belong."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from forms.answers import MAX_INSTANCES, Answers, new_instance, new_kid, path_of, set_text
from forms.plan import Part, Plan
from forms.safexml import local_name
from forms.xpath.context import Item


def read_answers(plan: Plan, element: etree._Element) -> Answers:
    """Lay a submission over its form; what is missing stays empty."""
    answers = Answers(plan)
    if local_name(element) != plan.root.name:
        answers.strangers.append(f"/{local_name(element)}")
    _read_attributes(plan.root, element, answers)
    _read(plan.root, element, answers)
    return answers


def _read(root: Part, element: etree._Element, answers: Answers) -> None:
    """Read what is in no repeat, in one pass over all elements of the document.

    `left` counts the elements still to come in the group `around`, and `outer` has the same of the
    groups around that one. `met` marks the nodes that had their turn.
    """
    texts, values, met = answers.texts, answers.values, bytearray(len(answers.texts))
    around, left = root, len(element)
    outer: list[tuple[Part, int]] = []
    walk = element.iter()
    next(walk)
    for child in walk:
        while not left:
            around, left = outer.pop()
        left -= 1
        part = around.parts.get(child.tag) or around.parts.get(local_name(child))
        below = len(child)
        if part is None or below or not part.leaf or met[part.index]:
            group = _read_other(around, part, child, answers, met)
            if below and group is None:
                _skip(walk, child)
            elif group is not None:
                outer.append((around, left))
                around, left = group, below
            continue
        index = part.index
        met[index] = 1
        text = child.text
        if text and (text := text.strip()):
            texts[index] = text
            values[index] = text if part.read is None else part.read(text)


def _read_other(
    around: Part, part: Part | None, element: etree._Element, answers: Answers, met: bytearray
) -> Part | None:
    """Read what is not the first leaf of its name, with all below it; a group is returned."""
    if part is None:
        _meet_stranger(around, around.node.path, local_name(element), answers)
    elif part.repeats:
        _read_instance(answers.item(around.index), part, element, answers)
    elif met[part.index]:
        answers.strangers.append(part.node.path)
    else:
        met[part.index] = 1
        if not part.leaf:
            _read_attributes(part, element, answers)
            return part
        set_text(answers.item(part.index), (element.text or "").strip())
        answers.strangers += [f"{part.node.path}/{local_name(child)}" for child in element]
    return None


def _read_attributes(part: Part, element: etree._Element, answers: Answers) -> None:
    for one in part.attributes:
        set_text(answers.item(one.index), element.get(one.name[1:], "").strip())


def _skip(walk: Iterator[etree._Element], element: etree._Element) -> None:
    """Step over all that is below an element."""
    for _ in element.iterdescendants():
        next(walk)


def _read_instance(parent: Item, part: Part, element: etree._Element, answers: Answers) -> None:
    if len(parent.kids[part.name]) < MAX_INSTANCES:
        _read_item(new_instance(parent, part, answers), part, element, answers)
    else:
        _name(f"{path_of(parent)}/{part.name}", answers.surplus, answers)


def _read_item(item: Item, part: Part, element: etree._Element, answers: Answers) -> None:
    """Read the children of an instance, or of a group within one."""
    kids, parts, items = part.blank(), part.parts, answers.items
    item.kids = kids
    missing = part.single
    for one in part.attributes:
        missing -= 1
        kids[one.name] = new_kid(item, one, answers, defaults=False)
        set_text(kids[one.name], element.get(one.name[1:], "").strip())
    for child in element:
        leaf = parts.get(child.tag) or parts.get(local_name(child))
        if leaf is None or not leaf.leaf or kids[leaf.name] is not None or len(child):
            missing -= _read_kid(item, leaf, child, answers)
            continue
        missing -= 1
        kids[leaf.name] = kid = Item(leaf.node, item)
        items[leaf.index].append(kid)
        text = child.text
        if text and (text := text.strip()):
            kid.text = text
            kid.value = text if leaf.read is None else leaf.read(text)
    if missing:
        for name in [name for name, kid in kids.items() if kid is None]:
            kids[name] = new_kid(item, parts[name], answers, defaults=False)


def _read_kid(item: Item, part: Part | None, element: etree._Element, answers: Answers) -> bool:
    """Read what is not simply the first leaf of its name; whether a child was found by it."""
    if part is None:
        around = answers.plan.parts[item.node.index]
        _meet_stranger(around, path_of(item), local_name(element), answers)
        return False
    if part.repeats:
        _read_instance(item, part, element, answers)
        return False
    kids: dict[str, Any] = item.kids  # type: ignore[assignment] # that of an instance being read
    if kids[part.name] is not None:
        answers.strangers.append(path_of(kids[part.name]))
        return False
    kids[part.name] = kid = Item(part.node, item)
    answers.items[part.index].append(kid)
    if not part.leaf:
        _read_item(kid, part, element, answers)
        return True
    set_text(kid, (element.text or "").strip())
    answers.strangers += [f"{path_of(kid)}/{local_name(child)}" for child in element]
    return True


def _meet_stranger(around: Part, path: str, name: str, answers: Answers) -> None:
    """Note an element that the form does not have, once for each name."""
    if not _is_meta(around, name):
        _name(f"{path}/{name}", answers.strangers, answers)


def _name(path: str, among: list[str], answers: Answers) -> None:
    if path not in answers.named:
        answers.named.add(path)
        among.append(path)


# what OpenRosa clients may add to the meta block whether or not the form asks for it
_META = frozenset(
    [
        "instanceID",
        "deprecatedID",
        "instanceName",
        "timeStart",
        "timeEnd",
        "userID",
        "deviceID",
        "simSerial",
        "subscriberID",
        "phoneNumber",
        "username",
        "email",
        "audit",
        "background-audio",
        "entity",
    ]
)


def _is_meta(around: Part, name: str) -> bool:
    return name in _META if around.name == "meta" else name == "meta" and around.index == 0
