"""Refused signatures: the clock is corrected, and expired credentials are replaced."""

import time
from calendar import timegm
from email.utils import formatdate

import pytest

from aws.dynamodb import DynamoDB
from aws.errors import ServiceError
from aws.signing import TIME_FORMAT
from tests.support.dynamodb_calls import get, no_retry
from tests.support.fake_service import FakeService, refuse

HOUR_S = 3600


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "InvalidSignatureException"])
@pytest.mark.parametrize("skew_s", [HOUR_S, -HOUR_S])
def test_a_wrong_clock_is_corrected_by_that_of_the_service(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, code: str, skew_s: int
) -> None:
    true_time = time.time
    service.replies = [refuse(code, date=formatdate(true_time(), usegmt=True))]
    monkeypatch.setattr(time, "time", lambda: true_time() + skew_s)
    dynamodb = DynamoDB(no_retry)
    for _ in range(2):
        assert get(dynamodb) == {}
    skewed, *corrected = (
        abs(timegm(time.strptime(each.headers["x-amz-date"], TIME_FORMAT)) - true_time())
        for each in service.requests
    )
    assert skewed > HOUR_S - 60
    assert max(corrected) < 60
    assert len(corrected) == 2


@pytest.mark.parametrize("date", ["", "yesterday", "now"])
def test_a_signature_that_is_refused_by_the_same_clock_is_not_retried(
    service: FakeService, date: str
) -> None:
    date = formatdate(usegmt=True) if date == "now" else date
    service.default = refuse("InvalidSignatureException", date=date)
    with pytest.raises(ServiceError, match="InvalidSignatureException"):
        get(DynamoDB(no_retry))
    assert len(service.requests) == 1


def test_a_clock_is_corrected_once(service: FakeService) -> None:
    service.default = refuse(
        "InvalidSignatureException", date=formatdate(time.time() + HOUR_S, usegmt=True)
    )
    with pytest.raises(ServiceError):
        get(DynamoDB(no_retry))
    assert len(service.requests) == 2


def test_expired_credentials_of_the_environment_are_refused(service: FakeService) -> None:
    service.default = refuse("ExpiredTokenException")
    with pytest.raises(ServiceError, match="ExpiredTokenException"):
        get(DynamoDB(no_retry))
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("trace_id", "sent"),
    [
        ("Root=1-67-89;Parent=a;Sampled=0;Lineage=1:b:0", True),
        ("", False),
        ("Root=1\r\nx: y", False),
    ],
)
def test_the_trace_id_of_an_invocation_is_sent_but_not_signed(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, trace_id: str, *, sent: bool
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", trace_id)
    get(DynamoDB(no_retry))
    headers = service.requests[0].headers
    assert headers.get("x-amzn-trace-id") == (trace_id if sent else None)
    assert "trace" not in headers["authorization"]
