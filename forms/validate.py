"""Questionnaire and answers → findings: every rule again, as the phone should have applied it.

Nothing is refused here and nothing stops at the first finding. What the server cannot know (a list
it does not hold, chance, identity, the moment a calculation ran) is accepted as stored.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from forms.answers import Answers, path_of, read_answers
from forms.evaluate import evaluate, has_answer, own_relevance
from forms.findings import Finding, Report
from forms.instance import Submission
from forms.judge import Judge
from forms.lists import Lists
from forms.messages import default_message
from forms.recalculate import Recalculation
from forms.schema import Node, Questionnaire
from forms.xpath.context import Item, Unknown, World
from forms.xpath.values import read_moment, stored, to_number

MAX_STRANGERS = 1_000  # unknown nodes that are named; no person reads more

__all__ = ["Finding", "Lists", "Report", "validate"]


def validate(
    questionnaire: Questionnaire, submission: Submission, lists: Lists, *, language: str = "id"
) -> Report:
    """Check a submission against every rule of its questionnaire.

    `today()` and `now()` are those of the interview's end, else of its start. Findings come by
    question, in the order of the form. Raises nothing for whatever was answered.
    """
    answers = read_answers(questionnaire.root, len(questionnaire.nodes), submission.root)
    moments = _moments(questionnaire, answers)
    world = World(answers.root, lists, language)
    world.version = questionnaire.version
    world.now = moments[0] if moments else None
    recalculation = Recalculation(moments, questionnaire.languages)
    evaluate(questionnaire, answers, world, recalculation)
    findings = [
        *_strange(answers, language),
        *_judged(questionnaire, answers, world),
        *_differing(recalculation, language),
    ]
    return Report(tuple(findings), _values(answers))


def _moments(questionnaire: Questionnaire, answers: Answers) -> list[datetime]:
    """Return the interview's end and start, as far as the submission tells."""
    by_name: dict[str, datetime] = {}
    for node in questionnaire.clocks:
        for item in answers.items[node.index]:
            moment = read_moment(item.text)
            if moment is not None:
                by_name[node.preload] = moment
    return [by_name[name] for name in ("end", "start") if name in by_name]


def _strange(answers: Answers, language: str) -> Iterator[Finding]:
    for path in answers.strangers[:MAX_STRANGERS]:
        yield Finding(path, "unknown", "error", default_message("unknown", language))
    for path in answers.surplus:
        yield Finding(path, "repeat", "error", default_message("repeat.surplus", language))


def _judged(questionnaire: Questionnaire, answers: Answers, world: World) -> Iterator[Finding]:
    judge = Judge(questionnaire, world)
    for node in questionnaire.nodes.values():
        for item in answers.items[node.index]:
            if not item.relevant:
                yield from _irrelevant(judge, item)
            elif not node.children:
                yield from judge.findings(item)
            else:
                yield from _counts(node, item, world)


def _irrelevant(judge: Judge, item: Item) -> Iterator[Finding]:
    """Find the outermost irrelevant node, when something is answered in it."""
    if (item.parent is None or item.parent.relevant) and has_answer(item):
        yield judge.finding(item, "relevance", "relevance")


def _counts(node: Node, parent: Item, world: World) -> Iterator[Finding]:
    """Repeats right below a relevant group whose number is not what the form says."""
    for child in node.repeats:
        wanted = _wanted(child, parent, world)
        instances: Sequence[Item] = parent.kids[child.name]
        if wanted is None or len(instances) == wanted:
            continue
        if any(one.relevant for one in instances or (_imagined(child, parent, world),)):
            path = f"{path_of(parent)}/{child.name}"
            yield Finding(path, "repeat", "error", default_message("repeat", world.language))


def _imagined(node: Node, parent: Item, world: World) -> Item:
    """Make an instance that nobody recorded, to ask whether there should have been one."""
    item = Item(node, parent)
    item.relevant = own_relevance(node, world, item)
    return item


def _wanted(node: Node, parent: Item, world: World) -> int | None:
    """How many instances there must be; None where the form leaves it open."""
    if node.count is None:
        return node.fixed
    try:
        number = to_number(node.count(world, parent))
    except Unknown:
        return None
    return int(number) if 0 < number < float("inf") else 0


def _differing(recalculation: Recalculation, language: str) -> Iterator[Finding]:
    for item in recalculation.differing:
        message = default_message("calculation", language)
        yield Finding(path_of(item), "calculation", "error", message)


def _values(answers: Answers) -> dict[str, str]:
    values: dict[str, str] = {}
    for items in answers.items:
        for item in items:
            node = item.node
            if not item.relevant or node.children:
                continue
            path = node.path if node.repeat is None else path_of(item)
            values[path] = item.text if node.calculate is None else stored(item.value)
    return values
