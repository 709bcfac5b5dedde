"""What all responses of the service have in common, checked wherever a test looks at one."""

import json
from collections.abc import Mapping
from typing import Any

# The statuses of the edge for bad input.
REFUSALS = {400, 413, 415, 422}


def payload_of(response: Mapping[str, Any]) -> Any:
    """Return the payload of a proxy response, which must be a success."""
    assert response["statusCode"] == 200, response
    assert response["headers"]["content-type"] == "application/json"
    return _json_of(response)


def problem_of(response: Mapping[str, Any], status: int, *extra: str) -> Any:
    """Return the problem details (RFC 9457) of a proxy response, which must have this status.

    They must have these extra members and no others.
    """
    assert response["statusCode"] == status, response
    assert response["headers"]["content-type"] == "application/problem+json"
    assert response["headers"]["cache-control"] == "no-store"
    problem = _json_of(response)
    members = ["type", "title", "status", "detail", "instance", *extra]
    assert list(problem) == ([*members, "errors"] if status == 422 and not extra else members)
    assert problem["title"]
    name = problem["title"].lower().replace(" ", "-")
    assert problem["type"] == "about:blank" or problem["type"].endswith(f"/problems/{name}")
    assert problem["status"] == status
    assert problem["detail"]
    ours = json.dumps(
        {**problem, "instance": None}
    )  # The id is API Gateway's, and could contain any word.
    assert "pydantic" not in ours.lower()
    assert "Traceback" not in ours
    return problem


def _json_of(response: Mapping[str, Any]) -> Any:
    assert list(response) == ["isBase64Encoded", "statusCode", "headers", "body"]
    assert response["isBase64Encoded"] is False
    assert response["headers"]["access-control-allow-origin"] == "*"
    assert response["headers"]["x-content-type-options"] == "nosniff"
    document = json.loads(response["body"])
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert response["body"] == compact
    return document
