"""The demo: an invented census day in Kota Pekalongan, on the real service."""
