"""Endpoints are those that AWS's SDKs find."""

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader

from aws.endpoint import Endpoint, find_endpoint, find_region

LOADER = Loader()
PARTITIONS = LOADER.load_data("partitions")
REGIONS = [
    region
    for partition in PARTITIONS["partitions"]
    for region in partition["regions"]
    if not region.endswith("-global")
]
VARIABLES = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_SQS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
@pytest.mark.parametrize("is_dualstack", [True, False])
@pytest.mark.parametrize("is_fips", [True, False])
def test_each_region_has_the_endpoint_that_botocore_finds(
    monkeypatch: pytest.MonkeyPatch, service: str, *, is_dualstack: bool, is_fips: bool
) -> None:
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", str(is_dualstack).lower())
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", str(is_fips))
    rules = LOADER.load_service_model(service, "endpoint-rule-set-1")
    provider = EndpointProvider(rules, PARTITIONS)
    assert len(REGIONS) > 40
    for region in REGIONS:
        expected = provider.resolve_endpoint(
            Region=region, UseDualStack=is_dualstack, UseFIPS=is_fips
        )
        found = find_endpoint(service, region)
        assert found.is_tls
        assert f"https://{found.authority}" == expected.url


def test_a_variable_names_another_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "https://sqs.example")
    assert find_endpoint("dynamodb", "us-east-1").authority == "127.0.0.1:4566"
    assert not find_endpoint("dynamodb", "us-east-1").is_tls
    assert find_endpoint("sqs", "us-east-1").authority == "sqs.example"
    assert find_endpoint("sqs", "us-east-1").port == 443


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    assert find_endpoint("sqs", "eu-west-1").authority == "sqs.eu-west-1.amazonaws.com"


def test_configured_endpoints_can_be_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE")
    assert find_endpoint("sqs", "eu-west-1").authority == "sqs.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("variable", ["AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT"])
def test_a_configured_endpoint_cannot_be_dualstack_or_fips(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv(variable, "true")
    with pytest.raises(ValueError, match=r"AWS_ENDPOINT_URL cannot be combined"):
        find_endpoint("sqs", "us-east-1")


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://localhost", "localhost", 80, "/"),
        ("https://[fd00:ec2::23]/v1/credentials", "fd00:ec2::23", 443, "/v1/credentials"),
        ("http://[::1]:8000", "::1", 8000, "/"),
        ("http://127.0.0.1:9001/a?b=c", "127.0.0.1", 9001, "/a?b=c"),
    ],
)
def test_a_url_has_a_host_a_port_and_a_path(url: str, host: str, port: int, path: str) -> None:
    endpoint = Endpoint(url)
    assert (endpoint.host, endpoint.port, endpoint.path) == (host, port, path)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:4566",
        "ftp://127.0.0.1",
        "http://",
        "http:///path",
        "http://:80",
        "http://host:0",
        "http://host:65536",
        "http://host:1:2",
        "http://host:\uff18",
        "http://user@host",
        "http://hö.st",
        "http://host\r\nx: y",
        "http://host/ HTTP/1.1\r\nx: y",
        "http://host?query",
        "http://[::1]x",
    ],
)
def test_anything_but_a_url_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", url)
    with pytest.raises(ValueError, match=r"AWS_ENDPOINT_URL_SQS: .* is not a URL such as"):
        find_endpoint("sqs", "us-east-1")


def test_an_endpoint_with_a_path_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/path")
    with pytest.raises(ValueError, match="must have no path"):
        find_endpoint("sqs", "us-east-1")


@pytest.mark.parametrize("region", ["", "us_east_1", "us-east-1.example", "us-east-1\n", "ü"])
def test_an_invalid_region_is_refused(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    with pytest.raises(ValueError, match="Set it to a region"):
        find_region()
