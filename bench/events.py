"""The event that every candidate receives: an API Gateway proxy event, payload format 1.0."""

from typing import Any

EVENT: dict[str, Any] = {
    "resource": "/lucky_numbers",
    "path": "/lucky_numbers",
    "httpMethod": "POST",
    "headers": {"content-type": "application/json"},
    "multiValueHeaders": {"content-type": ["application/json"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "requestContext": {
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "stage": "dev",
        "httpMethod": "POST",
        "path": "/dev/lucky_numbers",
        "resourcePath": "/lucky_numbers",
        "identity": {"sourceIp": "192.0.2.1", "userAgent": "curl/8.0.0"},
    },
    "body": '{"name": "SilentByte", "count": 10}',
    "isBase64Encoded": False,
}
