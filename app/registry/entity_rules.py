"""What entries say of entities, and what an entity is by all that was said of it; pure.

Who says something names the version that he saw. What he then changed is laid over what others
changed meanwhile, field by field; where both changed one field, the later word stands and the
conflict is told. What builds on something that has not arrived yet is held until it has, or until
the office lets it happen: then what arrives after all fills only what was left open.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.registry.fold import PRELIST, area_in

USAHA = "usaha"  # the list of businesses
ENTITY = "entity"  # kind of the entries by which an office settles what phones cannot
LABEL = "label"
DELETED = "__deleted"  # what contends where the field changes what the office removed
EPOCH_STEP = 1_000_000  # versions of one epoch; a restored office is never behind a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one entry says of one entity: the fields that it gives, `label` among them.

    `base` is the version that the sender saw. On a phone that was offline it is one of the phone's
    own, after `trunk`, the last one of ours, on the branch `branch`.
    """

    lane: str
    position: int
    ordinal: int
    dataset: str
    entity_id: str
    origin: str  # kind of the entry
    instance_id: str
    replaces: str | None = None
    creates: bool = False
    updates: bool = False
    deletes: bool | None = None
    base: int | None = None
    trunk: int | None = None
    branch: str = ""
    fields: Mapping[str, str]
    forces: Sequence[str] = ()  # instance ids of what waits and is to wait no longer
    number: int | None = None  # the version that it became; None while it is held


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that two changed, neither knowing of the other."""

    lane: str
    dataset: str
    entity_id: str
    number: int
    field: str
    base_value: str | None
    other_value: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entity as it stands; number 0: nothing of it has been applied yet."""

    lane: str
    dataset: str
    entity_id: str
    number: int
    label: str
    fields: Mapping[str, str]
    area_code: str
    is_deleted: bool
    held_count: int
    conflict_count: int
    updated_position: int


@dataclass(slots=True)
class _Step:
    """One version: who said it, what he then believed, and what the entity then was."""

    said: Said
    view: Mapping[str, str]
    state: Mapping[str, str]


