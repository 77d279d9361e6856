"""The service: everything that knows HTTP, SQL and users."""
