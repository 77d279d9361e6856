"""Assignments: who works where."""
