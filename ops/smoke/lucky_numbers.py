"""The checks of `POST /lucky_numbers`: the draw, and each refusal of a body."""

from ops.smoke.api import Response
from ops.smoke.report import differ
from ops.smoke.run import JSON, Smoke

BODY_MAX = 64 * 1024
COUNT_MIN = 2
NUMBERS = frozenset(range(1, 42))


def check_lucky_numbers(smoke: Smoke) -> None:
    """Check the draw, and each refusal of a body."""

    def draw(body: object, content_type: str = "application/json") -> Response:
        return smoke.call("POST", "/lucky_numbers", body, headers={"content-type": content_type})

    drawn = draw({"name": "Straße", "count": 1})
    message = "Hi, 'STRASSE'. Your lucky numbers are:"
    smoke.expect("numbers are drawn", drawn, 200, headers=JSON, members={"message": message})
    numbers = drawn.member("numbers")
    are_drawn = (
        isinstance(numbers, list) and len(numbers) == COUNT_MIN and NUMBERS.issuperset(numbers)
    )
    smoke.report.note(
        "a count of 1 gives two numbers from 1 to 41",
        [] if are_drawn else list(differ("numbers", "two from 1 to 41", numbers)),
    )
    smoke.expect("a missing body is refused", draw(b""), 400)
    smoke.expect("what is not JSON is refused", draw(b"{"), 400)
    smoke.expect("what is not UTF-8 is refused", draw(b'{"name":"\xff","count":2}'), 400)
    smoke.expect("a body over 64 KiB is refused", draw(b" " * (BODY_MAX + 1)), 413)
    smoke.expect("another content type is refused", draw(b"{}", "text/html,"), 415)
    smoke.expect("a wrong type is refused", draw({"name": "Ada", "count": "10"}), 422)
