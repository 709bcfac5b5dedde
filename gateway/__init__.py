"""The edge between API Gateway and an entry point: event → payload → response."""

from gateway.conditions import EntityTags, Preconditions
from gateway.endpoint import endpoint
from gateway.problem import Problem
from gateway.response import Response

__all__ = ["EntityTags", "Preconditions", "Problem", "Response", "endpoint"]
