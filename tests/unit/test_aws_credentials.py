"""Credentials come from where Lambda or a developer has them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aws.credentials import CredentialsError
from aws.dynamodb import DynamoDB
from aws.errors import ServiceError, Unavailable
from tests.support.aws_settings import set_aws
from tests.support.dynamodb_calls import ONE_ATTEMPT_S, get, no_retry
from tests.support.fake_service import FakeService, Reply, refuse, respond, serving

HOUR_S = 3600
NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.fixture
def endpoint() -> Iterator[FakeService]:
    """Run an endpoint for credentials."""
    with serving(FakeService()) as endpoint:
        yield endpoint


@pytest.fixture
def snapstart(
    service: FakeService, endpoint: FakeService, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Set and return the environment of a function with SnapStart."""
    settings = {
        **NO_KEYS,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a token",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{endpoint.url}/v1/credentials?of=me",
        "AWS_ENDPOINT_URL": service.url,
    }
    set_aws(monkeypatch, **settings)
    return settings


def keys(name: str, expires_in_s: float = HOUR_S) -> Reply:
    """Return a reply with credentials."""
    then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + expires_in_s))
    return respond(
        {"AccessKeyId": name, "SecretAccessKey": "s", "Token": f"of-{name}", "Expiration": then}
    )


def signed_by(service: FakeService) -> list[str]:
    """Return the access keys of the requests that a service received."""
    headers = [each.headers["authorization"] for each in service.requests]
    return [each.partition("Credential=")[2].partition("/")[0] for each in headers]


def test_the_environment_has_keys_and_a_token(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url, AWS_SESSION_TOKEN="a-token")
    get(DynamoDB())
    assert signed_by(service) == ["key"]
    assert service.requests[0].headers["x-amz-security-token"] == "a-token"


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID is missing"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY is missing"),
        ({"AWS_SECRET_ACCESS_KEY": "secret\r\nx: y"}, "AWS_SECRET_ACCESS_KEY contains"),
        ({"AWS_SESSION_TOKEN": "ö"}, "AWS_SESSION_TOKEN contains"),
        ({**NO_KEYS, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}, "AWS_ACCESS_KEY_ID is missing"),
        ({**NO_KEYS, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "x"}, "is not a URL"),
        *(
            ({**NO_KEYS, "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://{host}/"}, "not allowed")
            for host in ["169.254.169.254", "127.evil.example", "10.0.0.1", "localhost.example"]
        ),
    ],
)
def test_missing_or_invalid_credentials_are_an_error_that_says_so(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], advice: str
) -> None:
    set_aws(monkeypatch, **{"AWS_ENDPOINT_URL": service.url, **settings})
    with pytest.raises(CredentialsError, match=advice):
        get(DynamoDB())
    assert service.requests == []


@pytest.mark.usefixtures("snapstart")
def test_snapstart_s_endpoint_gives_credentials_once(
    service: FakeService, endpoint: FakeService
) -> None:
    endpoint.replies = [keys("first")]
    dynamodb = DynamoDB(no_retry)
    assert get(dynamodb) == get(dynamodb) == {}
    assert signed_by(service) == ["first"] * 2
    assert service.requests[0].headers["x-amz-security-token"] == "of-first"
    assert [each.line for each in endpoint.requests] == ["GET /v1/credentials?of=me HTTP/1.1"]
    assert endpoint.requests[0].headers["authorization"] == "a token"


