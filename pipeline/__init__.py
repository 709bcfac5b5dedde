"""The edge between event sources and a function: stream → queue, and queue → effect.

Each record, and each message, is parsed into a typed model, is on its own in its failure, and is
either done, or reported to be delivered again, or parked with its reason: never lost.
"""

from pipeline.parking import ParkingQueue, Unprocessable
from pipeline.queue import consume
from pipeline.stream import forward

__all__ = ["ParkingQueue", "Unprocessable", "consume", "forward"]
