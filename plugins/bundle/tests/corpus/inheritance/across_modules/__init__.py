"""Subclasses of models in other modules of the service, with aliases of imports."""
