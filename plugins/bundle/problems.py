"""The error of this package."""


class BundleError(Exception):
    """Raised when an artifact cannot be made; the message says why, and what to change."""
