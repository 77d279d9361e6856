"""Units: the prelist, what the field found, and the lists of entities that phones keep."""
