"""Progress per area: targets, presence, documents by status."""
