"""A questionnaire in words: variables, codes, universe, rules; as JSON and as DDI-Codebook 2.5.

Rooms, top down: `ddi` and `document` write what `book` gathers; `sentences` puts `conditions`
into words; `trees` and `formula` read the rules' syntax trees.
"""
