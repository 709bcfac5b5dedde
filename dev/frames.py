"""The frames that a function writes to Lambda's file descriptor for logs."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """A message, with its type and the time of the function."""

    kind: int
    time_us: int
    message: str


def parse_frames(content: bytes) -> Iterator[Frame]:
    """Parse frames: the type, the length of the message in bytes, the time, and the message.

    https://github.com/aws/aws-lambda-python-runtime-interface-client, FramedTelemetryLogSink.
    """
    while content:
        kind, length, time_us = (
            int.from_bytes(content[start:end]) for start, end in ((0, 4), (4, 8), (8, 16))
        )
        yield Frame(kind, time_us, content[16 : 16 + length].decode())
        content = content[16 + length :]