def test_the_token_for_the_endpoint_may_be_in_a_file_that_changes(
    service: FakeService,
    endpoint: FakeService,
    snapstart: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = tmp_path / "token"
    set_aws(monkeypatch, **snapstart, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(path))
    dynamodb = DynamoDB(no_retry)
    for token in ["one", "two"]:
        path.write_text(token, encoding="utf-8")
        endpoint.replies = [keys(token, expires_in_s=0)]
        get(dynamodb)
    assert [each.headers["authorization"] for each in endpoint.requests] == ["one", "two"]
    assert signed_by(service) == ["one", "two"]
    path.write_text("x\r\ny: z", encoding="utf-8")
    with pytest.raises(CredentialsError, match="line break"):
        get(dynamodb)


@pytest.mark.usefixtures("snapstart")
def test_credentials_are_refreshed_before_they_expire(
    service: FakeService, endpoint: FakeService
) -> None:
    endpoint.replies = [keys("first", expires_in_s=240), keys("second", expires_in_s=360)]
    dynamodb = DynamoDB(no_retry)
    for _ in range(3):
        get(dynamodb)
    assert signed_by(service) == ["first", "second", "second"]


@pytest.mark.usefixtures("snapstart")
def test_credentials_that_are_still_valid_are_used_if_the_endpoint_fails(
    service: FakeService, endpoint: FakeService
) -> None:
    endpoint.replies = [keys("first", expires_in_s=240), Reply(then="reset")]
    dynamodb = DynamoDB(no_retry)
    assert get(dynamodb) == get(dynamodb) == {}
    assert signed_by(service) == ["first"] * 2


@pytest.mark.usefixtures("snapstart")
def test_an_endpoint_that_fails_is_tried_again(service: FakeService, endpoint: FakeService) -> None:
    endpoint.replies = [respond({}, 500), Reply(then="reset"), Reply(), keys("first")]
    get(DynamoDB(bytes))
    assert signed_by(service) == ["first"]
    endpoint.default = respond({}, 500)
    with pytest.raises(Unavailable, match="no credentials: status 500"):
        get(DynamoDB(bytes), ONE_ATTEMPT_S)
    assert len(service.requests) == 1


@pytest.mark.usefixtures("snapstart")
@pytest.mark.parametrize("document", [[], {}, {"AccessKeyId": None}, "x"])
def test_a_response_without_credentials_is_an_error(endpoint: FakeService, document: Any) -> None:
    endpoint.default = respond(document)
    with pytest.raises(CredentialsError, match="not credentials"):
        get(DynamoDB(no_retry))


@pytest.mark.usefixtures("snapstart")
def test_credentials_that_the_service_calls_expired_are_replaced_at_once(
    service: FakeService, endpoint: FakeService
) -> None:
    endpoint.replies = [keys("first"), keys("second")]
    service.replies = [refuse("ExpiredTokenException")]
    assert get(DynamoDB(no_retry)) == {}
    assert signed_by(service) == ["first", "second"]
    endpoint.default, service.default = keys("third"), refuse("ExpiredTokenException")
    with pytest.raises(ServiceError, match="ExpiredTokenException"):
        get(DynamoDB(no_retry))
    assert signed_by(service)[2:] == ["third"] * 2


def test_a_developer_s_profile_is_used_outside_lambda(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "credentials"
    path.write_text(
        "[mine]\naws_access_key_id = of-mine\naws_secret_access_key = s\n", encoding="utf-8"
    )
    set_aws(
        monkeypatch,
        **NO_KEYS,
        AWS_ENDPOINT_URL=service.url,
        AWS_PROFILE="mine",
        AWS_SHARED_CREDENTIALS_FILE=str(path),
    )
    get(DynamoDB(no_retry))
    assert signed_by(service) == ["of-mine"]


def test_a_developer_without_credentials_is_told_what_to_do(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_aws(
        monkeypatch,
        **NO_KEYS,
        AWS_ENDPOINT_URL=service.url,
        AWS_CONFIG_FILE=str(tmp_path / "none"),
        AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "none"),
        AWS_EC2_METADATA_DISABLED="true",
    )
    with pytest.raises(CredentialsError, match="Set AWS_PROFILE or AWS_ACCESS_KEY_ID"):
        get(DynamoDB())


@pytest.mark.usefixtures("snapstart")
def test_on_lambda_a_client_is_connected_before_its_first_call(
    service: FakeService, endpoint: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    endpoint.replies = [keys("first")]
    dynamodb = DynamoDB(no_retry)
    assert len(endpoint.requests) == 1
    get(dynamodb)
    assert len(endpoint.requests) == service.connections == 1


def test_a_failure_to_connect_in_advance_is_no_failure_of_the_first_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = FakeService()
    set_aws(monkeypatch, AWS_ENDPOINT_URL=service.url, AWS_LAMBDA_RUNTIME_API="127.0.0.1:9001")
    dynamodb = DynamoDB(no_retry)
    with serving(service):
        assert get(dynamodb) == {}
