"""Modules that import each other for annotations only."""
