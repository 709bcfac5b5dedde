"""Protects the tables of a stack from deletion."""
