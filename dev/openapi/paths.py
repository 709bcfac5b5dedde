"""Paths of routes, such as "/users/{id}", as patterns of the paths that requests have."""

import re


def compile_path(path: str) -> re.Pattern[str]:
    """Return the pattern of a path, in which each parameter is one segment."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", path))))
