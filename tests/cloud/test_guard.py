"""Access control of the local cloud: web pages may call only its APIs.

Signed requests may call everything.
"""

import contextlib
import hashlib
import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
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

# A credential without a signature, as an attacker could send it.
FORGED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request"
}
AWS_PATHS = ["/", "/2015-03-31/functions", "/a-bucket/a-key", "/_ministack/health", "/health"]
# Paths that lack the API's id, the stage or the slash after it.
INCOMPLETE_API_PATHS = [
    "/_aws/execute-api/",
    "/_aws/execute-api/77777777",
    "/_aws/execute-api//local/",
]
LIST_OPERATIONS = {
    "cloudformation": "list_stacks",
    "dynamodb": "list_tables",
    "lambda": "list_functions",
    "s3": "list_buckets",
    "sqs": "list_queues",
}


@pytest.mark.parametrize("path", [*AWS_PATHS, *INCOMPLETE_API_PATHS])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_an_unsigned_request_is_refused(cloud: Cloud, method: str, path: str) -> None:
    response = call(cloud.url + path, method)
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    assert "export line" in response.text


def test_a_signature_that_is_no_text_of_ascii_is_refused(cloud: Cloud) -> None:
    now = datetime.now(UTC)
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"test/{now:%Y%m%d}/us-east-1/s3/aws4_request",
        "X-Amz-Date": f"{now:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": "300",
        "X-Amz-Signature": "é",
        "X-Amz-SignedHeaders": "host",
    }
    assert call(cloud.url, "GET", params=query).status_code == 403


