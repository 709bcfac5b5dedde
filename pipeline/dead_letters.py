"""Dead letters: records and messages that could not be handled, kept with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws.sqs import Message
from invocation.log import log

if TYPE_CHECKING:
    from aws.sqs import SQS, T

REASON_MAX = 1000  # Characters.
ATTRIBUTES_MAX = 4096  # Bytes of all attributes.


class PermanentFailure(Exception):  # noqa: N818
    """Raised when a record or message would fail every retry; its text is the reason."""


class DeadLetter:
    """A record or message that could not be handled.

    `source_id` is its message id or sequence number, `first_seen` a time in RFC 3339.
    """

    def __init__(
        self, source_id: str, body: str, reason: str, *, attempts: int, first_seen: str
    ) -> None:
        self.source_id = source_id
        self.body = body
        self.reason = reason
        self.attempts = attempts
        self.first_seen = first_seen

    def to_message(self) -> Message:
        """Return the message for the queue, with the attributes reason, attempts, first_seen."""
        return Message(
            self.body,
            {
                "reason": clean_reason(self.reason),
                "attempts": str(self.attempts),
                "first_seen": self.first_seen,
            },
        )


class DeadLetterQueue:
    """An SQS queue for dead letters."""

    def __init__(self, sqs: SQS, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, dead_letters: dict[T, DeadLetter], deadline: float) -> set[T]:
        """Send dead letters; return the keys of those that could not be sent in time."""
        messages = {key: each.to_message() for key, each in dead_letters.items()}
        unsent = self._sqs.send(self._url, messages, deadline)
        for key, each in dead_letters.items():
            reason = messages[key].attributes["reason"]
            level, message = "WARNING", f"dead letter: {reason}"
            if key in unsent:
                level = "ERROR"
                message = f"dead letter not sent ({unsent[key].reason}): {reason}"
            log(
                level,
                message,
                logger=__name__,
                metrics=("dead_letters",),
                id=each.source_id,
                attempts=each.attempts,
                dead_letters=int(key not in unsent),
            )
        return set(unsent)


def clean_reason(text: str) -> str:
    """Return a reason that can be kept: in printable ASCII, not empty, and not too long.

    SQS rejects some other characters, and some could garble a terminal.
    """
    return "".join(each if " " <= each <= "~" else "?" for each in text[:REASON_MAX]) or "?"
