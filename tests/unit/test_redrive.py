"""What a redrive keeps of a dead letter."""

from ops.redrive import keep_first_seen


def test_a_message_goes_back_without_the_reason_of_its_last_failure() -> None:
    first_seen = {"DataType": "String", "StringValue": "2026-01-01T00:00:00.000Z"}
    reason = {"DataType": "String", "StringValue": "There is no such order."}
    message = {"MessageAttributes": {"first_seen": first_seen, "reason": reason}}
    assert keep_first_seen(message) == {"first_seen": first_seen}
    assert keep_first_seen({}) == {}
