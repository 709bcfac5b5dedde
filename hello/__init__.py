"""A greeting, from the smallest function."""
