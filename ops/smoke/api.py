"""The deployed API, as a client on the internet calls it."""

import http.client
import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

CALL_TIMEOUT_S = 15  # A cold start takes a second.
THROTTLED_WAIT_S = 1
REPEATABLE = {"GET", "HEAD", "OPTIONS"}
CONNECTIONS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class OutOfTimeError(Exception):
    """Raised when the time for all calls is used up."""


class Response:
    """A response. The names of `headers` are in lower case."""

    def __init__(self, call: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.call = call  # Such as "GET /hello".
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        """The body's JSON, or None."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def member(self, name: str) -> Any:
        """Return a member of the JSON object in the body, or None."""
        return self.json.get(name) if isinstance(self.json, dict) else None


class Api:
    """An API, at a URL without a trailing slash.

    It keeps one connection open, so that all calls come from one address: of a viewer of claps.
    `deadline` is in seconds of `time.monotonic`. `calls` has the method and path of each call.
    """

    def __init__(self, url: str, key: str, deadline: float) -> None:
        target = urlsplit(url)
        self.url = url
        self.calls: set[tuple[str, str]] = set()
        self._base = target.path
        self._key = key
        self.deadline = deadline
        self._connection = CONNECTIONS[target.scheme](target.netloc, timeout=CALL_TIMEOUT_S)

    def call(  # noqa: PLR0913
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        has_key: bool = False,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send a request, and again each second while it is throttled.

        A body of bytes is sent as it is, any other as JSON.

        Raises:
            OSError, http.client.HTTPException: there is no response.
            OutOfTimeError: the deadline has passed.
        """
        self.calls.add((method, path))
        target = f"{path}?{urlencode(query)}" if query else path
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"content-type": "application/json"} if content is not None else {}
        sent |= {"x-api-key": self._key} if has_key else {}
        sent |= headers or {}
        while True:
            response = self._send(method, target, content, sent)
            if response.status != HTTPStatus.TOO_MANY_REQUESTS:
                return response
            time.sleep(THROTTLED_WAIT_S)

    def _send(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> Response:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        self._connection.timeout = min(left, CALL_TIMEOUT_S)
        if self._connection.sock:
            self._connection.sock.settimeout(self._connection.timeout)
        try:
            if method not in REPEATABLE:
                self._connection.close()  # Only a new connection cannot have been closed meanwhile.
            try:
                received = self._receive(method, target, body, headers)
            except http.client.RemoteDisconnected:  # An idle connection was closed.
                if method not in REPEATABLE:
                    raise
                received = self._receive(method, target, body, headers)
            content = received.read()
        except BaseException:
            self._connection.close()
            raise
        names = {name.lower() for name in received.headers}
        values = {name: ", ".join(received.headers.get_all(name, [])) for name in names}
        return Response(f"{method} {target}", received.status, values, content)

    def _receive(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, self._base + target, body, headers)
        response: http.client.HTTPResponse = self._connection.getresponse()
        return response
