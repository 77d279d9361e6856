"""A whole file of records at once: from what was written to who is one business.

Features by several processes, keys, candidate pairs in DuckDB, Splink's scores, average linkage.
Work is cut into chunks that are finished or not: a run that was stopped goes on where it was.
"""
