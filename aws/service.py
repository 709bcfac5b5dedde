"""A service of AWS: sends it signed requests, over one connection."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from aws.connection import Connection
from aws.credentials import CredentialsError, find_credentials
from aws.endpoint import find_endpoint, find_region
from aws.errors import TransientError
from aws.json_protocol import CLOCK_SKEW, EXPIRED_CREDENTIALS, find_code
from aws.signing import TIME_FORMAT, sign

if TYPE_CHECKING:
    from aws.response import Response

# These services respond in some ten milliseconds; a slower call is better retried.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0  # For sending a request, and receiving the whole response.
CLOCK_SKEW_S = 4 * 60  # AWS refuses signatures that are five minutes old.


class Service:
    """A service, such as "dynamodb". Region, credentials and endpoint are the environment's.

    `target` precedes the names of its operations in the header `x-amz-target`.
    """

    def __init__(self, name: str, target: str) -> None:
        self._name = name
        self._target = target
        self._region = find_region()
        self._endpoint = find_endpoint(name, self._region)
        self._connection = Connection(self._endpoint)
        self._credentials = find_credentials()
        self._clock_offset_s = 0.0  # By which the service's clock is ahead of this machine's.

    def prepare(self) -> None:
        """Get credentials and connect. If that fails, the first request does it."""
        end = time.monotonic() + CONNECT_TIMEOUT_S
        try:
            self._credentials.get(end)
            self._connection.open(end)
        except (CredentialsError, TransientError, OSError):
            return

    def request(self, operation: str, body: bytes, end: float) -> Response:
        """Send a request and return the response, until `end`.

        If the service refuses the signature, and there is a better one, it is sent again at once.

        Raises:
            TransientError: there was no response.
            CredentialsError: there are no credentials.
        """
        response = self._send(operation, body, end)
        if response.status != 200 and self._has_better_signature(response):  # noqa: PLR2004
            response = self._send(operation, body, end)
        return response

    def _send(self, operation: str, body: bytes, end: float) -> Response:
        credentials = self._credentials.get(end)
        try:
            self._connection.open(min(end, time.monotonic() + CONNECT_TIMEOUT_S))
        except OSError as error:
            raise TransientError(_describe(error)) from error
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "host": self._endpoint.authority,
            "x-amz-target": f"{self._target}.{operation}",
        }
        headers = sign(
            headers,
            body,
            credentials,
            service=self._name,
            region=self._region,
            time=time.strftime(TIME_FORMAT, time.gmtime(time.time() + self._clock_offset_s)),
        )
        deadline = min(end, time.monotonic() + READ_TIMEOUT_S)
        try:
            return self._connection.exchange("POST", headers | _trace(), body, deadline)
        except OSError as error:
            raise TransientError(_describe(error)) from error

    def _has_better_signature(self, response: Response) -> bool:
        """Whether a signature with a corrected time or other credentials may be accepted."""
        code = find_code(response)
        if code in EXPIRED_CREDENTIALS:
            return self._credentials.expire()
        if code not in CLOCK_SKEW:
            return False
        offset_s = _find_clock_offset_s(response)
        if offset_s is None or abs(offset_s - self._clock_offset_s) < CLOCK_SKEW_S:
            return False
        self._clock_offset_s = offset_s
        return True


def _trace() -> dict[str, str]:
    """Return the header by which Lambda notices that functions and queues call each other forever.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    trace_id = os.environ.get("_X_AMZN_TRACE_ID", "")
    is_valid = trace_id.isascii() and trace_id.isprintable()
    return {"x-amzn-trace-id": trace_id} if trace_id and is_valid else {}


def _find_clock_offset_s(response: Response) -> float | None:
    """Return how far the clock of a response's date is ahead, or None if it has no valid date."""
    import calendar  # noqa: PLC0415 (rarely needed)

    try:
        date = time.strptime(response.headers.get("date", ""), "%a, %d %b %Y %H:%M:%S GMT")
    except ValueError:
        return None
    return calendar.timegm(date) - time.time()


def _describe(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"
