import logging

from pydantic import ValidationError

from shipping.models import Quote, QuoteRequest
from shipping.responses import bad_request, ok

log = logging.getLogger()
log.setLevel("INFO")


def quote(event, context):
    try:
        request = QuoteRequest.model_validate_json(event["body"] or "null")
    except ValidationError as error:
        log.warning("bad quote request: %d errors", error.error_count())
        return bad_request(error)
    result = Quote.for_request(request)
    log.info("quoted %s for %s", result.price, request.service.value)
    return ok(result)
