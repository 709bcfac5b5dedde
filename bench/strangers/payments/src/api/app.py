import hashlib
import json

from aws_lambda_powertools import Logger
from pydantic import ValidationError

from models import Payment, Receipt

logger = Logger()

REVIEW_ABOVE = 5000


def respond(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": body if isinstance(body, str) else json.dumps(body),
    }


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
def lambda_handler(event, context):
    try:
        payment = Payment.model_validate_json(event.get("body") or "")
    except ValidationError as e:
        errors = e.errors(include_url=False, include_input=False, include_context=False)
        logger.warning("invalid payment", extra={"count": e.error_count()})
        return respond(400, {"message": "invalid payment", "errors": errors})

    logger.append_keys(order_id=payment.order_id)
    payment_id = hashlib.sha256(payment.order_id.encode()).hexdigest()[:12]
    receipt = Receipt(
        payment_id=payment_id,
        amount=payment.amount,
        currency=payment.currency,
        method=payment.source.method,
        status="review" if payment.amount > REVIEW_ABOVE else "accepted",
    )
    logger.info(
        "payment %s", receipt.status, extra={"source": payment.source.model_dump(mode="json")}
    )
    return respond(201, receipt.model_dump_json(by_alias=True))
