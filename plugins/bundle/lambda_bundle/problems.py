"""The error that the bundler raises."""

ADVICE = (
    "To ship pydantic instead, set `bundle: {pydantic: true}` for this function in serverless.yml."
)


class BundleError(Exception):
    """Raised when an artifact cannot be made; the message says why, and what to change."""
