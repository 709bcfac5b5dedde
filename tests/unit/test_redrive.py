"""What a redrive keeps of a dead letter."""

from ops.redrive import keep_first_seen

SENT = {"Attributes": {"SentTimestamp": "1800000000123"}}


def test_a_message_goes_back_without_the_reason_of_its_last_failure() -> None:
    first_seen = {"DataType": "String", "StringValue": "2026-01-01T00:00:00.000Z"}
    reason = {"DataType": "String", "StringValue": "There is no such order."}
    attributes = {"first_seen": first_seen, "reason": reason}
    message = {"MessageAttributes": attributes, **SENT}
    assert keep_first_seen(message) == {"first_seen": first_seen}


def test_a_message_without_first_seen_goes_back_with_the_time_when_it_was_sent() -> None:
    """SQS itself made it a dead letter, and then keeps that time."""
    assert keep_first_seen(SENT) == {
        "first_seen": {"DataType": "String", "StringValue": "2027-01-15T08:00:00.123Z"}
    }
