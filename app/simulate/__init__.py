"""A simulated fleet: devices, their bad lines, an office that is hurt meanwhile, and a verdict."""
