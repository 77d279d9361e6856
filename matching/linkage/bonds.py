"""What lies between two groups: the sum of their pairs, answers, and whether they are barred."""

from dataclasses import dataclass

import numpy as np

from matching.linkage.graph import GRAIN, Answers, Flags, Floats, Ints, Pairs, Rules, Weights


@dataclass(frozen=True, slots=True)
class Bonds:
    """Bonds between groups, `left < right`, each pair of groups once, in that order.

    `sums`: weights above the unscored level, in grains; `said`: answers, in grains; `barred`:
    must never join.
    """

    left: Ints
    right: Ints
    sums: Ints
    said: Ints
    barred: Flags

    def __len__(self) -> int:
        return len(self.left)

    def only(self, chosen: Flags) -> "Bonds":
        """Tell the chosen ones."""
        return Bonds(
            self.left[chosen],
            self.right[chosen],
            self.sums[chosen],
            self.said[chosen],
            self.barred[chosen],
        )

    def moved(self, root: Ints) -> "Bonds":
        """Tell the bonds after groups became others."""
        return gathered(
            Bonds(root[self.left], root[self.right], self.sums, self.said, self.barred),
            len(root),
        )


def gathered(bonds: Bonds, size: int) -> Bonds:
    """Bring bonds of the same two groups together, and drop those within one."""
    low = np.minimum(bonds.left, bonds.right)
    high = np.maximum(bonds.left, bonds.right)
    apart = low != high
    key = (low * size + high)[apart]
    if not len(key):
        return bonds.only(np.zeros(len(bonds), np.bool_))
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    chosen = np.flatnonzero(apart)[order]
    return Bonds(
        key[first] // size,
        key[first] % size,
        np.add.reduceat(bonds.sums[chosen], first),
        np.add.reduceat(bonds.said[chosen], first),
        np.logical_or.reduceat(bonds.barred[chosen], first),
    )


def bonds_between(
    root: Ints, weights: Weights, cannot: Pairs, answers: Answers, rules: Rules
) -> Bonds:
    """Tell what lies between the groups that `root` makes of the records."""
    single = _highest(weights, len(root))
    capped = np.clip(single.bits, rules.floor, rules.ceiling) - rules.unscored
    counts = [len(single), len(answers), len(cannot)]
    none = [np.zeros(count, np.int64) for count in counts]
    every = Bonds(
        np.concatenate([single.left, answers.left, cannot.left]),
        np.concatenate([single.right, answers.right, cannot.right]),
        np.concatenate([np.rint(capped * GRAIN).astype(np.int64), none[1], none[2]]),
        np.concatenate([none[0], np.rint(answers.bits * GRAIN).astype(np.int64), none[2]]),
        np.repeat([False, False, True], counts),
    )
    return every.moved(root)


def _highest(weights: Weights, size: int) -> Weights:
    """Tell each pair once, with its highest weight."""
    low = np.minimum(weights.left, weights.right)
    key = low * size + np.maximum(weights.left, weights.right)
    order = np.lexsort((-weights.bits, key))
    key = key[order]
    first = np.ones(len(key), np.bool_)
    first[1:] = key[1:] != key[:-1]
    chosen = order[first]
    return Weights(weights.left[chosen], weights.right[chosen], weights.bits[chosen])


def best_between(
    root: Ints, weights: Weights, chosen: Ints, rules: Rules
) -> tuple[Ints, Ints, Floats]:
    """Tell for each two groups that the `chosen` pairs lie between: best pair, pairs, mean bits.

    The best pair is a place in `weights`; of equals it is the first. Pairs that were not scored
    count as such in the mean.
    """
    one, other = root[weights.left[chosen]], root[weights.right[chosen]]
    low, high = np.minimum(one, other), np.maximum(one, other)
    key = low * len(root) + high
    order = np.lexsort((chosen, -weights.bits[chosen], key))
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    size = np.bincount(root, minlength=len(root))
    count = size[low[order][first]] * size[high[order][first]]
    capped = np.clip(weights.bits[chosen[order]], rules.floor, rules.ceiling) - rules.unscored
    total = np.add.reduceat(capped, first) if len(first) else np.empty(0)
    return chosen[order][first], count, total / count + rules.unscored
