"""The environment variables of ministack, which functions inherit."""

import os
from pathlib import Path


def ministack_environment(
    host: str, port: int, region: str, folder: Path, state_folder: Path | None
) -> dict[str, str]:
    """Return settings for ministack, with only those variables of this machine that it needs."""
    return {
        **_persistence(state_folder),
        "AUTH": "true",  # Enforces IAM policies.
        "BIND_HOST": host,
        "GATEWAY_PORT": str(port),
        "HOME": str(folder),
        "IOT_MTLS_ENABLED": "0",  # This and SFTP would open ports of their own.
        "LANG": "en_US.UTF-8",
        "MINISTACK_REGION": region,
        "PATH": os.environ["PATH"],
        "SFTP_ENABLED": "0",
        "TMPDIR": str(folder),
        "TZ": "UTC",
    }


def _persistence(state_folder: Path | None) -> dict[str, str]:
    if not state_folder:
        return {}
    return {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_folder / "s3"),
    }
