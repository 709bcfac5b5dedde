"""The `serverless` command, run against a local cloud."""

import subprocess
from pathlib import Path

from dev.cloud import Cloud


def serverless(cloud: Cloud, service: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `serverless` in the folder of a service, and return its exit status and output."""
    return subprocess.run(
        [service / "node_modules/.bin/serverless", *arguments],
        cwd=service,
        env=cloud.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
