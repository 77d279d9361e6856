"""Many small segments become few large ones, so that a restore months later takes minutes.

Shipping every other second makes a segment of whatever there was. Nothing of the journal is ever
let go: a large segment holds what the small ones held, and these go when it is safe in the vault.
A crash in between leaves both, which a restore reads as one.
"""

from collections.abc import Iterator, Sequence

from app.backup.restore import Stretch, history
from app.backup.shipping import LONGEST, segment_header, segment_name
from app.backup.vault import Vault
from sync.codecs.segment import BadSegment, decode_entries, encode_entries
from sync.journal import Entry

_ROUND = 50  # large segments that one call makes in each lane: shipping waits meanwhile
_LARGE = LONGEST // 2


def merge_segments(vault: Vault) -> int:
    """Put neighbours together until each holds some thousand entries; give how many went.

    Raises BadSegment where one is not what it was, and merges nothing of it.
    """
    return sum(
        _merge(vault, run)
        for stretches in history(vault).values()
        for run in list(_runs(stretches))[:_ROUND]
    )


def _runs(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Give neighbours of one epoch that fill a large segment, or that nothing can join any more."""
    run: list[Stretch] = []
    for each in stretches:
        if run and not (_is_next(run[-1], each) and each.last - run[0].first < LONGEST):
            if len(run) > 1:
                yield run
            run = []
        run.append(each)


def _is_next(one: Stretch, other: Stretch) -> bool:
    return (
        other.epoch == one.epoch
        and other.first == one.last + 1
        and other.last - other.first < _LARGE
    )


def _merge(vault: Vault, run: Sequence[Stretch]) -> int:
    entries = [entry for each in run for entry in _entries(vault, each)]
    name, content = segment_name(run[0].epoch, entries), encode_entries(entries)
    vault.put(name, segment_header(entries), content)
    kept = vault.get(name)
    if kept is None or kept.content != content:
        raise BadSegment(f"{name} does not hold what was put there")
    for each in run:
        vault.remove(each.name)
    return len(run)


def _entries(vault: Vault, stretch: Stretch) -> list[Entry]:
    opened = vault.get(stretch.name)
    entries = decode_entries(opened.content) if opened is not None else []
    held = [each.position for each in entries]
    if held != list(range(stretch.first, stretch.last + 1)):
        raise BadSegment(f"{stretch.name} does not hold what its name says")
    return entries
