"""The edge between event sources and a function: stream → queue, and queue → effect.

Every record and message is parsed into a typed model and fails alone. Each one is handled, retried,
or sent to a dead-letter queue with the reason. None is lost.
"""

from pipeline.dead_letters import DeadLetterQueue, PermanentFailure
from pipeline.queue import consume
from pipeline.stream import forward

__all__ = ["DeadLetterQueue", "PermanentFailure", "consume", "forward"]
