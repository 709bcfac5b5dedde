"""What AWS's Python runtime has besides the standard library: that out of .venv, and no more."""

import hashlib
import os
import shutil
import sys
from importlib.metadata import files, version
from pathlib import Path

from dev.cloud import ROOT

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
SDK = ["boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"]
RUNTIME_CLIENT = ["awslambdaric", "simplejson", "snapshot-restore-py"]


def folder_of(names: list[str]) -> Path:
    """Return a folder of those distributions, for PYTHONPATH."""
    versions = " ".join([sys.implementation.cache_tag or "", *map(version, names), *names])
    digest = hashlib.sha256(versions.encode()).hexdigest()[:16]
    folder = ROOT / ".cache" / f"brought-{digest}"
    paths = [path for name in names for path in files(name) or []]
    tops = {Path(str(path.locate())).resolve() for path in paths if len(path.parts) == 1}
    tops |= {
        Path(str(path.locate())).resolve().parents[len(path.parts) - 2]
        for path in paths
        if len(path.parts) > 1 and ".." not in path.parts
    }
    if not folder.exists():
        making = folder.with_name(f"{folder.name}.{os.getpid()}")
        making.mkdir(parents=True)
        for top in tops:
            (making / top.name).symlink_to(top)
        try:
            making.rename(folder)
        except OSError:  # Another process was first.
            shutil.rmtree(making)
    return folder
