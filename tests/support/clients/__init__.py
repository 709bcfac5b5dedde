"""Programs that use typed clients, which generators make from openapi.json for the tests."""
