"""What `npm start` prints once the service is deployed: its addresses, and the export line."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from dev.cloud import PROXY_SETTING, Cloud
from dev.service import API_ID, STAGE, describe_api


def greeting(cloud: Cloud) -> str:
    """Return the addresses of the service, and commands to try."""
    noproxy = " --noproxy '*'" if any(map(PROXY_SETTING.fullmatch, os.environ)) else ""
    return f"""{describe_api(cloud.api_url(API_ID, STAGE), f"curl{noproxy}")}
To point serverless and other AWS tools here (with --stage {STAGE}):

  {export_line(cloud)}

Saved changes are deployed. Ctrl-C stops everything.
"""


def export_line(cloud: Cloud) -> str:
    """Return the shell command that points AWS tools at a cloud."""
    settings = " ".join(f"{key}={value}" for key, value in sorted(cloud.settings().items()))
    return f"export {settings}"


@contextlib.contextmanager
def export_line_in_file(cloud: Cloud, folder: Path) -> Iterator[None]:
    """Keep the export line in a file, which plugins/destination.js reads, inside a `with` block.

    Only this user may read it, because the line has the secret.
    """
    path = folder / "exports"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(export_line(cloud) + "\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
