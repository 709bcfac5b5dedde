"""A local AWS on the loopback interface, in a process that ends with its owner."""

import contextlib
import http.client
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from dev.ministack_environment import ministack_environment
from dev.service import ROOT, SERVICE
from dev.waiting import wait_until

HOST = "127.0.0.1"
LOOPBACK = {HOST, "localhost"}
REGION = "us-east-1"
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 15
POLL_INTERVAL_S = 0.05
PROXY_SETTING = re.compile(r"(?i)((all|https?|no)_)?proxy")


class CloudError(Exception):
    """Raised when the local cloud does not start, or stops by itself."""


class Cloud:
    """A local AWS that runs inside a `with` block.

        with Cloud(any_free_port()) as cloud:
            serverless(cloud, ROOT, "deploy")

    Its tables, queues and functions are deleted at the end, unless `state_folder` is given: the
    next cloud with that folder then starts with them.
    """

    def __init__(
        self, port: int, state_folder: Path | None = None, *, logs_calls: bool = False
    ) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"{SERVICE}-cloud-"))
        self.log = self.folder / "cloud.log"
        self.reports = self.folder / "reports.jsonl"  # Written by dev/reports.py.
        self.reports.touch()
        self.calls_log = self.folder / "calls.jsonl"  # Written by dev/call_log.py.
        self._state_folder = state_folder
        self._logs_calls = logs_calls
        self._secret = secrets.token_hex(32)

    def __enter__(self) -> Self:
        log_calls = ["--log-calls", str(self.calls_log)] if self._logs_calls else []
        with self.log.open("wb") as log:
            # It ends with its standard input: when this process closes that, or is killed.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dev.cloud_process", str(self.folder), *log_calls],
                cwd=ROOT,
                env=ministack_environment(HOST, self.port, REGION, self.folder, self._state_folder),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C does not reach it: `__exit__` stops it.
            )
        try:
            self._send_secret()
            self._wait_until_ready()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The id of its process, whose children run the functions."""
        return self._process.pid

    @property
    def authorization(self) -> dict[str, str]:
        """The header for ministack's own routes, such as /_ministack/health.

        AWS tools do not call these. They sign their requests instead.
        """
        return {"authorization": f"Bearer {self._secret}"}

    def settings(self) -> dict[str, str]:
        """Return the environment variables that point AWS tools at this cloud."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_DEFAULT_REGION": REGION,  # The AWS CLI and boto3 read this one.
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_SECRET_ACCESS_KEY": self._secret,
        }

    def environment(self) -> dict[str, str]:
        """Return this process's environment, changed so that AWS tools reach only this cloud."""
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("AWS_") and not PROXY_SETTING.fullmatch(key)
        }
        # serverless would send its requests to the proxy, whatever NO_PROXY says. pip may need it.
        if proxy := os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"):
            environment.setdefault("PIP_PROXY", proxy)
        return {
            **environment,
            **self.settings(),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SLS_AWS_MONITORING_FREQUENCY": "200",  # Milliseconds between polls of a deploy.
        }

    def api_url(self, api_id: str, stage: str) -> str:
        """Return the URL of a stage of an API in this cloud."""
        return local_api_url(self.port, api_id, stage)

    def log_tail(self) -> str:
        """Return the last 2,000 characters of the log."""
        return self.log.read_text()[-2000:]

    def _send_secret(self) -> None:
        # By standard input, because functions inherit the environment.
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{self._secret}\n".encode())
            self._process.stdin.flush()

    def _wait_until_ready(self) -> None:
        try:
            wait_until(
                lambda: not self.is_running or self._is_ready(),
                self.log_tail,
                timeout_s=START_TIMEOUT_S,
                interval_s=POLL_INTERVAL_S,
            )
        except TimeoutError as error:
            raise CloudError(f"The local cloud did not start: {error}") from error
        if not self.is_running:
            raise CloudError(
                f"The local cloud did not start on port {self.port}:\n{self.log_tail()}"
            )

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            # Another cloud on that port would refuse the secret.
            connection.request("GET", "/_ministack/health", headers=self.authorization)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def local_api_url(port: int, api_id: str, stage: str) -> str:
    """Return the URL of a stage of an API. Unlike AWS's form, it needs no name resolution."""
    return f"http://{HOST}:{port}/_aws/execute-api/{api_id}/{stage}"
