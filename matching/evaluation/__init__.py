"""How well records were matched: against a known truth, or by a clerical sample."""
