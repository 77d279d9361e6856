"""Who belongs together: average linkage on match weights, with links that people set.

Two groups are as alike as their pairs are on average, in bits, where a pair that nobody scored
counts as unlike. So one strong pair between two groups chains nothing: its lukewarm and unscored
neighbours speak too. Groups join from the most alike downwards while they reach a threshold. What
people said comes in three strengths: must-links and cannot-links bind; an answer of a clerk who may
err adds its bits to whatever two groups it lies between.

The result depends on the pairs alone, not on the order in which they come: sums are whole numbers
and ties go to the lower record. It falls apart by component, so what a decision touches can be
solved again by itself (`component_of`).
"""

from matching.linkage.graph import Answers, Groups, Pairs, Rules, Weights, component_of
from matching.linkage.named import Linked, link
from matching.linkage.solve import group

__all__ = [
    "Answers",
    "Groups",
    "Linked",
    "Pairs",
    "Rules",
    "Weights",
    "component_of",
    "group",
    "link",
]
