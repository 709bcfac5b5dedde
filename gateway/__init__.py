"""The edge between API Gateway and an entry point: event → payload → reply."""

from gateway.conditions import EntityTags
from gateway.endpoint import endpoint
from gateway.problem import Problem
from gateway.reply import Reply

__all__ = ["EntityTags", "Problem", "Reply", "endpoint"]
