"""Random numbers from the operating system's secure source."""
