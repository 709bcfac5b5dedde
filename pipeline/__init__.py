"""The edge between event sources and a function: from a stream to a queue, and from a queue.

Every record and message is parsed into a typed model. An exception in one does not affect the
others: each is handled, retried, or sent to a dead-letter queue with the reason. None is lost.
"""

from pipeline.attempts import Attempts
from pipeline.dead_letters import DeadLetterQueue, PermanentFailure
from pipeline.queue import consume
from pipeline.stream import forward

__all__ = ["Attempts", "DeadLetterQueue", "PermanentFailure", "consume", "forward"]
