"""Questionnaires as data: XLSForm to XForm, XForm to a frozen tree, answers to findings."""
