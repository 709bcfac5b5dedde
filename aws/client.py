"""What the clients of all AWS services share: attempts with backoff until a deadline."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from aws.errors import TransientError, Unavailable
from aws.json_protocol import read_document
from aws.service import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, Service
from invocation.environment import is_on_lambda
from invocation.json_text import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")

ATTEMPT_S = CONNECT_TIMEOUT_S + READ_TIMEOUT_S
BACKOFF_S, BACKOFF_MAX_S = 0.02, 0.5
CALL_ATTEMPTS_MAX = 20  # A bound for long deadlines.


class Client:
    """A client of one service, for one call at a time.

    Build it at import. On Lambda, it connects then: the init phase has a whole core, and an
    invocation 0.3 of one. Elsewhere, it connects with its first call.

    Deadlines are in seconds of `time.monotonic`. `random_bytes` draws the backoff.
    """

    SERVICE: str
    TARGET: str  # See `Service`.

    def __init__(self, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._random_bytes = random_bytes
        self._service = Service(self.SERVICE, self.TARGET)
        if is_on_lambda():
            self._service.prepare()

    def _call(self, operation: str, deadline: float, request: Mapping[str, Any]) -> Any:
        """Call an operation, retrying transient errors until `deadline`; return its response.

        Raises:
            Refused: the service refuses the call.
            Unavailable: no attempt succeeded in time.
        """
        return self._retry(lambda: self._attempt(operation, request), deadline)

    def _retry(self, attempt: Callable[[], T], deadline: float) -> T:
        """Call `attempt` until it raises no TransientError; return what it returns.

        Raises:
            Refused: the service refuses the call.
            Unavailable: no attempt succeeded before `deadline`.
        """
        reason = "no time for an attempt"
        for _ in self._attempts(deadline):
            try:
                return attempt()
            except TransientError as error:
                reason = str(error)
        raise Unavailable(f"{self.SERVICE}: {reason}")

    def _attempts(self, deadline: float) -> Iterator[int]:
        """Yield the number of each attempt that can end before `deadline`, after its backoff.

        The backoff is exponential with full jitter.
        https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        """
        for number in range(CALL_ATTEMPTS_MAX):
            backoff_s = self._draw() * min(BACKOFF_S * 2**number, BACKOFF_MAX_S) if number else 0
            if not has_time_for_attempt(deadline - backoff_s):
                return
            time.sleep(backoff_s)
            yield number

    def _draw(self) -> float:
        """Return a random number from 0 to 1. `random` takes longer to import than a call does."""
        return int.from_bytes(self._random_bytes(4), "big") / 2**32

    def _attempt(self, operation: str, request: Mapping[str, Any]) -> Any:
        """Call an operation once, within ATTEMPT_S.

        Raises:
            TransientError: a retry may succeed.
            Refused: the service refuses the call.
        """
        body = to_json(request).encode()
        end = time.monotonic() + ATTEMPT_S
        return read_document(self._service.request(operation, body, end))


def has_time_for_attempt(deadline: float) -> bool:
    """Whether an attempt that starts now ends before `deadline`."""
    return time.monotonic() + ATTEMPT_S <= deadline
