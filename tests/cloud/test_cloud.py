"""The local cloud: its process, its log and its environment."""

import os
import signal
from pathlib import Path

import pytest

from dev.cloud import Cloud, CloudError
from dev.ports import any_free_port
from dev.serverless import serverless
from dev.service import ROOT


def test_a_port_that_another_cloud_uses_is_an_error() -> None:
    with (
        Cloud(any_free_port()) as first,
        pytest.raises(CloudError, match="already in use"),
        Cloud(first.port),
    ):
        pass


def test_a_cloud_that_is_killed_keeps_its_log_until_the_end() -> None:
    with Cloud(any_free_port()) as cloud:
        (pid,) = (
            int(path.name)
            for path in Path("/proc").glob("[0-9]*")
            if str(cloud.folder).encode() in (path / "cmdline").read_bytes()
        )
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        assert "Ready" in cloud.log.read_text()
    assert not cloud.folder.exists()


def test_requests_to_the_cloud_bypass_proxies(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    result = serverless(cloud, ROOT, "info", "--stage", "nowhere")
    assert "ECONNREFUSED" not in result.stdout + result.stderr
    assert "does not exist" in result.stdout + result.stderr
