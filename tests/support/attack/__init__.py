"""Attacks a service with the requests that schemathesis makes from openapi.json.

https://schemathesis.readthedocs.io
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dev.cloud import Cloud
from dev.openapi.__main__ import DOCUMENT
from dev.ports import any_free_port
from dev.service import API_ID, API_KEY, ROOT, STAGE
from dev.service_copy import ServiceCopy

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@contextmanager
def deployed_service() -> Iterator[str]:
    """Deploy the service to a cloud of its own, and return its URL.

    An attack fills the tables, which would slow down or disturb other tests.
    """
    with TemporaryDirectory() as folder, Cloud(any_free_port()) as cloud:
        ServiceCopy(Path(folder)).run(cloud, "deploy")
        yield cloud.api_url(API_ID, STAGE)


def attack(url: str, *options: str, shows: bool = False) -> subprocess.CompletedProcess[str]:
    """Attack the service at a URL, with options of `schemathesis run`.

    Its output is returned, or shown at once. Its status is 1 if the service broke a promise.
    """
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    return subprocess.run(
        [*command, "run", str(DOCUMENT), "--url", url, *options],
        cwd=ROOT,  # From which the configuration names the hooks.
        env={"API_KEY": API_KEY, "COLUMNS": "100", "PYTHONUTF8": "1"},  # No proxy.
        stdin=subprocess.DEVNULL,
        capture_output=not shows,
        text=True,
        check=False,
    )
