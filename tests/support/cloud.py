"""The names and settings of deployed functions; dev/functions.py reads them."""

from dev.functions import function_environment, function_name

__all__ = ["function_environment", "function_name"]
