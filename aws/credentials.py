"""The credentials that sign requests: from the environment, from an endpoint, or of a developer.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from invocation.environment import is_on_lambda

if TYPE_CHECKING:
    from typing import Any

    from aws.credentials_endpoint import EndpointCredentials

NAMES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class CredentialsError(Exception):
    """Raised when there are no usable credentials. The text says what to do."""


class Credentials:
    """An access key, and the token of its session, or "" if it has none."""

    __slots__ = ("access_key", "secret_key", "token")

    def __init__(self, access_key: str, secret_key: str, token: str) -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.token = token
        for name, value in zip(NAMES, (access_key, secret_key, token), strict=True):
            if not value and name != "AWS_SESSION_TOKEN":
                raise CredentialsError(f"{name} is missing. Set it, as Lambda does.")
            if not (value.isascii() and value.isprintable()) or " " in value:
                raise CredentialsError(f"{name} contains a space, a line break or the like.")


def find_credentials() -> EnvironmentCredentials | EndpointCredentials | ProfileCredentials:
    """Return where credentials come from. It is only asked for them when they are needed.

    Raises:
        CredentialsError: AWS_CONTAINER_CREDENTIALS_FULL_URI is invalid.
    """
    url = os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    has_keys = any(os.environ.get(name) for name in NAMES[:2])
    if url and not has_keys:
        from aws.credentials_endpoint import EndpointCredentials  # noqa: PLC0415 (for SnapStart)

        return EndpointCredentials(url)
    return EnvironmentCredentials() if has_keys or is_on_lambda() else ProfileCredentials()


class EnvironmentCredentials:
    """The credentials that Lambda puts into the environment. They are valid while it runs."""

    def __init__(self) -> None:
        self._values = [os.environ.get(name, "") for name in NAMES]

    def get(self, _deadline: float) -> Credentials:
        """Return the credentials.

        Raises:
            CredentialsError: a part is missing or invalid.
        """
        return Credentials(*self._values)

    def expire(self) -> bool:
        """Forget credentials that a service calls expired; return whether there may be others."""
        return False


class ProfileCredentials:
    """The credentials of a developer, such as those of a profile: for `serverless invoke local`.

    botocore finds and refreshes them. Functions on Lambda, where importing it would take longer
    than they take to start, have credentials of their own.
    """

    def __init__(self) -> None:
        self._source: Any = None

    def get(self, _deadline: float) -> Credentials:
        """Return the credentials.

        Raises:
            CredentialsError: there are none.
        """
        self._source = self._source or _find_by_botocore()
        if not self._source:
            raise CredentialsError(
                "There are no AWS credentials. Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in, as"
                " for any AWS tool. For the local cloud, use the export line of npm start."
            )
        found = self._source.get_frozen_credentials()
        return Credentials(found.access_key, found.secret_key, found.token or "")

    def expire(self) -> bool:
        """Forget credentials that a service calls expired; return whether there may be others."""
        return False


def _find_by_botocore() -> Any:
    try:
        import botocore.session  # noqa: PLC0415
    except ImportError:
        return None
    return botocore.session.Session().get_credentials()
