"""The environment variables that AWS's clients read."""

import os

import pytest


def set_aws(patch: pytest.MonkeyPatch, **settings: str) -> None:
    """Set these variables, a region and keys, and no other variable of AWS."""
    for name in os.environ:
        if name.startswith("AWS_"):
            patch.delenv(name)
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    for name, value in ({"AWS_REGION": "us-east-1"} | keys | settings).items():
        patch.setenv(name, value)
