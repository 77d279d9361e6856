"""Units: the prelist, what the field found, and candidates for duplicates."""
