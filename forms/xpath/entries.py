"""The tree of a list: elements of any shape, as an XML or GeoJSON file or a form may hold them."""

from collections.abc import Iterable, Mapping
from typing import Self

from lxml import etree


class Entry:
    """One element of a list; `value` is its text, '' where it holds elements instead."""

    __slots__ = ("attributes", "kids", "name", "parent", "position", "value")

    def __init__(self, name: str, parent: "Entry | None" = None, value: str = "") -> None:
        self.name = name
        self.parent = parent
        self.value = value
        self.attributes: Mapping[str, str] = {}
        self.kids: dict[str, list[Entry]] = {}
        self.position = 1
        if parent is not None:
            like = parent.kids.setdefault(name, [])
            like.append(self)
            self.position = len(like)

    @classmethod
    def from_element(cls, element: etree._Element, parent: "Entry | None" = None) -> Self:
        """Read an element with all below it; names lose their prefixes."""
        entry = cls(_local(element.tag), parent)
        entry.attributes = {_local(name): str(value) for name, value in element.items()}
        if len(element):
            for child in element:
                cls.from_element(child, entry)
        else:
            entry.value = (element.text or "").strip()
        return entry

    @classmethod
    def from_rows(cls, names: tuple[str, str], rows: Iterable[Mapping[str, str]]) -> Self:
        """Lay rows out as elements of `names[1]` within one of `names[0]`."""
        root = cls(names[0])
        for row in rows:
            item = cls(names[1], root)
            item.attributes = {name[1:]: cell for name, cell in row.items() if name[:1] == "@"}
            item.value = row.get("", "")
            for name, cell in row.items():
                if name[:1] not in ("", "@"):
                    cls(name, item, cell)
        return root


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
