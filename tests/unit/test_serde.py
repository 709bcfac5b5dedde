"""Agreement with the ancestor: what Rust's `serde_json` makes of odd bodies, we make of them."""

import json
import re

from handler import lucky_numbers
from tests.support.events import rest_event
from tests.support.serde.inputs import bodies
from tests.support.serde.record import ANSWERS

# Where pydantic's parser differs by nature, as the README tells; it refuses them all. It reads in
# full the ignored members that `serde_json` skips, and takes a model from nothing but an object.
DIFFERENCES = {
    "an array in the place of the object": re.compile(rb"\A\["),
    "an unpaired surrogate in an ignored member": re.compile(rb'"x":.*\\u[dD][89a-fA-F]'),
    "an ignored member nested over 200 deep": re.compile(rb'"x":(\[|\{"x":){200}'),
    "an ignored integer of over 4300 digits": re.compile(rb'"x":.*\d{4301}'),
}


def recorded() -> dict[bytes, dict[str, object] | None]:
    """Return each body with what `serde_json` made of it, or None where it refused."""
    _, *lines = ANSWERS.read_text(encoding="utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    return {answer["body"].encode("latin-1"): answer["answer"] for answer in answers}


def read(body: bytes) -> dict[str, object] | None:
    """Return what we make of a body, in the oracle's terms."""
    reply = lucky_numbers(rest_event(body=body), None)
    if reply["statusCode"] != 200:
        assert reply["statusCode"] in {400, 422}
        return None
    payload = json.loads(reply["body"])
    return {"message": payload["message"], "count": len(payload["numbers"])}


def test_every_input_is_recorded() -> None:
    assert list(recorded()) == list(bodies())


def test_we_read_a_body_as_serde_json_does_but_for_the_known_differences() -> None:
    met = set()
    for body, expected in recorded().items():
        ours = read(body)
        if ours != expected:
            assert ours is None, body
            kinds = {kind for kind, pattern in DIFFERENCES.items() if pattern.search(body)}
            assert kinds, body
            met |= kinds
    assert met == set(DIFFERENCES)
