"""Releases: clean microdata, codebook, checksums."""
