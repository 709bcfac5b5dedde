"""What a route can respond if it does not succeed: problems of its function and of API Gateway."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from dev.openapi.routes import API_KEY, Route
from gateway.arguments import RAISED
from gateway.problem import BadRequest, InternalServerError, PreconditionFailed, Problem

# What API Gateway responds itself; gateway/responses.cjs has its words.
UNAUTHORIZED, FORBIDDEN, TOO_MANY_REQUESTS, GATEWAY_TIMEOUT = 401, 403, 429, 504
FROM_GATEWAY = {
    UNAUTHORIZED: "the credentials are missing.",
    FORBIDDEN: "the credentials are missing or invalid.",
    TOO_MANY_REQUESTS: "there are too many requests, or the API key's quota is used up.",
    GATEWAY_TIMEOUT: "the function does not respond.",
}


@dataclass(frozen=True)
class Failure:
    """A kind of problem: its name, and when it is the response."""

    status: int
    name: str
    when: str
    problem: type[Problem]  # Which may have members and headers of its own.


def find_failures(route: Route) -> Iterator[tuple[int, list[Failure]]]:
    """Yield the statuses of a route that are errors, in order, each with its kinds of problems."""
    found = [_of_function(problem) for problem in _find_problems(route)]
    found += [_of_gateway(status) for status in _find_gateway_statuses(route)]
    found.sort(key=lambda each: each.status)
    for status, failures in groupby(found, lambda each: each.status):
        yield status, list(failures)


def _find_problems(route: Route) -> Iterator[type[Problem]]:
    problems = [InternalServerError, *route.handler.problems]
    for part in route.parts:
        problems += RAISED.get(part, ())
    if route.is_conditional:
        problems += [BadRequest, PreconditionFailed]
    yield from dict.fromkeys(problems)


def _find_gateway_statuses(route: Route) -> Iterator[int]:
    yield from (TOO_MANY_REQUESTS, GATEWAY_TIMEOUT)
    if route.schemes:
        yield FORBIDDEN
    if {*route.schemes} - {API_KEY}:
        yield UNAUTHORIZED


def _of_function(problem: type[Problem]) -> Failure:
    when = (problem.__doc__ or "").partition("\n")[0].removeprefix("Raised when ")
    return Failure(problem.status, problem.__name__, when, problem)


def _of_gateway(status: int) -> Failure:
    name = HTTPStatus(status).phrase.replace(" ", "")
    return Failure(status, name, FROM_GATEWAY[status], Problem)
