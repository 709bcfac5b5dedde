"""HTTP requests to the service, without the proxies and credentials of the environment."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from dev.service import API_ID, STAGE
from tests.support.conformance import check_conformance

TIMEOUT_S = 30
API = f"/{API_ID}/{STAGE}"  # In paths, before those of the API.


class From(HTTPAdapter):
    """Connects from an address of this machine. On Linux, all of 127.0.0.0/8 are."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make what opens connections."""
        super().init_poolmanager(*arguments, **options, source_address=(self.address, 0))


def call(
    url: str,
    method: str = "POST",
    *,
    source: str = "127.0.0.1",
    is_declared: bool = True,
    **options: Any,
) -> requests.Response:
    """Return the response to a request from a source address.

    It must be one that openapi.json declares, unless something else than the service responds.
    """
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", From(source))
        response = session.request(method, url, timeout=TIMEOUT_S, **options)
    if is_declared and API in urlsplit(url).path:
        check_conformance(response, urlsplit(url).path.partition(API)[2] or "/")
    return response


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
