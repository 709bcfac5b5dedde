"""What stops a bundle."""


class BundleError(Exception):
    """Raised when an artifact cannot be made as asked; the message says what to do."""
