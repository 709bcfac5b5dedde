"""What a route can respond if it does not succeed: problems of its function and of API Gateway."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from dev.openapi.routes import API_KEY, Route
from gateway.arguments import RAISED
from gateway.problem import BadRequest, InternalServerError, PreconditionFailed, Problem

RAISED_WHEN = "Raised when "  # The docstrings of problems begin with it.


@dataclass(frozen=True)
class Failure:
    """A problem that may be the response."""

    status: int
    name: str  # Of its class.
    when: str
    problem: type[Problem] = Problem  # It may have members and headers of its own.


# What API Gateway responds itself, as gateway/responses.cjs has it.
UNAUTHORIZED = Failure(401, "Unauthorized", "the credentials are missing or invalid.")
FORBIDDEN = Failure(403, "Forbidden", "the caller may not do this.")
INVALID_API_KEY = Failure(403, "InvalidApiKey", "the API key is missing or invalid.")
TOO_MANY_REQUESTS = Failure(429, "TooManyRequests", "there are too many requests.")
QUOTA_EXCEEDED = Failure(429, "QuotaExceeded", "the API key's quota is used up.")
GATEWAY_TIMEOUT = Failure(504, "GatewayTimeout", "the function does not respond.")


def find_failures(route: Route) -> Iterator[tuple[int, list[Failure]]]:
    """Yield the statuses of a route that are errors, in order, each with its kinds of problems."""
    found = [_of_function(problem) for problem in _find_problems(route)]
    found += _find_failures_of_gateway(route)
    found.sort(key=lambda each: each.status)
    for status, failures in groupby(found, lambda each: each.status):
        yield status, list(failures)


def _find_problems(route: Route) -> Iterator[type[Problem]]:
    problems = [InternalServerError, *route.handler.problems]
    for part in route.parts:
        if part != "path" or "{" in route.path:  # One function may have both kinds of routes.
            problems += RAISED.get(part, ())
    if route.is_conditional:
        problems += [BadRequest, PreconditionFailed]
    yield from dict.fromkeys(problems)


def _find_failures_of_gateway(route: Route) -> Iterator[Failure]:
    yield from (TOO_MANY_REQUESTS, GATEWAY_TIMEOUT)
    if API_KEY in route.schemes:
        yield from (INVALID_API_KEY, QUOTA_EXCEEDED)
    if {*route.schemes} - {API_KEY}:
        yield from (UNAUTHORIZED, FORBIDDEN)


def _of_function(problem: type[Problem]) -> Failure:
    summary = (problem.__doc__ or "").partition("\n")[0]
    if not summary.startswith(RAISED_WHEN):
        raise ValueError(f"The docstring of {problem.__name__} must begin with {RAISED_WHEN!r}.")
    when = summary.removeprefix(RAISED_WHEN)
    return Failure(problem.status, problem.__name__, when, problem)
