"""`npm run audit`, with real pip-audit and npm, and a fake service of advisories."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dev.cloud import HOST
from dev.lock_files import LOCKS
from dev.service import ROOT
from tests.support.serving import serving

# Packages of this service, in OSV's form and in that of npm's registry.
PYDANTIC: dict[str, Any] = {
    "id": "GHSA-0000-0000-0000",
    "modified": "2026-01-01T00:00:00Z",
    "summary": "It is slow.",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "pydantic"}}],
}
ESBUILD: dict[str, Any] = {
    "id": 1,
    "url": "https://github.com/advisories/GHSA-0000-0000-0001",
    "title": "It is fast",
    "severity": "high",
    "vulnerable_versions": ">=0.0.1",
}


class Advisories(ThreadingHTTPServer):
    """A fake of OSV and of npm's registry, whose packages may be vulnerable."""

    is_vulnerable = False

    @property
    def url(self) -> str:
        """The base URL of both."""
        return f"http://{HOST}:{self.server_port}"

    def answer(self, query: Any) -> Any:
        """Return what is known about a package of PyPI, or about packages of npm."""
        if "package" in query:
            is_known = query["package"]["name"] == "pydantic"
            return {"vulns": [PYDANTIC]} if self.is_vulnerable and is_known else {}
        return {"esbuild": [ESBUILD]} if self.is_vulnerable and "esbuild" in query else {}


class _Handler(BaseHTTPRequestHandler):
    server: Advisories

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        is_compressed = self.headers["content-encoding"] == "gzip"
        query = json.loads(gzip.decompress(body) if is_compressed else body)
        answer = json.dumps(self.server.answer(query)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def advisories() -> Iterator[Advisories]:
    """Run a fake service of advisories."""
    server = Advisories((HOST, 0), _Handler)
    with serving(server):
        yield server


def audit(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the audit, which asks a service at this URL."""
    services = {"PIP_AUDIT_OSV_URL": f"{url}/v1/query", "npm_config_registry": url}
    return subprocess.run(
        [sys.executable, "-m", "dev.audit", *options],
        cwd=ROOT,
        env={**os.environ, **services, "npm_config_fetch_retries": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_known_vulnerability_the_status_is_0(advisories: Advisories) -> None:
    advisories.is_vulnerable = False
    result = audit(advisories.url, "--must-reach")
    assert (result.returncode, result.stdout) == (0, "No known vulnerability.\n"), result


def test_a_known_vulnerability_of_any_lock_file_is_named_and_the_status_is_1(
    advisories: Advisories,
) -> None:
    advisories.is_vulnerable = True
    result = audit(advisories.url)
    assert result.returncode == 1, result
    for lock in LOCKS:
        has_pydantic = "\npydantic==" in (ROOT / lock).read_text(encoding="utf-8")
        assert (f"{lock}: pydantic 2" in result.stdout) == has_pydantic
    assert "GHSA-0000-0000-0000" in result.stdout
    assert f"package-lock.json: esbuild: It is fast; {ESBUILD['url']}" in result.stdout


@pytest.mark.parametrize(("options", "status"), [([], 0), (["--must-reach"], 1)])
def test_a_service_that_cannot_be_reached_is_named(options: list[str], status: int) -> None:
    result = audit(f"http://{HOST}:9", *options)
    assert result.returncode == status, result
    for tool in ("pip-audit", "npm audit"):
        assert f"{tool} did not check everything, since it could not reach" in result.stdout
