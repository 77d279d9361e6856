"""The answers of a submission by the names of their questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from forms.errors import FormsError
from forms.instance import Submission, read_submission

_KEPT = 600  # submissions; every projector asks for those of one batch after another
_WORTH_KEEPING = 50_000  # bytes; a tree in memory is many times its text


@dataclass(frozen=True, slots=True)
class Told:
    """A submission and its answers by name; whoever is given it must change neither."""

    submission: Submission
    values: Mapping[str, str]


def told_in(body: bytes) -> Told | None:
    """Read the bytes of a submission, once for all who ask in turn; None: they are none."""
    return _kept(body) if len(body) <= _WORTH_KEEPING else _told_in(body)


def leaf_values(submission: Submission) -> dict[str, str]:
    """Give the trimmed text of every leaf by its local name; of a repeated one, the first."""
    found: dict[str, str] = {}
    for element in submission.root.iter("{*}*"):
        if not len(element):
            name = str(element.tag).rpartition("}")[2]
            if name not in found:
                found[name] = (element.text or "").strip()
    return found


def _told_in(body: bytes) -> Told | None:
    try:
        submission = read_submission(body)
    except FormsError:
        return None
    return Told(submission, leaf_values(submission))


_kept = lru_cache(maxsize=_KEPT)(_told_in)
