"""The same endpoint in plain Python, with this service's way to draw: one system call."""

import json
import logging
import time
from os import urandom

NUMBER_OF_BYTE = bytes(1 + byte % 41 for byte in range(256))
REJECTED = bytes(range(246, 256))

logger = logging.getLogger(__name__)


def handler(event, context):
    """Respond with a greeting and numbers."""
    started = time.perf_counter()
    payload = json.loads(event["body"])
    count = max(2, min(payload["count"], 20))
    numbers = []
    while len(numbers) < count:
        numbers += urandom(count).translate(NUMBER_OF_BYTE, REJECTED)
    body = {
        "message": f"Hi, '{payload['name'].upper()}'. Your lucky numbers are:",
        "numbers": numbers[:count],
    }
    headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
    response = {
        "isBase64Encoded": False,
        "statusCode": 200,
        "headers": headers,
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }
    logger.info(
        "request",
        extra={
            "request_id": context.aws_request_id,
            "route": f"{event['httpMethod']} {event['resource']}",
            "status": 200,
            "duration_ms": round((time.perf_counter() - started) * 1000, 3),
        },
    )
    return response
