"""The same endpoint in plain Python: no validation, and no error responses."""

import json
import logging
import time
from random import SystemRandom

logger = logging.getLogger(__name__)


def handler(event, context):
    """Respond with a greeting and numbers."""
    started = time.perf_counter()
    payload = json.loads(event["body"])
    count = max(2, min(payload["count"], 20))
    rng = SystemRandom()
    body = {
        "message": f"Hi, '{payload['name'].upper()}'. Your lucky numbers are:",
        "numbers": [rng.randint(1, 41) for _ in range(count)],
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
