"""Who works where, and what officers are told."""
