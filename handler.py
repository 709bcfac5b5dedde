"""The `lucky_numbers` function: `POST /lucky_numbers` greets the caller and draws numbers."""

from os import urandom

from gateway import endpoint
from lucky_numbers.draw import clamp_count, draw_numbers
from lucky_numbers.payload import InputPayload, OutputPayload


@endpoint
def lucky_numbers(payload: InputPayload) -> OutputPayload:
    """Greet the caller and draw between 2 and 20 lucky numbers."""
    # From the operating system: with SnapStart, a seeded generator would repeat after each restore.
    numbers = draw_numbers(clamp_count(payload.count), urandom)
    return OutputPayload(
        message=f"Hi, '{payload.name.upper()}'. Your lucky numbers are:",
        numbers=numbers,
    )
