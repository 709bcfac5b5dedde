"""A local AWS on loopback, in a process of its own that ends with its owner."""

import contextlib
import http.client
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from dev.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
LOOPBACK = {HOST, "localhost"}
REGION = "us-east-1"
START_TIMEOUT_S = 30
READY_INTERVAL_S = 0.05
STOP_TIMEOUT_S = 15
PROXY_SETTING = re.compile(r"(?i)((all|https?|no)_)?proxy")


class CloudError(Exception):
    """Raised when the local cloud cannot start, or when a deploy to it fails."""


class Cloud:
    """The local AWS, running between `with` and its end.

    What it holds is gone at its end, unless a folder keeps it for the next one.
    """

    def __init__(self, port: int, kept_in: Path | None = None, *, logs_calls: bool = False) -> None:
        self.port = port
        self.kept_in = kept_in
        self.url = f"http://{HOST}:{port}"
        self.folder = Path(tempfile.mkdtemp(prefix="lucky-numbers-cloud-"))
        self.log = self.folder / "cloud.log"
        self.reports = self.folder / "reports.jsonl"  # As dev/reports.py writes.
        self.reports.touch()
        self.calls_log = self.folder / "calls.log"  # JSON lines, as dev/call_log.py writes.
        self._logs_calls = logs_calls
        self._secret = secrets.token_hex(32)

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            # It ends with its standard input: when we close that, and when we are killed.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dev.cloud_process", str(self.folder)],
                cwd=ROOT,
                env=self._bare_environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us: we stop it in our own time.
            )
        try:
            self._tell_secret()
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
        """Whether the process is still there."""
        return self._process.poll() is None

    def environment(self) -> dict[str, str]:
        """Return our environment, with every AWS tool pointed at this cloud and no other."""
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("AWS_") and not PROXY_SETTING.fullmatch(key)
        }
        # serverless would ask a proxy for this cloud, whatever NO_PROXY says; pip may need one.
        if proxy := os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy"):
            environment.setdefault("PIP_PROXY", proxy)
        return {
            **environment,
            **self.settings(),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SLS_AWS_MONITORING_FREQUENCY": "200",  # Milliseconds between looks at a deploy.
        }

    def settings(self) -> dict[str, str]:
        """Return what points an AWS tool at this cloud."""
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_DEFAULT_REGION": REGION,  # The AWS CLI and boto3 read this one.
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_SECRET_ACCESS_KEY": self._secret,
        }

    @property
    def token(self) -> dict[str, str]:
        """The header for requests to ministack's own routes, which no AWS tool signs."""
        return {"authorization": f"Bearer {self._secret}"}

    def last_words(self) -> str:
        """Return the end of its log."""
        return self.log.read_text()[-2000:]

    def api_url(self, api_id: str, stage: str) -> str:
        """Return where that stage of that API answers, by a path that needs no name resolution."""
        return f"{self.url}/_aws/execute-api/{api_id}/{stage}"

    def _tell_secret(self) -> None:
        # Not by the environment, which functions inherit.
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{self._secret}\n".encode())
            self._process.stdin.flush()

    def _wait_until_ready(self) -> None:
        def is_ready() -> bool:
            if not self.is_running:
                raise CloudError(self._describe_failed_start())
            return self._answers()

        try:
            wait_until(
                is_ready, self.last_words, timeout_s=START_TIMEOUT_S, interval_s=READY_INTERVAL_S
            )
        except TimeoutError as error:
            raise CloudError(self._describe_failed_start()) from error

    def _describe_failed_start(self) -> str:
        return f"The local cloud did not start on port {self.port}:\n{self.last_words()}"

    def _bare_environment(self) -> dict[str, str]:
        """Return what functions may see of this machine: as little as on Lambda."""
        return {
            **self._persistence(),
            "AUTH": "true",  # Each role may do what it names, and no more.
            "BIND_HOST": HOST,
            **({"CALLS_LOG": str(self.calls_log)} if self._logs_calls else {}),
            "GATEWAY_PORT": str(self.port),
            "HOME": str(self.folder),
            "LANG": "en_US.UTF-8",
            "IOT_MTLS_ENABLED": "0",  # It would listen on another port.
            "MINISTACK_REGION": REGION,
            "SFTP_ENABLED": "0",  # So would that.
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.folder),
            "TZ": "UTC",
        }

    def _persistence(self) -> dict[str, str]:
        """Return the settings by which ministack keeps its state in `kept_in`."""
        if not self.kept_in:
            return {}
        return {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.kept_in / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.kept_in / "s3"),
        }

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            # Another cloud on that port would refuse the token.
            connection.request("GET", "/_ministack/health", headers=self.token)
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def is_free(port: int) -> bool:
    """Whether nothing listens on that port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def any_free_port() -> int:
    """Return a port that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def base_python() -> str:
    """Return the interpreter that .venv was made from: it has none of the project's packages."""
    base: str = sys._base_executable  # type: ignore[attr-defined]  # noqa: SLF001
    return base


def serverless(cloud: Cloud, service: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real `serverless` on a service against that cloud, and return what it printed."""
    return subprocess.run(
        [service / "node_modules/.bin/serverless", *arguments],
        cwd=service,
        env=cloud.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