@pytest.mark.parametrize("path", AWS_PATHS)
@pytest.mark.parametrize(
    "browser_headers",
    [
        {"origin": "https://example.com"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_a_page_s_request_is_refused_even_with_the_secret(
    cloud: Cloud, path: str, browser_headers: dict[str, str]
) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        response = call(cloud.url + path, method, headers=cloud.authorization | browser_headers)
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("path", ["/_ministack/health", "/_aws/execute-api/77777777/local/hello"])
@pytest.mark.parametrize("host", ["example.com", "example.com:80", "127.0.0.1.example.com", ""])
def test_a_host_that_is_not_a_loopback_name_is_refused(
    cloud: Cloud, api_url: str, host: str, path: str
) -> None:
    assert api_url
    assert (
        call(
            cloud.url + path,
            "GET",
            headers=cloud.authorization | {"host": host},
            is_declared=False,
        ).status_code
        == 403
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:1234"])
def test_a_loopback_host_is_accepted(cloud: Cloud, host: str) -> None:
    response = call(
        f"{cloud.url}/_ministack/health", "GET", headers=cloud.authorization | {"host": host}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("service", LIST_OPERATIONS)
def test_a_request_signed_with_the_secret_is_accepted(cloud: Cloud, service: str) -> None:
    response = getattr(aws_client(cloud, service), LIST_OPERATIONS[service])()
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("service", LIST_OPERATIONS)
@pytest.mark.parametrize(
    "others",
    [
        {"AWS_SECRET_ACCESS_KEY": "test"},
        {"AWS_ACCESS_KEY_ID": "000000000000"},  # ministack accepts account ids as access keys.
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
    ],
)
def test_a_wrong_secret_or_access_key_is_refused_and_the_error_says_what_to_do(
    cloud: Cloud, service: str, others: dict[str, str]
) -> None:
    client = aws_client(cloud, service, cloud.settings() | others)
    with pytest.raises(ClientError, match="export line"):
        getattr(client, LIST_OPERATIONS[service])()


def test_a_request_that_was_changed_after_signing_is_refused(cloud: Cloud) -> None:
    client = aws_client(cloud, "dynamodb")

    def change(request: Any, **_: Any) -> None:
        request.body = request.body.replace(b'"Limit": 1', b'"Limit": 2')

    client.meta.events.register("before-send", change)
    with pytest.raises(ClientError, match="signature"):
        client.list_tables(Limit=1)


def test_the_secret_of_a_role_cannot_be_computed_from_names(cloud: Cloud, api_url: str) -> None:
    body = {"slug": "any", "claps": 1}
    assert call(f"{api_url}/claps", json=body).ok  # Starts a session of the role.
    found = aws_client(cloud, "lambda").get_function_configuration(
        FunctionName=function_name("applaud")
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


def test_functions_do_not_have_the_root_user_s_secret(cloud: Cloud, api_url: str) -> None:
    assert call(f"{api_url}/hello", "GET").ok
    secret = cloud.settings()["AWS_SECRET_ACCESS_KEY"].encode()
    task_root = f"LAMBDA_TASK_ROOT={cloud.folder}/".encode()
    environments = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environments.append((process / "environ").read_bytes())
    of_functions = [environment for environment in environments if task_root in environment]
    assert of_functions
    assert not any(secret in environment for environment in of_functions)


def test_a_web_socket_is_refused(cloud: Cloud) -> None:
    connection = http.client.HTTPConnection(HOST, cloud.port, timeout=10)
    handshake = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
        **cloud.authorization,
    }
    connection.request("GET", "/", headers=handshake)
    assert connection.getresponse().status == 403
    connection.close()


class Page(BaseHTTPRequestHandler):
    """A page of another origin."""

    def do_GET(self) -> None:
        """Serve the page."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A page</title>")

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""


@pytest.fixture
def page() -> Iterator[Any]:
    """Open a page of another origin in a browser."""
    server = ThreadingHTTPServer((HOST, 0), Page)
    with serving(server), open_browser() as browser:
        page = browser.new_page()
        page.goto(f"http://{HOST}:{server.server_port}/")
        yield page


# Sends a request in each mode that a page can use. Returns what the page can read.
ATTACK = """async ([url, method, body, headers]) => {
  const results = [];
  for (const mode of ['cors', 'no-cors']) {
    try {
      const response = await fetch(url, { method, body, mode, headers });
      results.push([mode, response.type, response.status, await response.text()]);
    } catch (error) {
      results.push([mode, String(error)]);
    }
  }
  return results;
}"""
FUNCTION = {
    "FunctionName": "attacker",
    "Role": "arn:aws:iam::000000000000:role/any",
    "Runtime": "python3.13",
    "Handler": "probe.run",
    "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="},
}


def test_a_page_of_another_origin_can_neither_deploy_nor_read_nor_reset(
    cloud: Cloud, api_url: str, page: Any
) -> None:
    assert api_url
    before = aws_client(cloud, "lambda").list_functions()["Functions"]
    forged = {"x-amz-date": "20260101T000000Z", **FORGED}
    attacks: list[list[Any]] = [
        [f"{cloud.url}/2015-03-31/functions", "POST", json.dumps(FUNCTION), forged],
        [f"{cloud.url}/2015-03-31/functions", "POST", json.dumps(FUNCTION), {}],
        [f"{cloud.url}/2015-03-31/functions", "GET", None, {}],
        [f"{cloud.url}/_ministack/reset", "POST", "", {}],
        [f"{cloud.url}/_ministack/config", "POST", "{}", {}],
        [f"{cloud.url}/", "POST", "Action=ListUsers&Version=2010-05-08", {}],
    ]
    for attack in attacks:
        for result in page.evaluate(ATTACK, attack):
            assert "Failed to fetch" in result[-1] or result[1:] == ["opaque", 0, ""]
    after = aws_client(cloud, "lambda").list_functions()["Functions"]
    assert [each["FunctionName"] for each in after] == [each["FunctionName"] for each in before]
    assert after


def test_a_page_of_another_origin_can_call_an_api(api_url: str, page: Any) -> None:
    cors, _ = page.evaluate(ATTACK, [f"{api_url}/hello?first_name=Page", "GET", None, {}])
    assert cors == ["cors", "cors", 200, "Hello, Page!"]


def test_the_cloud_listens_on_loopback_only(cloud: Cloud) -> None:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    port = f"{cloud.port:04X}"
    assert [each for each in listening if each.endswith(f":{port}")] == [f"0100007F:{port}"]
