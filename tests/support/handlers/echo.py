"""Gives events back, and keeps count."""

count = 0


def handler(event, _context):
    """Return the event."""
    return event


def describe(event, _context):
    """Return the event as Python shows it."""
    return f"{type(event).__name__} {event!r}"


def counting(event, context):
    """Return how many invocations there were, or fail."""
    global count
    count += 1
    print(count, context.aws_request_id)
    return [count, event["fail"]]
