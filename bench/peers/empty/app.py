"""The floor: a function that does nothing."""


def handler(event, context):
    """Answer without a look at the event."""
    return {"statusCode": 200, "body": ""}
