"""What the clients of AWS's services have in common: how long they try."""

import logging
import os
import time
from collections.abc import Callable
from random import SystemRandom
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

# These services answer within some ten milliseconds: what takes longer is better asked anew.
CONNECT_TIMEOUT_S = 0.5
READ_TIMEOUT_S = 1.0
ATTEMPT_S = CONNECT_TIMEOUT_S + READ_TIMEOUT_S
PAUSE_S, PAUSE_MAX_S = 0.02, 0.5
ATTEMPTS_MAX = 20

# What passes by itself, from a call as from an item of a transaction.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
TRANSIENT = {
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

Given = TypeVar("Given")


class Unavailable(TimeoutError):  # noqa: N818
    """Raised when a service did not do it in the time left.

    Of a write that it did not answer, nobody knows whether it was done.
    """


class Refused(Exception):  # noqa: N818
    """Raised when a service would not do it, now or later.

    `may_be_ours` tells that an attempt before was not answered: it may well have been done then,
    and what is in the way be what that attempt did.
    """

    may_be_ours = False


class TransientError(Exception):
    """Raised when the same call may well succeed a moment later; unanswered, it may be done."""

    def __init__(self, told: str, *, is_unanswered: bool = False) -> None:
        super().__init__(told)
        self.is_unanswered = is_unanswered


class Client:
    """A client, which is built with an instance and connects with the first call.

    Region, credentials and an AWS_ENDPOINT_URL come from the environment. Each call tries, and
    again with full jitter what passes by itself, as long as the time up to its `deadline`, in
    seconds of `time.monotonic`, lets an attempt end.
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """

    SERVICE: str

    def __init__(self) -> None:
        # At INFO it tells, of each cold start, where it found its credentials.
        logging.getLogger("botocore").setLevel(logging.WARNING)
        self._rng = SystemRandom()
        self._client = botocore.session.Session().create_client(
            self.SERVICE,
            region_name=os.environ["AWS_REGION"],
            config=Config(
                connect_timeout=CONNECT_TIMEOUT_S,
                read_timeout=READ_TIMEOUT_S,
                retries={"total_max_attempts": 1},  # It knows nothing of the time left.
                tcp_keepalive=True,
            ),
        )

    def _try(self, attempt: Callable[[], Given], deadline: float) -> Given:
        """Return what an attempt gives, of as many as there is time for.

        Raises:
            Unavailable: none succeeded in time.
        """
        is_unanswered = False
        failure: TransientError | None = None
        for number in range(ATTEMPTS_MAX):
            pause = self._rng.uniform(0, min(PAUSE_S * 2**number, PAUSE_MAX_S)) if number else 0
            if time.monotonic() + pause + ATTEMPT_S > deadline:
                break
            time.sleep(pause)
            try:
                return self._translate(attempt)
            except Refused as refused:
                refused.may_be_ours = is_unanswered
                raise
            except TransientError as error:
                is_unanswered |= error.is_unanswered
                failure = error
        raise Unavailable(f"{self.SERVICE}: {failure or 'no time for an attempt'}") from failure

    def _translate(self, attempt: Callable[[], Given]) -> Given:
        """Return what an attempt gives, or raise what its failure means."""
        try:
            return attempt()
        except (ConnectionError, HTTPClientError) as error:
            raise TransientError(type(error).__name__, is_unanswered=True) from error
        except ClientError as error:
            response: dict[str, Any] = error.response
            reasons = response.get("CancellationReasons", [])
            codes = {response["Error"]["Code"], *(reason["Code"] for reason in reasons)}
            is_failure = response["ResponseMetadata"]["HTTPStatusCode"] >= 500  # noqa: PLR2004
            # In a conflict, what else is said of a transaction may be about to change.
            if codes & TRANSIENT or is_failure:
                told = ", ".join(sorted(codes))
                raise TransientError(told, is_unanswered=is_failure) from error
            raise
