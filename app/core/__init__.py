"""Settings, database, clock, identity, problems, security: the ground floor of the service."""