@dataclass(slots=True)
class Story:
    """One entity from its first word to its last."""

    steps: list[_Step] = field(default_factory=list)
    waiting: list[Said] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    is_deleted: bool = False
    settled: int = 0  # the last version whose conflicts somebody in the office has seen
    forced: list[Said] = field(default_factory=list)  # what happened before what it builds on
    _of: dict[object, _Step] = field(default_factory=dict)  # the last version by what it is told by
    _corrected: set[str] = field(default_factory=set)  # instance ids

    @property
    def state(self) -> Mapping[str, str]:
        """Give the fields as they are now."""
        return self.steps[-1].state if self.steps else {}

    def hear(self, said: Said) -> None:
        """Take in the next word, and whatever waited for it."""
        for one in [each for each in self.waiting if each.instance_id in said.forces]:
            self.waiting.remove(one)
            self._take(one)
            self.forced.append(one)
        self.waiting.append(said)
        while (ready := next((one for one in self.waiting if self._is_due(one)), None)) is not None:
            self.waiting.remove(ready)
            self._take(ready)

    def _is_due(self, said: Said) -> bool:
        if not self.steps:
            return said.creates
        return not _is_chained(said) or self._chained_to(said) is not None

    def _take(self, said: Said) -> None:
        """Make it the next version; what has been corrected already adds nothing to it."""
        if said.instance_id in self._corrected:
            said = replace(said, fields={})
        base = self._base(said)
        number = len(self.steps) + 1
        now = self.state
        given = self._left_open(said)
        changed = {name: text for name, text in given.items() if base.get(name, "") != text}
        self.conflicts += [
            Conflict(
                lane=said.lane,
                dataset=said.dataset,
                entity_id=said.entity_id,
                number=number,
                field=name,
                base_value=base.get(name),
                other_value=now[name],
                value=text,
            )
            for name, text in sorted(changed.items())
            if now.get(name, "") not in {text, base.get(name, "")}
        ]
        if self.is_deleted and said.origin not in {ENTITY, PRELIST}:
            self.conflicts.append(_of_deleted(said, number))
        if said.origin == ENTITY:
            self.settled = max(self.settled, min((said.base or 0) % EPOCH_STEP, number))
            self.is_deleted = self.is_deleted if said.deletes is None else said.deletes
        mine = replace(said, number=number)
        self._add(_Step(mine, {**base, **said.fields}, {**now, **changed}))

    def _add(self, step: _Step) -> None:
        said = step.said
        self.steps.append(step)
        self._of[said.instance_id] = self._of[said.branch, said.base] = step
        if said.origin == PRELIST:
            self._of[PRELIST,] = step
        if said.replaces is not None:
            self._corrected.add(said.replaces)

    def _left_open(self, said: Said) -> Mapping[str, str]:
        """Give the fields without those that something forced, which builds on this, gave later."""
        later = {
            name
            for one in self.forced
            if said.creates or (_is_of_branch(said, one) and _number(said) < _number(one))
            for name in one.fields
        }
        return {name: text for name, text in said.fields.items() if name not in later}

    def _base(self, said: Said) -> Mapping[str, str]:
        """Give the fields as the sender knew them; none where that cannot be told."""
        before = self._by(said)
        if before is not None:
            return before.view
        if _is_chained(said):
            step = self._chained_to(said)
            return {} if step is None else step.view
        number = 0 if said.base is None else said.base % EPOCH_STEP
        return self.steps[number - 1].state if 1 <= number <= len(self.steps) else {}

    def _by(self, said: Said) -> _Step | None:
        """Give the last version by the same hand: the prelist's, or of what this one corrects."""
        return self._of.get((PRELIST,) if said.origin == PRELIST else said.replaces)

    def _chained_to(self, said: Said) -> _Step | None:
        """Give the version that a phone made, offline, right before this one."""
        if said.trunk is None and said.base == 1:
            return self.steps[0] if self.steps else None
        return None if said.base is None else self._of.get((said.branch, said.base - 1))


def _of_deleted(said: Said, number: int) -> Conflict:
    """Tell that somebody was at what phones should have forgotten; it stays removed till a word."""
    return Conflict(
        lane=said.lane,
        dataset=said.dataset,
        entity_id=said.entity_id,
        number=number,
        field=DELETED,
        base_value=None,
        other_value="true",
        value="true",
    )


def _is_of_branch(said: Said, other: Said) -> bool:
    return bool(said.branch) and said.branch == other.branch


def _number(said: Said) -> int:
    return 0 if said.base is None else said.base


def _is_chained(said: Said) -> bool:
    """Tell whether something builds on what the same phone did offline before."""
    return bool(said.branch) and said.base is not None and said.base != said.trunk


def story_of(words: Sequence[Said]) -> Story:
    """Give an entity by everything said of it, in the order of the journal.

    The story of a longer journal begins with the story of a shorter one: versions that a phone
    has seen never change.
    """
    story = Story()
    for said in sorted(words, key=lambda one: (one.position, one.ordinal)):
        story.hear(said)
    return story


def standing(words: Sequence[Said], story: Story) -> Held:
    """Give the row that an entity is."""
    first = words[0]
    fields = dict(story.state)
    hinted = fields or story.waiting[-1].fields  # so that what waits is shown where it belongs
    label = fields.pop(LABEL, "") or fields.get("business_name", "") or first.entity_id
    return Held(
        lane=first.lane,
        dataset=first.dataset,
        entity_id=first.entity_id,
        number=len(story.steps),
        label=label,
        fields=fields,
        area_code=area_in(first.lane, hinted.get("idsubsls", "")) or first.lane,
        is_deleted=story.is_deleted,
        held_count=len(story.waiting),
        conflict_count=sum(each.number > story.settled for each in story.conflicts),
        updated_position=max((step.said.position for step in story.steps), default=0),
    )


def numbered(story: Story) -> Iterator[Said]:
    """Give every word with the version that it became, the held ones without."""
    yield from (step.said for step in story.steps)
    yield from story.waiting
