"""A function that does nothing. The others are compared with it."""


def handler(event, context):
    """Ignore the event."""
    return {"statusCode": 200, "body": ""}
