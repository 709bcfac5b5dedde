"""The event that every candidate is given."""

from tests.support.events import rest_event

EVENT = {
    **rest_event(headers={"content-type": "application/json"}),
    # What some peers insist on.
    "multiValueQueryStringParameters": None,
}
EVENT["requestContext"] |= {"resourcePath": "/lucky_numbers", "httpMethod": "POST"}
