"""The local cloud is closed to strangers: pages may call its APIs, its owner all of it."""

import contextlib
import hashlib
import http.client
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.browser import open_browser
from dev.clients import aws_client
from dev.cloud import HOST, Cloud
from dev.functions import function_name
from tests.support.serving import serving
from tests.support.web import call

SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request"
}
AWS_PATHS = ["/", "/2015-03-31/functions", "/a-bucket/a-key", "/_ministack/health", "/health"]
# What only an API answers has both of these, with something between and after them.
NEARLY_API_PATHS = ["/_aws/execute-api/", "/_aws/execute-api/77777777", "/_aws/execute-api//local/"]


LISTING = {
    "cloudformation": "list_stacks",
    "dynamodb": "list_tables",
    "lambda": "list_functions",
    "s3": "list_buckets",
    "sqs": "list_queues",
}


@pytest.mark.parametrize("path", [*AWS_PATHS, *NEARLY_API_PATHS])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_what_nobody_signed_is_refused(cloud: Cloud, method: str, path: str) -> None:
    response = call(cloud.url + path, method)
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    assert "export line" in response.text


@pytest.mark.parametrize("path", AWS_PATHS)
@pytest.mark.parametrize(
    "sent_by_browsers",
    [
        {"origin": "https://example.com"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_what_a_page_sends_is_refused_even_with_the_secret(
    cloud: Cloud, path: str, sent_by_browsers: dict[str, str]
) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        response = call(cloud.url + path, method, headers=cloud.token | sent_by_browsers)
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("path", ["/_ministack/health", "/_aws/execute-api/77777777/local/hello"])
@pytest.mark.parametrize("host", ["example.com", "example.com:80", "127.0.0.1.example.com", ""])
def test_another_host_is_refused(cloud: Cloud, api_url: str, host: str, path: str) -> None:
    assert api_url
    assert call(cloud.url + path, "GET", headers=cloud.token | {"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:1234"])
def test_every_name_of_this_machine_will_do(cloud: Cloud, host: str) -> None:
    response = call(f"{cloud.url}/_ministack/health", "GET", headers=cloud.token | {"host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("service", LISTING)
def test_what_is_signed_with_the_secret_is_served(cloud: Cloud, service: str) -> None:
    response = getattr(aws_client(cloud, service), LISTING[service])()
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("service", LISTING)
@pytest.mark.parametrize(
    "others",
    [
        {"AWS_SECRET_ACCESS_KEY": "test"},
        {"AWS_ACCESS_KEY_ID": "000000000000"},  # ministack's own way to name an account.
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
    ],
)
def test_another_secret_or_key_is_refused_in_words_that_the_caller_sees(
    cloud: Cloud, service: str, others: dict[str, str]
) -> None:
    client = aws_client(cloud, service, cloud.settings() | others)
    with pytest.raises(ClientError, match="export line"):
        getattr(client, LISTING[service])()


def test_a_signed_request_may_not_be_changed(cloud: Cloud) -> None:
    client = aws_client(cloud, "dynamodb")

    def change(request: Any, **_: Any) -> None:
        request.body = request.body.replace(b'"Limit": 1', b'"Limit": 2')

    client.meta.events.register("before-send", change)
    with pytest.raises(ClientError, match="signature"):
        client.list_tables(Limit=1)


def test_nobody_can_compute_the_secret_of_a_role(cloud: Cloud, api_url: str) -> None:
    assert call(f"{api_url}/claps?slug=any", "GET").ok  # Its worker has a session by now.
    found = aws_client(cloud, "lambda").get_function_configuration(
        FunctionName=function_name("get_claps")
    )
    names = f"{found['FunctionArn']}:{found['Role']}"
    digest = hashlib.sha256(names.encode()).hexdigest()
    computed = {
        "AWS_ACCESS_KEY_ID": f"ASIA{digest[:16].upper()}",
        "AWS_SECRET_ACCESS_KEY": hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
        "AWS_SESSION_TOKEN": hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
    }
    with pytest.raises(ClientError, match="access key is unknown"):
        aws_client(cloud, "dynamodb", computed).list_tables()


def test_functions_do_not_see_the_owner_s_secret(cloud: Cloud, api_url: str) -> None:
    assert call(f"{api_url}/hello", "GET").ok
    secret = cloud.settings()["AWS_SECRET_ACCESS_KEY"].encode()
    environments = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                str(cloud.folder / "ministack-lambda-").encode()
                in (process / "cmdline").read_bytes()
            ):
                environments.append((process / "environ").read_bytes())
    assert environments
    assert not any(secret in environment for environment in environments)


def test_a_web_socket_is_refused(cloud: Cloud) -> None:
    connection = http.client.HTTPConnection(HOST, cloud.port, timeout=10)
    handshake = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
        **cloud.token,
    }
    connection.request("GET", "/", headers=handshake)
    assert connection.getresponse().status == 403
    connection.close()


class Page(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        """Serve it."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A page</title>")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[Any]:
    """Open a page of another origin in a browser."""
    server = ThreadingHTTPServer((HOST, 0), Page)
    with serving(server), open_browser() as browser:
        page = browser.new_page()
        page.goto(f"http://{HOST}:{server.server_port}/")
        yield page


# Tries a request in each way that a page has; tells what it could read of the answer.
ATTACK = """async ([url, method, body, headers]) => {
  const told = [];
  for (const mode of ['cors', 'no-cors']) {
    try {
      const response = await fetch(url, { method, body, mode, headers });
      told.push([mode, response.type, response.status, await response.text()]);
    } catch (error) {
      told.push([mode, String(error)]);
    }
  }
  return told;
}"""
FUNCTION = {
    "FunctionName": "attacker",
    "Role": "arn:aws:iam::000000000000:role/any",
    "Runtime": "python3.13",
    "Handler": "probe.run",
    "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
}


def test_a_page_of_another_origin_cannot_deploy_nor_read_nor_reset(
    cloud: Cloud, api_url: str, page: Any
) -> None:
    assert api_url
    before = aws_client(cloud, "lambda").list_functions()["Functions"]
    signed = {"x-amz-date": "20260101T000000Z", **SIGNED}
    attacks: list[list[Any]] = [
        [f"{cloud.url}/2015-03-31/functions", "POST", json.dumps(FUNCTION), signed],
        [f"{cloud.url}/2015-03-31/functions", "POST", json.dumps(FUNCTION), {}],
        [f"{cloud.url}/2015-03-31/functions", "GET", None, {}],
        [f"{cloud.url}/_ministack/reset", "POST", "", {}],
        [f"{cloud.url}/_ministack/config", "POST", "{}", {}],
        [f"{cloud.url}/", "POST", "Action=ListUsers&Version=2010-05-08", {}],
    ]
    for attack in attacks:
        for told in page.evaluate(ATTACK, attack):
            assert "Failed to fetch" in told[-1] or told[1:] == ["opaque", 0, ""]
    after = aws_client(cloud, "lambda").list_functions()["Functions"]
    assert [each["FunctionName"] for each in after] == [each["FunctionName"] for each in before]
    assert after


def test_a_page_of_another_origin_may_call_the_api(api_url: str, page: Any) -> None:
    cors, _ = page.evaluate(ATTACK, [f"{api_url}/hello?first_name=Page", "GET", None, {}])
    assert cors == ["cors", "cors", 200, "Hello, Page!"]


def test_the_cloud_listens_to_this_machine_alone(cloud: Cloud) -> None:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    port = f"{cloud.port:04X}"
    assert [each for each in listening if each.endswith(f":{port}")] == [f"0100007F:{port}"]
