"""`lucky_numbers` accepts and rejects the same bodies as Rust's `serde_json`."""

import json
import re

from handler import lucky_numbers
from tests.support.events import rest_event
from tests.support.serde.inputs import bodies
from tests.support.serde.record import RESPONSES

# The known differences, as docs/api.md has them. pydantic rejects all of these: it parses ignored
# members, which `serde_json` skips, and accepts only an object as a model.
DIFFERENCES = {
    "an array instead of the object": re.compile(rb"\A\["),
    "an unpaired surrogate in an ignored member": re.compile(rb'"x":.*\\u[dD][89a-fA-F]'),
    "an ignored member nested over 200 deep": re.compile(rb'"x":(\[|\{"x":){200}'),
    "an ignored integer of over 4300 digits": re.compile(rb'"x":.*\d{4301}'),
}


def recorded_responses() -> dict[bytes, dict[str, object] | None]:
    """Return each body with the response of `serde_json`, or None if it rejected the body."""
    _, *lines = RESPONSES.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return {record["body"].encode("latin-1"): record["response"] for record in records}


def respond(body: bytes) -> dict[str, object] | None:
    """Return the response of `lucky_numbers` in the form of the recorded ones."""
    response = lucky_numbers(rest_event(body=body), None)
    if response["statusCode"] != 200:
        assert response["statusCode"] in {400, 422}
        return None
    payload = json.loads(response["body"])
    return {"message": payload["message"], "count": len(payload["numbers"])}


def test_every_input_is_recorded() -> None:
    assert list(recorded_responses()) == list(bodies())


def test_bodies_are_accepted_and_rejected_as_by_serde_json_except_for_known_differences() -> None:
    found = set()
    for body, expected in recorded_responses().items():
        actual = respond(body)
        if actual != expected:
            assert actual is None, body
            kinds = {kind for kind, pattern in DIFFERENCES.items() if pattern.search(body)}
            assert kinds, body
            found |= kinds
    assert found == set(DIFFERENCES)
