"""HTTP requests to the service, without the proxies and credentials of the environment."""

from typing import Any

import requests

TIMEOUT_S = 30


def call(url: str, method: str = "POST", **options: Any) -> requests.Response:
    """Return the response to a request."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=TIMEOUT_S, **options)


def preflight(url: str, method: str, headers: str) -> requests.Response:
    """Return the response to a CORS preflight request of a page of another origin."""
    headers_sent = {
        "Origin": "https://example.com",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return call(url, "OPTIONS", headers=headers_sent)


def proxy(response: requests.Response) -> dict[str, Any]:
    """Return an HTTP response in the form of a proxy response."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = response.content.decode()
    status = response.status_code
    return {"isBase64Encoded": False, "statusCode": status, "headers": headers, "body": body}
