"""Invented cities with known truth: every person, firm and place is made up."""
