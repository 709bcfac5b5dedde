"""Makes a new service from this one."""
