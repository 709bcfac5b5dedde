"""The copy of the service that tests deploy; dev/service_copy.py makes it."""

from dev.service_copy import THIS_PYTHON, Service

__all__ = ["THIS_PYTHON", "Service"]
