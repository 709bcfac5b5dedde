"""HTTP to the service, without anything that `requests` reads from elsewhere."""

from typing import Any

import requests

TIMEOUT_S = 30


def call(url: str, method: str = "POST", **options: Any) -> requests.Response:
    """Return the response to a request."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=TIMEOUT_S, **options)


def preflight(url: str, method: str, headers: str) -> requests.Response:
    """Return the answer to a browser that asks what a page of another origin may send."""
    asked = {
        "Origin": "https://example.com",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return call(url, "OPTIONS", headers=asked)


def proxy(response: requests.Response) -> dict[str, Any]:
    """Return an HTTP response in the terms of the proxy response that it came from."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = response.content.decode()
    status = response.status_code
    return {"isBase64Encoded": False, "statusCode": status, "headers": headers, "body": body}
