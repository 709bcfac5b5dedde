"""The credentials that Lambda serves over HTTP to functions with SnapStart.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
"""

from __future__ import annotations

import os
import time

from pydantic_core import from_json

from aws.connection import Connection
from aws.credentials import Credentials, CredentialsError
from aws.endpoint import Endpoint
from aws.errors import TransientError

# The endpoint responds in some milliseconds, and the call itself needs most of an attempt.
FETCH_TIMEOUT_S = 0.5
REFRESH_BEFORE_S = 5 * 60  # Before they expire.
# The hosts that AWS's SDKs allow without TLS, besides those of the loopback network.
PLAIN_HOSTS = {"localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"}


class EndpointCredentials:
    """The credentials of AWS_CONTAINER_CREDENTIALS_FULL_URI, refreshed before they expire."""

    def __init__(self, url: str) -> None:
        try:
            self._endpoint = Endpoint(url)
        except ValueError as error:
            raise CredentialsError(f"AWS_CONTAINER_CREDENTIALS_FULL_URI: {error}") from None
        host = self._endpoint.host
        is_loopback = host.startswith("127.") and host.replace(".", "").isdigit()
        if not (self._endpoint.is_tls or is_loopback or host in PLAIN_HOSTS):
            raise CredentialsError(
                f"AWS_CONTAINER_CREDENTIALS_FULL_URI: {host} is not allowed without TLS"
            )
        self._credentials: Credentials | None = None
        self._expires = ""

    def get(self, deadline: float) -> Credentials:
        """Return the credentials, after a request to the endpoint if that is due.

        Raises:
            TransientError: the endpoint did not respond, and no earlier credentials are valid.
            CredentialsError: its response, or the authorization token for it, is invalid.
        """
        credentials = self._credentials
        if not credentials or self._expire_within(REFRESH_BEFORE_S):
            try:
                return self._fetch(min(deadline, time.monotonic() + FETCH_TIMEOUT_S))
            except TransientError:
                if not credentials or self._expire_within(0):
                    raise
        return credentials

    def expire(self) -> bool:
        """Forget credentials that a service calls expired; return whether there may be others."""
        self._credentials = None
        return True

    def _expire_within(self, seconds: float) -> bool:
        # Both are times in RFC 3339 and in UTC, so the order of the texts is that of the times.
        then = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + seconds))
        return bool(self._expires) and self._expires[: len(then)] <= then

    def _fetch(self, deadline: float) -> Credentials:
        connection = Connection(self._endpoint)
        headers = {"host": self._endpoint.authority, "accept": "application/json"}
        if token := _read_authorization_token():
            headers["authorization"] = token
        try:
            connection.open(deadline)
            response = connection.exchange("GET", headers, b"", deadline)
        except OSError as error:
            raise TransientError(f"no credentials: {type(error).__name__}: {error}") from error
        finally:
            connection.close()
        if response.status != 200:  # noqa: PLR2004
            raise TransientError(f"no credentials: status {response.status}")
        self._credentials, self._expires = _parse(response.body)
        return self._credentials


def _read_authorization_token() -> str:
    # The file comes first, as in botocore. Its content may change, so it is read each time.
    token = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
    if path := os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"):
        try:
            with open(path, encoding="ascii") as file:  # noqa: PTH123 (pathlib is slow to import)
                token = file.read()
        except (OSError, ValueError) as error:
            raise CredentialsError(f"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {error}") from error
    if not (token.isascii() and token.isprintable()):
        raise CredentialsError("AWS_CONTAINER_AUTHORIZATION_TOKEN contains a line break or so.")
    return token


def _parse(body: bytes) -> tuple[Credentials, str]:
    """Return the credentials of a response, and when they expire."""
    try:
        found = from_json(body)
        parts = (found["AccessKeyId"], found["SecretAccessKey"], found["Token"])
        return Credentials(*parts), str(found.get("Expiration") or "")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CredentialsError("The endpoint's response is not credentials.") from error
