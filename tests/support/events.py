"""Events of API Gateway. A test names only the parts that it is about."""

from base64 import b64encode
from typing import Any

BODY = '{"name": "SilentByte", "count": 10}'


def rest_event(  # noqa: PLR0913
    *,
    body: str | bytes | None = BODY,
    headers: dict[str, str] | None = None,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    method: str = "POST",
    request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
) -> dict[str, Any]:
    """Return an event of a REST API (payload format 1.0). A body of bytes becomes base64."""
    return {
        "resource": "/lucky_numbers",
        "path": "/lucky_numbers",
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": headers and {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {name: [query[name]] for name in query},
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": {
            "requestId": request_id,
            "stage": "dev",
            "httpMethod": method,
            "path": "/dev/lucky_numbers",
            "resourcePath": "/lucky_numbers",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "curl/8.0.0"},
        },
        **_body(body),
    }


def http_event(  # noqa: PLR0913
    *,
    body: str | bytes | None = BODY,
    headers: dict[str, str] | None = None,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    method: str = "POST",
    request_id: str = "JKJaXmPLvHcESHA=",
) -> dict[str, Any]:
    """Return an event of an HTTP API (payload format 2.0). A body of bytes becomes base64."""
    return {
        "version": "2.0",
        "routeKey": f"{method} /lucky_numbers",
        "rawPath": "/lucky_numbers",
        "rawQueryString": "",
        "headers": headers or {},
        **({"pathParameters": path} if path else {}),
        **({"queryStringParameters": query} if query else {}),
        "requestContext": {
            "requestId": request_id,
            "stage": "$default",
            "http": {"method": method, "path": "/lucky_numbers", "sourceIp": "192.0.2.1"},
        },
        **_body(body),
    }


def bare_event(*, body: str | bytes | None = BODY) -> dict[str, Any]:
    """Return an event that has only a body, like that of `serverless invoke local --data`."""
    return {key: value for key, value in _body(body).items() if value}


def _body(body: str | bytes | None) -> dict[str, Any]:
    if isinstance(body, bytes):
        return {"body": b64encode(body).decode(), "isBase64Encoded": True}
    return {"body": body, "isBase64Encoded": False}
