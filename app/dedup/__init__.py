"""One business, one record: matches, decisions about them, and what follows."""
