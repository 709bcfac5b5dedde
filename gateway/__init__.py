"""The edge between API Gateway and an entry point: event → payload → reply."""

from gateway.endpoint import endpoint
from gateway.problem import Problem
from gateway.reply import Reply

__all__ = ["Problem", "Reply", "endpoint"]
