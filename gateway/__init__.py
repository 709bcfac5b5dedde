"""The edge between API Gateway and an entry point: event → payload → response."""

from gateway.conditions import EntityTags
from gateway.endpoint import endpoint
from gateway.problem import Problem
from gateway.response import Response

__all__ = ["EntityTags", "Problem", "Response", "endpoint"]
