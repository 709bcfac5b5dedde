"""What the smoke test found: each check that passed, and what differs in the others."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from ops.smoke.api import Response

BAD_REQUEST = 400
PROBLEM_MEMBERS = ["type", "title", "status", "detail", "instance"]  # RFC 9457's, in our order.
SHOWN_MAX = 200  # Characters of what a response had.


class Report:
    """The checks. `origin` is whose pages may read responses: the parameter corsOrigin."""

    def __init__(self, origin: str) -> None:
        self.passed = self.failed = 0
        self.origin = origin

    def expect(  # noqa: PLR0913
        self,
        claim: str,
        response: Response,
        status: int,
        *,
        headers: Mapping[str, str | None] | None = None,
        members: Mapping[str, Any] | None = None,
        text: str | None = None,
    ) -> bool:
        """Check a response: its status, its body, and the headers that every response has.

        `headers` are expected besides those, None for one that must not be there. `members` are
        expected in the JSON object of the body, besides others. Returns whether all is as expected.
        """
        wanted: dict[str, str | None] = {
            "access-control-allow-origin": self.origin,
            "x-content-type-options": "nosniff",
            **(headers or {}),
        }
        differences = list(differ("status", status, response.status))
        if self.origin != "*" and "origin" not in response.headers.get("vary", "").lower():
            differences.append("header vary: expected one with origin")
        if response.status >= BAD_REQUEST and response.call.partition(" ")[0] != "HEAD":
            wanted["content-type"] = "application/problem+json"
            differences += find_problem_differences(response)
        for name, value in wanted.items():
            differences += differ(f"header {name}", value, response.headers.get(name))
        for name, value in (members or {}).items():
            differences += differ(f"member {name}", value, response.member(name))
        if text is not None:
            differences += differ("body", text, response.body.decode(errors="replace"))
        return self.note(f"{claim} ({response.call})", differences)

    def note(self, claim: str, differences: list[str]) -> bool:
        """Count and print a check; return whether there are no differences."""
        if differences:
            self.failed += 1
            print(f"DIFFERS  {claim}", *(f"         {each}" for each in differences), sep="\n")
        else:
            self.passed += 1
            print(f"ok       {claim}")
        return not differences

    def mention_unchecked(self, routes: list[str]) -> None:
        """Print the routes that have no check. That is no difference: they may be new."""
        for route in routes:
            print(f"no check {route}")


def differ(what: str, expected: object, got: object) -> Iterator[str]:
    """Yield what differs, if anything does."""
    if expected != got:
        yield f"{what}: expected {show(expected)}, got {show(got)}"


def show(value: object) -> str:
    """Return a value as people read it, and not all of a long one."""
    text = "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


def find_problem_differences(response: Response) -> list[str]:
    """Return how an error response differs from problem details (RFC 9457)."""
    problem = response.json
    if not isinstance(problem, dict):
        return [
            f"body: expected problem details, got {show(response.body.decode(errors='replace'))}"
        ]
    differences = list(differ("first members", PROBLEM_MEMBERS, list(problem)[:5]))
    differences += differ("member status", response.status, problem.get("status"))
    if response.status == HTTPStatus.UNPROCESSABLE_ENTITY and not problem.get("errors"):
        differences.append("member errors: expected what is wrong where, got none")
    return differences
