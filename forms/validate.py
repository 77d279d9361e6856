"""Questionnaire and answers → findings: every rule again, as the phone should have applied it.

Nothing is refused here and nothing stops at the first finding. What the server cannot know (a list
it does not hold, chance, identity, the moment a calculation ran) is accepted as stored.
"""

from collections.abc import Iterator
from datetime import datetime

from forms.answers import Answers, path_of
from forms.evaluate import evaluate
from forms.findings import Finding, Report
from forms.instance import Submission
from forms.judge import Judge
from forms.lists import Lists
from forms.messages import default_message
from forms.reading import read_answers
from forms.recalculate import Recalculation
from forms.schema import Questionnaire
from forms.xpath.context import World
from forms.xpath.values import read_moment

MAX_STRANGERS = 1_000  # unknown nodes that are named; no person reads more

__all__ = ["Finding", "Lists", "Report", "validate"]


def validate(
    questionnaire: Questionnaire,
    submission: Submission,
    lists: Lists,
    *,
    language: str = "id",
    now: datetime | None = None,
) -> Report:
    """Check a submission against every rule of its questionnaire.

    `today()` and `now()` are those of the interview's end, else of its start, else the moment
    `now` with the device's zone; without any, what hangs on them is accepted. Findings come by
    question, in the order of the form. Raises nothing for whatever was answered.
    """
    answers = read_answers(questionnaire.plan, submission.root)
    moments = _moments(questionnaire, answers) or ([] if now is None else [now])
    world = World(answers, lists, language)
    world.version = questionnaire.version
    world.now = moments[0] if moments else None
    recalculation = Recalculation(moments, questionnaire.languages)
    evaluate(answers, world, recalculation)
    judge = Judge(questionnaire, answers, world)
    findings = [
        *_strange(answers, language),
        *judge.findings(),
        *_differing(recalculation, world),
    ]
    answers.release()
    return Report(tuple(findings), judge.values)


def _moments(questionnaire: Questionnaire, answers: Answers) -> list[datetime]:
    """Return the interview's end and start, as far as the submission tells."""
    by_name: dict[str, datetime] = {}
    for node in questionnaire.clocks:
        for item in answers.all(node.index):
            value = item.value
            moment = value if isinstance(value, datetime) else read_moment(item.text)
            if moment is not None:
                by_name[node.preload] = moment
    return [by_name[name] for name in ("end", "start") if name in by_name]


def _strange(answers: Answers, language: str) -> Iterator[Finding]:
    for path in answers.strangers[:MAX_STRANGERS]:
        yield Finding(path, "unknown", "error", default_message("unknown", language))
    for path in answers.surplus:
        yield Finding(path, "repeat", "error", default_message("repeat.surplus", language))


def _differing(recalculation: Recalculation, world: World) -> Iterator[Finding]:
    for here in recalculation.differing:
        message = default_message("calculation", world.language)
        yield Finding(path_of(world.at(here)), "calculation", "error", message)
