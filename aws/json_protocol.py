"""Responses in AWS's JSON protocol, and which of their errors are worth a retry.

https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
"""

from __future__ import annotations

from binascii import crc32
from typing import TYPE_CHECKING

from pydantic_core import from_json

from aws.errors import ServiceError, TransientError

if TYPE_CHECKING:
    from typing import Any

    from aws.response import Response

# Retryable errors, of a call or of one action of a transaction: those that AWS's SDKs retry,
# conflicts of transactions, and KMS being throttled behind SQS.
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
RETRYABLE = {
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "InternalError",
    "InternalServerError",
    "KmsThrottled",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingError",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflict",
    "TransactionConflictException",
    "TransactionInProgressException",
}
# The signature may be refused because of this machine's clock.
CLOCK_SKEW = {
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}
EXPIRED_CREDENTIALS = {"ExpiredToken", "ExpiredTokenException"}
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500


def read_document(response: Response) -> dict[str, Any]:
    """Return the document of a response.

    Raises:
        TransientError: it is an error that is worth a retry, or it was damaged on its way.
        ServiceError: it is any other error.
    """
    checksum = response.headers.get("x-amz-crc32")  # DynamoDB sends it.
    if checksum is not None and checksum != str(crc32(response.body)):
        raise TransientError("the checksum is wrong")
    if response.status != 200:  # noqa: PLR2004
        raise _to_error(response)
    document = _parse(response.body)
    if document is None:
        raise TransientError("the response is not JSON")
    return document


def find_code(response: Response) -> str:
    """Return the code of an error, such as "ThrottlingException", or the status if it has none.

    It is sent as "ThrottlingException", with a namespace and "#" before it, or a URL after it.
    """
    kind = (_parse(response.body) or {}).get("__type")
    return str(kind or response.status).partition(":")[0].rpartition("#")[2]


def _to_error(response: Response) -> TransientError | ServiceError:
    document = _parse(response.body) or {}
    code = find_code(response)
    reasons = document.get("CancellationReasons") or []
    codes = {code, *(reason["Code"] for reason in reasons)}
    is_server_error = response.status >= SERVER_ERROR
    # A conflict comes first: the transaction's other reasons may change with a retry.
    if codes & RETRYABLE or is_server_error or response.status == TOO_MANY_REQUESTS:
        return TransientError(", ".join(sorted(codes)))
    message = str(document.get("message") or document.get("Message") or "")
    return ServiceError(code, message, response.status, document)


def _parse(body: bytes) -> dict[str, Any] | None:
    """Return the document of a body, or None if it is none: a proxy may respond with HTML."""
    try:
        document = from_json(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
