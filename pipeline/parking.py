"""Where what cannot be handled rests until a person looks at it: a queue, with the reason."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, NamedTuple

from aws.sqs import SQS, Key, Message

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, ValidationError

logger = logging.getLogger(__name__)

ERRORS_MAX = 5  # Of one reason; more help nobody.
REASON_MAX = 1000  # Characters.
ATTRIBUTES_MAX = 4096  # Bytes: the reason, and the little beside it.
UNPRINTABLE = re.compile("[^ -~]")  # SQS takes not all of it, and some is an attacker's to choose.


class Unprocessable(Exception):  # noqa: N818
    """Raised when trying again is of no use; says why, for the person who looks at it."""


class Parked(NamedTuple):
    """What is parked: a text, why, after how many attempts, and when it was first seen.

    `came_as` is what its source calls it, for the log.
    """

    came_as: str
    body: str
    reason: str
    attempts: int
    first_seen: str  # A time of RFC 3339.

    def with_clean_reason(self) -> Parked:
        """Return it with a reason that a queue takes: short, printable, and not empty."""
        return self._replace(reason=UNPRINTABLE.sub("?", self.reason)[:REASON_MAX] or "?")


class ParkingQueue:
    """A queue of what could not be handled; each of its messages has these attributes.

    `reason`; `attempts`, a number; `first_seen`, a time of RFC 3339.
    """

    def __init__(self, sqs: SQS, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def park(self, parked: dict[Key, Parked], deadline: float) -> set[Key]:
        """Park these, by their keys, and return the keys of what could not be parked in time."""
        parked = {key: each.with_clean_reason() for key, each in parked.items()}
        messages = {key: _message(each) for key, each in parked.items()}
        unsent = self._sqs.send_message_batch(deadline, self._url, messages)
        for key, each in parked.items():
            told = {"id": each.came_as, "attempts": each.attempts}
            if key in unsent:
                logger.error("not parked: %s; %s", each.reason, unsent[key].reason, extra=told)
            else:
                logger.warning("parked: %s", each.reason, extra=told)
        return set(unsent)


def describe(invalid: ValidationError) -> str:
    """Return what is wrong with something, as a reason: never what it holds."""
    errors = invalid.errors(include_url=False, include_input=False)[:ERRORS_MAX]
    return "; ".join(f"{_place(error)}: {error['msg']}" for error in errors)


def _place(error: ErrorDetails) -> str:
    places = error["loc"]
    if error["type"] == "extra_forbidden":
        places = places[:-1]  # Its name is not one of ours.
    return "".join(f"/{each}" for each in places) or "all of it"


def _message(parked: Parked) -> Message:
    attributes = {
        "reason": parked.reason,
        "attempts": str(parked.attempts),
        "first_seen": parked.first_seen,
    }
    return Message(parked.body, attributes)
