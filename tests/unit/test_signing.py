"""Signatures are those that AWS publishes, and those of botocore."""

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from aws.credentials import Credentials
from aws.signing import TIME_FORMAT, sign

# AWS's test suite, as far as it is about `POST /`: the headers, body and token of each request; the
# names of the headers that are signed, and the signature.
# https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPf"
    "IeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7W"
    "Z0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8F"
    "DrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)
VECTORS: dict[str, tuple[dict[str, str], str, str, str, str]] = {
    "post-vanilla": (
        {},
        "",
        "",
        "host;x-amz-date",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ),
    "post-header-key-sort": (
        {"my-header1": "value1"},
        "",
        "",
        "host;my-header1;x-amz-date",
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ),
    "post-header-value-case": (
        {"my-header1": "VALUE1"},
        "",
        "",
        "host;my-header1;x-amz-date",
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    ),
    "post-sts-header-before": (
        {},
        "",
        TOKEN,
        "host;x-amz-date;x-amz-security-token",
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ),
    "post-x-www-form-urlencoded": (
        {"content-type": "application/x-www-form-urlencoded"},
        "Param1=value1",
        "",
        "content-type;host;x-amz-date",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
}
PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
NAMES = st.from_regex(r"x-[a-z0-9-]{1,20}", fullmatch=True).filter(
    lambda name: name not in {"x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}
)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.text("aB ,")


@pytest.mark.parametrize("name", VECTORS)
def test_a_signature_is_that_of_aws_s_test_suite(name: str) -> None:
    headers, body, token, names, signature = VECTORS[name]
    signed = sign(
        {"host": "example.amazonaws.com", **headers},
        body.encode(),
        Credentials("AKIDEXAMPLE", SECRET, token),
        service="service",
        region="us-east-1",
        time="20150830T123600Z",
    )
    scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
    assert signed["authorization"] == (
        f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}"
    )


@given(
    body=st.binary(),
    headers=st.dictionaries(NAMES, VALUES, max_size=5),
    keys=st.tuples(PRINTABLE, PRINTABLE, st.just("") | PRINTABLE),
    place=st.tuples(st.sampled_from(["dynamodb", "sqs"]), st.sampled_from(["us-east-1", "cn-1"])),
    time=st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001
)
def test_a_signature_is_that_of_botocore(
    body: bytes,
    headers: dict[str, str],
    keys: tuple[str, str, str],
    place: tuple[str, str],
    time: datetime,
) -> None:
    service, region = place
    host = f"{service}.{region}.amazonaws.com"
    request = AWSRequest("POST", f"https://{host}/", headers, body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "get_current_datetime", lambda: time)
        auth.SigV4Auth(BotocoreCredentials(*keys), service, region).add_auth(request)
    signed = sign(
        {"host": host, **headers},
        body,
        Credentials(*keys),
        service=service,
        region=region,
        time=time.replace(tzinfo=UTC).strftime(TIME_FORMAT),
    )
    expected: dict[str, Any] = {name.lower(): value for name, value in request.headers.items()}
    assert signed == {"host": host, **expected}
