"""What the clients of all AWS services share: attempts with backoff until a deadline."""

from __future__ import annotations

import logging
import os
import time
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# These services respond in some ten milliseconds; a slower call is better retried.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0
ATTEMPT_S = CONNECT_TIMEOUT_S + READ_TIMEOUT_S
BACKOFF_S, BACKOFF_MAX_S = 0.02, 0.5
CALL_ATTEMPTS_MAX = 20  # A bound for long deadlines.

# Retryable errors, of a call or of one action of a transaction.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
RETRYABLE = {
    "InternalError",
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "ServiceUnavailable",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
}


class Unavailable(TimeoutError):  # noqa: N818
    """Raised when no attempt succeeded before the deadline.

    The outcome of a write is then unknown: it may have been done.
    """


class Refused(Exception):  # noqa: N818
    """Raised when a service refuses a call, and would refuse every retry.

    `outcome_unknown` is true when an earlier attempt got no response. That attempt may have
    succeeded, and this one may have been refused because of it.
    """

    outcome_unknown = False


class TransientError(Exception):
    """Raised when an attempt failed and a retry may succeed.

    `outcome_unknown` is true when the attempt got no response, so it may have succeeded.
    """

    def __init__(self, reason: str, *, outcome_unknown: bool = False) -> None:
        super().__init__(reason)
        self.outcome_unknown = outcome_unknown


class Client:
    """A client of one service. It connects with its first call.

    Build it at import: Lambda gives the init phase a whole core, and an invocation 0.3 of one.
    Region, credentials and AWS_ENDPOINT_URL come from the environment. Deadlines are in seconds of
    `time.monotonic`.
    """

    SERVICE: str

    def __init__(self) -> None:
        # At INFO, botocore logs in each cold start where it found its credentials.
        logging.getLogger("botocore").setLevel(logging.WARNING)
        self._rng = SystemRandom()
        self._client = botocore.session.Session().create_client(
            self.SERVICE,
            region_name=os.environ["AWS_REGION"],
            config=Config(
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"total_max_attempts": 1},  # Its own retries know no deadline.
                tcp_keepalive=True,
            ),
        )

    def _call(self, operation: str, deadline: float, request: Mapping[str, Any]) -> Any:
        """Call an operation, retrying transient errors until `deadline`; return its response.

        Raises:
            ClientError: the service refuses the call. Subclasses raise some as `Refused`.
            Unavailable: no attempt succeeded in time.
        """
        outcome_unknown = False
        failure: TransientError | None = None
        for _ in self._attempts(deadline):
            try:
                return self._attempt(operation, request)
            except Refused as refused:
                refused.outcome_unknown = outcome_unknown
                raise
            except TransientError as error:
                outcome_unknown |= error.outcome_unknown
                failure = error
        raise self._unavailable(failure) from failure

    def _attempts(self, deadline: float) -> Iterator[int]:
        """Yield the number of each attempt that can end before `deadline`, after its backoff.

        The backoff is exponential with full jitter.
        https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        """
        for number in range(CALL_ATTEMPTS_MAX):
            longest_s = min(BACKOFF_S * 2**number, BACKOFF_MAX_S)
            backoff_s = self._rng.uniform(0, longest_s) if number else 0
            if not has_time_for_attempt(deadline - backoff_s):
                return
            time.sleep(backoff_s)
            yield number

    def _attempt(self, operation: str, request: Mapping[str, Any]) -> Any:
        """Call an operation once.

        Raises:
            TransientError: a retry may succeed.
            ClientError: the service refuses the call. Subclasses raise some as `Refused`.
        """
        try:
            return getattr(self._client, xform_name(operation))(**request)
        except (ConnectionError, HTTPClientError) as error:
            raise TransientError(type(error).__name__, outcome_unknown=True) from error
        except ClientError as error:
            response: dict[str, Any] = error.response
            reasons = response.get("CancellationReasons", [])
            codes = {response["Error"]["Code"], *(reason["Code"] for reason in reasons)}
            is_server_error = response["ResponseMetadata"]["HTTPStatusCode"] >= 500  # noqa: PLR2004
            # A conflict comes first: the transaction's other reasons may change with a retry.
            if codes & RETRYABLE or is_server_error:
                reason = ", ".join(sorted(codes))
                raise TransientError(reason, outcome_unknown=is_server_error) from error
            raise

    def _unavailable(self, failure: TransientError | None) -> Unavailable:
        return Unavailable(f"{self.SERVICE}: {failure or 'no time for an attempt'}")


def has_time_for_attempt(deadline: float) -> bool:
    """Whether an attempt that starts now ends before `deadline`."""
    return time.monotonic() + ATTEMPT_S <= deadline
