"""A subclass without fields of its own, and a subclass made in a function."""
