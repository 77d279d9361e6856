"""Stories that go on: an entity of which much was said is not told anew for each further word."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from app.registry.entity_rules import Conflict, Held, Said, Story, numbered, standing, story_of

LONG = 16  # words; a shorter story is read again as quickly
_MOST_WORDS = 20_000  # kept, some 2 kB each

Name = tuple[str, str]  # dataset and id


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the latest words made of an entity.

    `numbered` are the words that are another version now than what is written of them. `conflicts`
    are those that came new; all there are, where the entity was told from its beginning (`anew`).
    """

    held: Held
    numbered: Sequence[Said]
    conflicts: Sequence[Conflict]
    anew: bool


@dataclass(slots=True)
class _Told:
    """A story as far as it was told, by its first word, and the row that it came to."""

    first: Said
    story: Story
    held: Held


class Stories:
    """The longest stories told last.

    One is only gone on with where the row of its entity is what it had come to: then nothing was
    rolled back, replayed or told by somebody else since. Each word raises a number of that row.
    """

    def __init__(self, most: int = _MOST_WORDS, long: int = LONG) -> None:
        self._most = most
        self._long = long
        self._words = 0
        self._told: OrderedDict[tuple[str, Name], _Told] = OrderedDict()
        self._lock = Lock()

    def knows(self, lane: str, name: Name, row: Held | None) -> bool:
        """Tell whether the story that led to this row can go on."""
        with self._lock:
            told = self._told.get((lane, name))
            return told is not None and told.held == row

    def go_on(self, lane: str, name: Name, words: Sequence[Said]) -> Chapter:
        """Go on with a story that is known, by further words in the order of the journal."""
        with self._lock:
            told = self._told.pop((lane, name))
            self._words -= _length(told.story)
        story = told.story
        steps, conflicts = len(story.steps), len(story.conflicts)
        for said in words:
            story.hear(said)
        told.held = standing([told.first], story)
        self._keep(lane, name, told)
        news = [step.said for step in story.steps[steps:]]
        return Chapter(told.held, news, story.conflicts[conflicts:], anew=False)

    def begin(self, lane: str, name: Name, words: Sequence[Said]) -> Chapter:
        """Tell an entity from its beginning, by all that was said of it."""
        story = story_of(words)
        held = standing(words, story)
        if len(words) >= self._long:
            self._keep(lane, name, _Told(words[0], story, held))
        written = {(each.position, each.ordinal): each.number for each in words}
        news = [
            word for word in numbered(story) if word.number != written[word.position, word.ordinal]
        ]
        return Chapter(held, news, story.conflicts, anew=True)

    def _keep(self, lane: str, name: Name, told: _Told) -> None:
        with self._lock:
            before = self._told.pop((lane, name), None)
            self._words += _length(told.story) - (0 if before is None else _length(before.story))
            self._told[lane, name] = told
            while self._words > self._most:
                self._words -= _length(self._told.popitem(last=False)[1].story)


def _length(story: Story) -> int:
    return len(story.steps) + len(story.waiting)
