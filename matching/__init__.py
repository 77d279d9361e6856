"""One business, one record: pure rules of matching, and their batch on DuckDB."""
