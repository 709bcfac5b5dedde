"""What every reply of the service has in common, checked wherever a test looks at one."""

import json
import re
from collections.abc import Mapping
from typing import Any

# The statuses that the edge has for bad input.
REFUSALS = {400, 413, 415, 422}


def payload_of(reply: Mapping[str, Any]) -> Any:
    """Return the payload of a proxy response that must be a success."""
    assert reply["statusCode"] == 200, reply
    assert reply["headers"]["content-type"] == "application/json"
    return _json_of(reply)


def problem_of(reply: Mapping[str, Any], status: int, *extra: str) -> Any:
    """Return the problem details (RFC 9457) of a proxy response that must have that status.

    It must have these extra members, and no others.
    """
    assert reply["statusCode"] == status, reply
    assert reply["headers"]["content-type"] == "application/problem+json"
    problem = _json_of(reply)
    members = ["type", "title", "status", "detail", "instance", *extra]
    assert list(problem) == ([*members, "errors"] if status == 422 and not extra else members)
    assert re.match(r"https://www\.rfc-editor\.org/rfc/rfc(9110|6585)#section-\d", problem["type"])
    assert problem["title"]
    assert problem["status"] == status
    assert problem["detail"]
    ours = json.dumps({**problem, "instance": None})  # The id is API Gateway's.
    assert "pydantic" not in ours.lower()
    assert "Traceback" not in ours
    return problem


def _json_of(reply: Mapping[str, Any]) -> Any:
    assert list(reply) == ["isBase64Encoded", "statusCode", "headers", "body"]
    assert reply["isBase64Encoded"] is False
    assert reply["headers"]["access-control-allow-origin"] == "*"
    document = json.loads(reply["body"])
    compact = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert reply["body"] == compact
    return document
