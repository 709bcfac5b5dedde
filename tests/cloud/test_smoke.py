"""`npm run smoke` passes on the deployed service, and says what differs on a broken one."""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from dev.clients import aws_client
from dev.cloud import HOST, Cloud
from dev.service import API_KEY, ROOT, STAGE
from tests.support.serving import serving

TIMEOUT_S = 120
# The first segments of the routes that have checks.
CHECKED = {
    *("", "assets", "clap-button.js", "claps", "docs", "hello", "items", "lucky_numbers"),
    *("openapi.json", "orders", "problems"),
}
HANG_UP = 0  # As a status: no response.


@dataclass
class Exchange:
    """A request, and the response to it, which a fault changes."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes


Fault = Callable[[Exchange], None]


class BreakingProxy(ThreadingHTTPServer):
    """A proxy of a cloud that changes responses."""

    daemon_threads = True

    def __init__(self, cloud: Cloud, fault: Fault) -> None:
        super().__init__((HOST, 0), BreakingHandler)
        self.target = urlsplit(cloud.url).netloc
        self.fault = fault
        self.url = f"http://{HOST}:{self.server_address[1]}"


class BreakingHandler(BaseHTTPRequestHandler):
    """Forwards a request, and responds with what the fault makes of the response."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: BreakingProxy

    def forward(self) -> None:
        """Handle a request of any method."""
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        connection = http.client.HTTPConnection(self.server.target, timeout=TIMEOUT_S)
        connection.request(self.command, self.path, sent, dict(self.headers.items()))
        received = connection.getresponse()
        headers = {name.lower(): value for name, value in received.getheaders()}
        body = received.read()
        connection.close()
        exchange = Exchange(self.command, self.path, received.status, headers, body)
        self.server.fault(exchange)
        if exchange.status == HANG_UP:
            self.close_connection = True
            return
        self.send_response(exchange.status)
        for name, value in exchange.headers.items():
            if name not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(exchange.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(exchange.body)

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = forward  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def broken(cloud: Cloud, fault: Fault) -> Iterator[dict[str, str]]:
    """Yield the settings of a cloud whose responses have a fault."""
    proxy = BreakingProxy(cloud, fault)
    with serving(proxy):
        yield cloud.settings() | {"AWS_ENDPOINT_URL": proxy.url}


def smoke(settings: dict[str, str], stage: str = STAGE) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "ops.smoke", "--stage", stage],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", **settings},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def differences(result: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed run says that differs."""
    assert result.returncode == 1, result.stdout
    assert API_KEY not in result.stdout + result.stderr
    lines = result.stdout.splitlines()
    return "\n".join(line for line in lines if line.startswith(("DIFFERS", " ")))


@pytest.fixture
def tables(cloud: Cloud, api_url: str) -> Callable[[], dict[str, int]]:
    """Return a function that counts the items of each table."""
    assert api_url
    dynamodb = aws_client(cloud, "dynamodb")

    def count() -> dict[str, int]:
        names = dynamodb.list_tables()["TableNames"]
        return {name: dynamodb.scan(TableName=name, Select="COUNT")["Count"] for name in names}

    return count


def test_the_deployed_service_passes_and_no_item_or_order_stays(
    cloud: Cloud, tables: Callable[[], dict[str, int]]
) -> None:
    before = tables()
    result = smoke(cloud.settings())
    assert result.returncode == 0, result.stdout + result.stderr
    assert "DIFFERS" not in result.stdout
    assert "ok       the order is processed" in result.stdout
    assert "ok       a request is logged" in result.stdout
    unchecked = re.findall(r"no check \w+ /([\w.-]*)", result.stdout)
    assert not CHECKED & {*unchecked}
    assert API_KEY not in result.stdout
    changed = {name for name, count in tables().items() if count != before[name]}
    assert not [name for name in changed if "-ItemsTable-" in name or "-OrdersTable-" in name]


@pytest.mark.usefixtures("api_url")
def test_a_lost_header_is_named_with_the_calls_that_lack_it(cloud: Cloud) -> None:
    def fault(exchange: Exchange) -> None:
        if exchange.method == "GET" and exchange.path.endswith("/hello?first_name=Ada"):
            exchange.headers.pop("access-control-allow-origin", None)

    with broken(cloud, fault) as settings:
        printed = differences(smoke(settings))
    assert printed.count("DIFFERS") == 1
    assert "hello greets (GET /hello?first_name=Ada)" in printed
    assert 'header access-control-allow-origin: expected "*", got none' in printed


@pytest.mark.usefixtures("api_url")
def test_a_wrong_status_is_named_with_the_expected_one(cloud: Cloud) -> None:
    def fault(exchange: Exchange) -> None:
        if (exchange.method, exchange.status) == ("PUT", 412):
            exchange.status = 200

    with broken(cloud, fault) as settings:
        printed = differences(smoke(settings))
    assert printed.count("DIFFERS") == 1
    assert "status: expected 412, got 200" in printed


@pytest.mark.usefixtures("api_url")
def test_errors_in_another_form_are_named(cloud: Cloud) -> None:
    def fault(exchange: Exchange) -> None:
        if exchange.path.endswith("/nonesuch"):
            exchange.headers["content-type"] = "application/json"
            exchange.body = b'{"message": "Missing Authentication Token"}'

    with broken(cloud, fault) as settings:
        printed = differences(smoke(settings))
    assert printed.count("DIFFERS") == 1
    assert 'first members: expected ["type", "title", "status", "detail", "instance"]' in printed
    assert 'expected "application/problem+json", got "application/json"' in printed


@pytest.mark.usefixtures("api_url")
def test_an_api_that_does_not_create_is_one_difference_and_not_a_traceback(
    cloud: Cloud, tables: Callable[[], dict[str, int]]
) -> None:
    def fault(exchange: Exchange) -> None:
        created = (exchange.method, exchange.status) == ("POST", 201)
        if created and exchange.path.endswith("/items"):
            exchange.status, exchange.body = 500, b""

    before = tables()
    with broken(cloud, fault) as settings:
        result = smoke(settings)
    assert "status: expected 201, got 500" in differences(result)
    assert "no check POST /orders\n" in result.stdout
    orders = {name: count for name, count in tables().items() if "OrdersTable" in name}
    assert orders.items() <= before.items()


@pytest.mark.usefixtures("api_url")
def test_an_api_that_does_not_respond_is_a_difference(cloud: Cloud) -> None:
    def fault(exchange: Exchange) -> None:
        if exchange.path.endswith("/claps"):
            exchange.status = HANG_UP

    with broken(cloud, fault) as settings:
        printed = differences(smoke(settings))
    assert "RemoteDisconnected" in printed


def test_a_mistyped_stage_is_an_error(cloud: Cloud, api_url: str) -> None:
    assert api_url
    result = smoke(cloud.settings(), "prodution")
    assert result.returncode == 1
    assert "There is no stack lucky-numbers-prodution in us-east-1." in result.stderr


def test_missing_credentials_are_an_error() -> None:
    result = smoke({"HOME": "/nonexistent"}, "production")
    assert result.returncode == 1
    assert "No AWS credentials: name an --aws-profile" in result.stderr


def test_the_stage_local_needs_this_machine_s_endpoint() -> None:
    result = smoke({}, STAGE)
    assert result.returncode == 1
    assert "The stage local exists only on this machine." in result.stderr
