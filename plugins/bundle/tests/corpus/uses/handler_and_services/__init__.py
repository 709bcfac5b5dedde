"""A service of several modules: models, stores, a handler; pydantic is imported as a module."""
