"""Pages, charts and the map."""
