"""A function that does nothing: the lower bound."""


def handler(event, context):
    """Ignore the event."""
    return {"statusCode": 200, "body": ""}
