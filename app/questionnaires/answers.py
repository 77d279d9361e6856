"""The answers of a submission by the names of their questions."""

from forms.instance import Submission
from forms.safexml import local_name


def leaf_values(submission: Submission) -> dict[str, str]:
    """Give the trimmed text of every leaf by its local name; of a repeated one, the first."""
    found: dict[str, str] = {}
    for element in submission.root.iter("{*}*"):
        if not len(element):
            found.setdefault(local_name(element), (element.text or "").strip())
    return found
