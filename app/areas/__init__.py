"""The region tree: province to sub-SLS, with versions, crosswalk and boundaries."""
